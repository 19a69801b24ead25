#include "harness.h"
#include "winograd_matrices.h"

// Tests of the transforms of Winograd's method, and of the folding of kernels, which has their
// form: a matrix times a square of values times a matrix.

enum { LARGEST_SIDE = 8 };

// A square of values, or of what a transform makes of one.
typedef double square[LARGEST_SIDE][LARGEST_SIDE];

// rows * values * columns^T, and the same of absolute values, which errors are relative to.
static void transform(matrix rows, matrix columns, square values, square result,
                      square magnitudes) {
  square half, half_magnitudes;
  for (size_t y = 0; y < rows.rows; y++)
    for (size_t x = 0; x < columns.columns; x++) {
      half[y][x] = half_magnitudes[y][x] = 0;
      for (size_t i = 0; i < rows.columns; i++) {
        const double term = rows.values[y * rows.columns + i] * values[i][x];
        half[y][x] += term;
        half_magnitudes[y][x] += fabs(term);
      }
    }
  for (size_t y = 0; y < rows.rows; y++)
    for (size_t x = 0; x < columns.rows; x++) {
      result[y][x] = magnitudes[y][x] = 0;
      for (size_t i = 0; i < columns.columns; i++) {
        const double factor = columns.values[x * columns.columns + i];
        result[y][x] += half[y][i] * factor;
        magnitudes[y][x] += half_magnitudes[y][i] * fabs(factor);
      }
    }
}

// The most roundings that a value goes through in one dimension of a transform, counted in the
// kernels: additions, multiplications by what is no power of two, and rounded constants.
enum { INPUT_ROUNDINGS = 3, KERNEL_ROUNDINGS = 4, OUTPUT_ROUNDINGS = 4, FOLD_ROUNDINGS = 3 };

// A^T [(G g) * (B^T d)] is the convolution of d with g: for each one value of d and of g it is 1
// where they meet, and 0 elsewhere.
static void test_matrices(suite *suite, const winograd_twin *twin) {
  describe(suite, "the matrices of %s", twin->name);
  const matrix a = twin->output, g = twin->kernel, b = twin->input;
  for (size_t output = 0; output < a.rows; output++)
    for (size_t i = 0; i < b.columns; i++)
      for (size_t j = 0; j < g.columns; j++) {
        double sum = 0, magnitude = 0;
        for (size_t t = 0; t < b.rows; t++) {
          const double term = a.values[output * a.columns + t] * g.values[t * g.columns + j]
              * b.values[t * b.columns + i];
          sum += term;
          magnitude += fabs(term);
        }
        // The fractions of G, the two products and the sum are rounded to f64.
        const double bound = (double)(3 + b.rows) * 0x1p-53 * magnitude;
        check(suite, fabs(sum - (i == output + j)) <= bound, "they do not convolve");
      }
}

static void test_kernels(suite *suite, vck_winograd_form form, size_t channels, size_t outputs) {
  const vck_winograd *winograd = &suite->kernels->winograd[form];
  const winograd_twin *twin = &winograd_twins[form];
  describe(suite, "kernels of %s, channels %zu, outputs %zu", twin->name, channels, outputs);
  const size_t panel = 2 * suite->kernels->lanes, r = twin->kernel.columns, points = twin->kernel.rows;
  const size_t point_stride = channels * panel + 5;
  buffer src = buffer_new(suite, outputs * channels * r * r, 1);
  buffer dst = buffer_new(suite, points * points * point_stride, 1);
  for (size_t place = 0; place < channels * panel; place++) {
    const size_t c = place / panel, k = place % panel;
    square values, result, magnitudes;
    for (size_t i = 0; i < r * r; i++)
      values[i / r][i % r] = k < outputs ? src.before[(k * channels + c) * r * r + i] : 0;
    transform(twin->kernel, twin->kernel, values, result, magnitudes);
    for (size_t t = 0; t < points * points; t++)
      expect(&dst, t * point_stride + place, result[t / points][t % points],
             roundings(2 * KERNEL_ROUNDINGS, magnitudes[t / points][t % points]));
  }
  winograd->kernels(dst.values, src.values, channels, outputs, point_stride);
  buffer_end(suite, &src, "src");
  buffer_end(suite, &dst, "dst");
}

