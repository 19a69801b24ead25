#include "harness.h"

// Tests of the packing of right sides, and of the multiplications with them.

static void test_pack_panel(suite *suite, size_t channels, size_t outputs) {
  describe(suite, "%s, pack_panel, channels %zu, outputs %zu", suite->matrix->name, channels, outputs);
  const size_t panel = suite->matrix->nr;
  buffer src = buffer_new(suite, outputs * channels, 1);
  buffer dst = buffer_new(suite, channels * panel, 1);
  for (size_t i = 0; i < channels * panel; i++) {
    const size_t c = i / panel, k = i % panel;
    expect(&dst, i, k < outputs ? src.before[k * channels + c] : 0, 0);
  }
  suite->matrix->pack_panel(dst.values, src.values, channels, outputs);
  buffer_end(suite, &src, "src");
  buffer_end(suite, &dst, "dst");
}

static void test_pack_rows(suite *suite, size_t rows, size_t columns, size_t gap) {
  describe(suite, "%s, pack_rows, rows %zu, columns %zu, gap %zu", suite->matrix->name, rows, columns,
           gap);
  const size_t panel = suite->matrix->nr, panels = (columns + panel - 1) / panel;
  const size_t dst_stride = rows * panel + gap;
  buffer src = buffer_new(suite, rows * columns, 1);
  buffer dst = buffer_new(suite, panels * dst_stride, 1);
  for (size_t r = 0; r < rows; r++)
    for (size_t k = 0; k < panels * panel; k++)
      expect(&dst, k / panel * dst_stride + r * panel + k % panel,
             k < columns ? src.before[r * columns + k] : 0, 0);
  suite->matrix->pack_rows(dst.values, dst_stride, src.values, rows, columns);
  buffer_end(suite, &src, "src");
  buffer_end(suite, &dst, "dst");
}

// What a sum of products is, and how large its terms are together.
typedef struct {
  double value;
  double magnitude;
} dot;

static void add_product(dot *sum, double left, double right) {
  sum->value += left * right;
  sum->magnitude += fabs(left * right);
}

// A term is rounded as a product, in each addition whatever their order, and with the old value.
static void expect_dot(buffer *m, size_t index, dot sum, size_t terms, int accumulates) {
  if (accumulates) add_product(&sum, m->before[index], 1);
  expect(m, index, sum.value, roundings(terms + 1 + (accumulates != 0), sum.magnitude));
}

// The sizes and strides of one multiplication.
typedef struct {
  size_t rows;
  size_t channels;
  size_t columns;
  size_t m_stride;
  size_t v_stride;
  size_t u_stride;
  int accumulates;
  int is_turned;
} product;

static void describe_product(suite *suite, product p) {
  describe(suite,
           "%s, rows %zu, channels %zu, columns %zu, strides %zu %zu %zu, accumulates %d, turned %d",
           suite->matrix->name, p.rows, p.channels, p.columns, p.m_stride, p.v_stride, p.u_stride,
           p.accumulates, p.is_turned);
}

// The floats that `rows` rows of `columns` take, `stride` apart; rows may overlap.
static size_t extent(size_t rows, size_t stride, size_t columns) {
  return rows ? (rows - 1) * stride + columns : 0;
}

static void test_multiply(suite *suite, product p) {
  describe_product(suite, p);
  const size_t panel = suite->matrix->nr, panels = p.columns / panel;
  const size_t at_once = suite->matrix->mr;
  const size_t room = (p.rows + at_once - 1) / at_once * at_once;
  buffer m = buffer_new(suite, extent(room, p.m_stride, p.columns), 1);
  buffer v = buffer_new(suite, p.is_turned ? extent(p.channels, p.v_stride, room)
                                           : extent(room, p.v_stride, p.channels), 1);
  buffer u = buffer_new(suite, extent(panels, p.u_stride, p.channels * panel), 1);
  for (size_t i = 0; i < p.rows; i++)
    for (size_t k = 0; k < p.columns; k++) {
      dot sum = {0, 0};
      for (size_t c = 0; c < p.channels; c++)
        add_product(&sum, v.before[p.is_turned ? c * p.v_stride + i : i * p.v_stride + c],
                    u.before[k / panel * p.u_stride + c * panel + k % panel]);
      expect_dot(&m, i * p.m_stride + k, sum, p.channels, p.accumulates);
    }
  for (size_t i = p.rows; i < room; i++) expect_anything(&m, i * p.m_stride, p.columns);
  (p.is_turned ? suite->matrix->multiply_turned : suite->matrix->multiply)(
      m.values, p.m_stride, v.values, p.v_stride, u.values, p.u_stride, p.rows, p.channels, panels,
      p.accumulates);
  buffer_end(suite, &m, "m");
  buffer_end(suite, &v, "v");
  buffer_end(suite, &u, "u");
}