static void test_input(suite *suite, vck_winograd_form form, size_t tiles, size_t channels) {
  const vck_winograd *winograd = &suite->kernels->winograd[form];
  const winograd_twin *twin = &winograd_twins[form];
  describe(suite, "input of %s, tiles %zu, channels %zu", twin->name, tiles, channels);
  const size_t points = twin->input.rows, m = twin->output.rows, beyond = suite->kernels->lanes - 1;
  const size_t pixel_stride = channels + 1, row_stride = (tiles * m + points) * pixel_stride + 3;
  const size_t tile_stride = channels + beyond + 2, point_stride = tiles * tile_stride + 5;
  buffer src = buffer_new(suite, points * row_stride + beyond, 1);
  buffer dst = buffer_new(suite, points * points * point_stride, 1);
  for (size_t place = 0; place < tiles * channels; place++) {
    const size_t tile = place / channels, c = place % channels;
    square values, result, magnitudes;
    for (size_t i = 0; i < points * points; i++)
      values[i / points][i % points] = src.before[i / points * row_stride
                                              + (tile * m + i % points) * pixel_stride + c];
    transform(twin->input, twin->input, values, result, magnitudes);
    for (size_t t = 0; t < points * points; t++)
      expect(&dst, t * point_stride + tile * tile_stride + c, result[t / points][t % points],
             roundings(2 * INPUT_ROUNDINGS, magnitudes[t / points][t % points]));
  }
  for (size_t t = 0; t < points * points; t++)
    for (size_t tile = 0; tile < tiles; tile++)
      expect_anything(&dst, t * point_stride + tile * tile_stride + channels, beyond);
  winograd->input(dst.values, point_stride, tile_stride, src.values, row_stride, pixel_stride, tiles,
                  channels);
  buffer_end(suite, &src, "src");
  buffer_end(suite, &dst, "dst");
}

// Where the residual of an output comes from.
typedef enum { RESIDUAL_NONE, RESIDUAL_APART, RESIDUAL_IN_PLACE, RESIDUAL_COUNT } residual_place;

static void test_output(suite *suite, vck_winograd_form form, size_t rows, size_t columns,
                        size_t outputs, residual_place place) {
  const vck_winograd *winograd = &suite->kernels->winograd[form];
  const winograd_twin *twin = &winograd_twins[form];
  describe(suite, "output of %s, %zu x %zu pixels, outputs %zu, residual %d", twin->name, rows,
           columns, outputs, place);
  const size_t points = twin->input.rows, m_size = twin->output.rows;
  const size_t pixel_stride = outputs + 2, row_stride = m_size * pixel_stride + 3;
  const size_t point_stride = outputs + suite->kernels->lanes - 1;
  buffer m = buffer_new(suite, points * points * point_stride, 1);
  buffer dst = buffer_new(suite, m_size * row_stride, 1);
  buffer residual = buffer_new(suite, m_size * row_stride, 1);
  const buffer *added = place == RESIDUAL_APART ? &residual : &dst;
  for (size_t k = 0; k < outputs; k++) {
    square values, result, magnitudes;
    for (size_t t = 0; t < points * points; t++)
      values[t / points][t % points] = m.before[t * point_stride + k];
    transform(twin->output, twin->output, values, result, magnitudes);
    for (size_t y = 0; y < rows; y++)
      for (size_t x = 0; x < columns; x++) {
        const size_t index = y * row_stride + x * pixel_stride + k;
        const double summand = place == RESIDUAL_NONE ? 0 : added->before[index];
        expect(&dst, index, result[y][x] + summand,
               roundings(2 * OUTPUT_ROUNDINGS + 1, magnitudes[y][x] + fabs(summand)));
      }
  }
  winograd->output(dst.values, place == RESIDUAL_NONE ? NULL : added->values, row_stride,
                   pixel_stride, rows, columns, m.values, point_stride, outputs);
  buffer_end(suite, &m, "m");
  buffer_end(suite, &dst, "dst");
  buffer_end(suite, &residual, "residual");
}

static void test_form(suite *suite, vck_winograd_form form) {
  const winograd_twin *twin = &winograd_twins[form];
  const size_t tile = twin->output.rows;
  describe(suite, "%s", twin->name);
  check(suite, suite->kernels->winograd[form].tile == tile, "tile has another size");
  check(suite, suite->kernels->winograd[form].kernel == twin->kernel.columns,
        "kernel has another size");
  test_matrices(suite, twin);
  for (size_t i = 0; i < SIZE_COUNT; i++) {
    for (size_t outputs = 0; outputs <= 2 * suite->kernels->lanes; outputs++)
      test_kernels(suite, form, sizes[i], outputs);
    for (size_t tiles = 0; tiles <= 3; tiles++) test_input(suite, form, tiles, sizes[i]);
    for (size_t pixels = 0; pixels < (tile + 1) * (tile + 1); pixels++)
      for (residual_place place = RESIDUAL_NONE; place < RESIDUAL_COUNT; place++)
        test_output(suite, form, pixels / (tile + 1), pixels % (tile + 1), sizes[i], place);
  }
}

// A^T or G transposed, in `values`.
static matrix transposed(matrix m, double *values) {
  for (size_t i = 0; i < m.rows * m.columns; i++)
    values[i % m.columns * m.rows + i / m.columns] = m.values[i];
  return (matrix){m.columns, m.rows, values};
}

static void test_winograd_gradient(suite *suite, size_t rows, size_t columns, size_t channels) {
  describe(suite, "winograd_gradient, %zu x %zu pixels, channels %zu", rows, columns, channels);
  double values[24];
  const matrix a = transposed(winograd_twins[VCK_WINOGRAD_4_3].output, values);
  const size_t tiles = (columns + 3) / 4, row_stride = columns * channels + 3;
  const size_t tile_stride = channels + 2, point_stride = tiles * tile_stride + 5;
  buffer src = buffer_new(suite, rows * row_stride, 1);
  buffer dst = buffer_new(suite, 36 * point_stride, 1);
  for (size_t place = 0; place < tiles * channels; place++) {
    const size_t tile = place / channels, c = place % channels;
    square pixels, result, magnitudes;
    for (size_t i = 0; i < 16; i++) {
      const size_t y = i / 4, x = 4 * tile + i % 4;
      pixels[y][i % 4] =
          y < rows && x < columns ? src.before[y * row_stride + x * channels + c] : 0;
    }
    transform(a, a, pixels, result, magnitudes);
    for (size_t t = 0; t < 36; t++)
      expect(&dst, t * point_stride + tile * tile_stride + c, result[t / 6][t % 6],
             roundings(2 * OUTPUT_ROUNDINGS, magnitudes[t / 6][t % 6]));
  }
  suite->kernels->winograd_gradient(dst.values, point_stride, tile_stride, src.values, row_stride,
                                    rows, columns, tiles, channels);
  buffer_end(suite, &src, "src");
  buffer_end(suite, &dst, "dst");
}

static void test_winograd_kernel_gradient(suite *suite, size_t channels) {
  describe(suite, "winograd_kernel_gradient, channels %zu", channels);
  double values[18];
  const matrix g = transposed(winograd_twins[VCK_WINOGRAD_4_3].kernel, values);
  const size_t point_stride = channels + 5;
  buffer src = buffer_new(suite, 36 * point_stride, 1), dst = buffer_new(suite, 9 * channels, 1);
  for (size_t c = 0; c < channels; c++) {
    square points, result, magnitudes;
    for (size_t t = 0; t < 36; t++) points[t / 6][t % 6] = src.before[t * point_stride + c];
    transform(g, g, points, result, magnitudes);
    for (size_t i = 0; i < 9; i++)
      expect(&dst, i * channels + c, result[i / 3][i % 3],
             roundings(2 * (KERNEL_ROUNDINGS + 2), magnitudes[i / 3][i % 3]));
  }
  suite->kernels->winograd_kernel_gradient(dst.values, src.values, channels, point_stride);
  buffer_end(suite, &src, "src");
  buffer_end(suite, &dst, "dst");
}

static void test_fold_kernels(suite *suite, size_t count) {
  describe(suite, "fold_kernels, count %zu", count);
  buffer src = buffer_new(suite, 9 * count, 1), dst = buffer_new(suite, 4 * count, 1);
  buffer rows = buffer_new(suite, 6, 2), columns = buffer_new(suite, 6, 2);
  double row_values[6], column_values[6];
  for (size_t i = 0; i < 6; i++) {
    row_values[i] = rows.before[i];
    column_values[i] = columns.before[i];
  }
  for (size_t number = 0; number < count; number++) {
    square values, result, magnitudes;
    for (size_t i = 0; i < 9; i++) values[i / 3][i % 3] = src.before[9 * number + i];
    transform((matrix){2, 3, row_values}, (matrix){2, 3, column_values}, values, result,
              magnitudes);
    for (size_t i = 0; i < 4; i++)
      expect(&dst, 4 * number + i, result[i / 2][i % 2],
             roundings(2 * FOLD_ROUNDINGS, magnitudes[i / 2][i % 2]));
  }
  suite->kernels->fold_kernels(dst.values, src.values, count, rows.values, columns.values);
  buffer_end(suite, &src, "src");
  buffer_end(suite, &dst, "dst");
  buffer_end(suite, &rows, "rows");
  buffer_end(suite, &columns, "columns");
}

void test_winograd(suite *suite) {
  for (vck_winograd_form form = 0; form < VCK_WINOGRAD_COUNT; form++) test_form(suite, form);
  for (size_t vectors = 0; vectors <= 3; vectors++) {
    test_winograd_kernel_gradient(suite, vectors * suite->kernels->lanes);
    for (size_t pixels = 0; pixels < 50; pixels++)
      test_winograd_gradient(suite, pixels % 5, pixels / 5, vectors * suite->kernels->lanes);
  }
  for (size_t i = 0; i < SIZE_COUNT; i++) test_fold_kernels(suite, sizes[i]);
}