// The multiplication of `rows` rows: rows apart, close together, and one inside the other as those of
// neighbouring pixels are.
static void test_products(suite *suite, size_t rows, size_t channels) {
  const size_t v_strides[] = {channels + 3, channels, (channels + 1) / 2};
  const size_t panel = suite->matrix->nr, most = panel > 1 ? 3 : 9;
  for (size_t option = 0; option < 6; option++) {
    const int accumulates = option % 2 != 0;
    const size_t v_stride = v_strides[option / 2], gap = option;
    for (size_t panels = 0; panels <= most; panels++) {
      product p = {rows, channels, panels * panel, panels * panel + gap, v_stride,
                   channels * panel + gap, accumulates, 0};
      test_multiply(suite, p);
      if (!suite->matrix->multiply_turned || option > 1) continue;
      p.v_stride = (rows + suite->matrix->mr - 1) / suite->matrix->mr * suite->matrix->mr + gap;
      p.is_turned = 1;
      test_multiply(suite, p);
    }
  }
}

static void test_store_rows(suite *suite, size_t rows, size_t columns, size_t gap,
                            int accumulates) {
  describe(suite, "store_rows, rows %zu, columns %zu, gap %zu, accumulates %d", rows, columns, gap,
           accumulates);
  const size_t src_stride = columns + gap;
  buffer src = buffer_new(suite, rows * src_stride, 1);
  buffer dst = buffer_new(suite, rows * columns, 1);
  for (size_t i = 0; i < rows * columns; i++) {
    const double value = src.before[i / columns * src_stride + i % columns];
    const double sum = value + (accumulates ? dst.before[i] : 0);
    expect(&dst, i, sum, accumulates ? roundings(1, fabs(sum)) : 0);
  }
  suite->kernels->store_rows(dst.values, src.values, rows, columns, src_stride, accumulates);
  buffer_end(suite, &src, "src");
  buffer_end(suite, &dst, "dst");
}

// Each of the twelve chains is x_n = factor^n x_0 + factor (1 - factor^n) / (1 - factor). What they
// start from shows in the result of no steps.
static void test_multiply_add_chains(suite *suite, size_t count) {
  describe(suite, "multiply_add_chains, count %zu", count);
  const float factor = 0.75f;
  const double start = suite->kernels->multiply_add_chains(0, factor);
  const double power = pow(factor, (double)count);
  const double expected = power * start + 12 * factor * (1 - power) / (1 - factor);
  const double found = suite->kernels->multiply_add_chains(count, factor);
  // Each step rounds twice and takes a quarter of the error before it: together no more than 4
  // steps' roundings. Then come the 11 additions, of this result and of the first one.
  const double bound = roundings(8 + 11, fabs(start) + 12 * 3) + roundings(11, fabs(start));
  check(suite, fabs(found - expected) <= bound, "the chains have another sum");
}

// The kernels of one multiplication.
static void test_matrix(suite *suite) {
  for (size_t i = 0; i < SIZE_COUNT; i++) {
    for (size_t outputs = 0; outputs <= suite->matrix->nr; outputs++)
      test_pack_panel(suite, sizes[i], outputs);
    for (size_t rows = 0; rows <= 3; rows++)
      for (size_t gap = 0; gap <= 5; gap += 5) test_pack_rows(suite, rows, sizes[i], gap);
    for (size_t j = 0; j < SIZE_COUNT; j++) test_products(suite, sizes[i], sizes[j]);
  }
}

void test_multiplication(suite *suite) {
  for (const vck_matrix_kernel *const *next = vck_matrix_kernels(); *next; next++) {
    suite->matrix = *next;
    if (suite->matrix->features == suite->kernels->features) test_matrix(suite);
  }
  for (size_t i = 0; i < SIZE_COUNT; i++) {
    for (size_t rows = 0; rows <= 3; rows++)
      for (size_t gap = 0; gap <= 5; gap += 5) {
        test_store_rows(suite, rows, sizes[i], gap, 0);
        test_store_rows(suite, rows, sizes[i], gap, 1);
      }
    test_multiply_add_chains(suite, sizes[i]);
  }
}
