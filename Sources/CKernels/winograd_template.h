// Winograd's minimal filtering F(m x m, r x r): m x m outputs of an r x r convolution for
// (m + r - 1)^2 multiplications instead of (m r)^2. Included by kernels_template.h after
// matrix_template.h. What each kernel computes is said in CKernels.h.
//
// The outputs of one dimension are A^T [(G g) * (B^T d)] for inputs d and a kernel g. The matrices are
// those of Cook and Toom for the interpolation points below; rows are scaled to small numbers, and
// reciprocal pairs of points keep the transforms close to 1, and with them the rounding errors small.
//
// - Winograd, "Arithmetic Complexity of Computations", 1980; Lavin and Gray, "Fast Algorithms for
//   Convolutional Neural Networks", 2016.

// A transform of one dimension.
typedef void (*VCK_NAME(transform))(VECTOR *restrict r, const VECTOR *restrict x);

#define TRANSFORM(name)                                                          \
  static inline __attribute__((always_inline)) void VCK_NAME(name)(              \
      VECTOR *restrict r, const VECTOR *restrict x)

// F(4, 2), points 0, 1, -1, 1/2 and infinity:
//
//   B^T = [1 -2  -1    2  0]   G = [  1    0 ]   A^T = [1 1  1  1  0]
//         [0 -1/2 1/2  1  0]       [  1    1 ]         [0 1 -1 1/2 0]
//         [0 1/2 -3/2  1  0]       [-1/3  1/3]         [0 1  1 1/4 0]
//         [0 -1   0    1  0]       [-8/3 -4/3]         [0 1 -1 1/8 1]
//         [0 1/2 -1  -1/2 1]       [  0    1 ]

TRANSFORM(input_4_2) {
  const VECTOR odd = x[3] - x[1];
  r[0] = x[0] - x[2] + 2.0f * odd;
  r[1] = x[3] + 0.5f * (x[2] - x[1]);
  r[2] = x[3] + 0.5f * x[1] - 1.5f * x[2];
  r[3] = odd;
  r[4] = x[4] - x[2] - 0.5f * odd;
}

TRANSFORM(kernel_4_2) {
  r[0] = x[0];
  r[1] = x[0] + x[1];
  r[2] = (x[1] - x[0]) * (1.0f / 3);
  r[3] = (2.0f * x[0] + x[1]) * (-4.0f / 3);
  r[4] = x[1];
}

TRANSFORM(output_4_2) {
  const VECTOR sum = x[1] + x[2], difference = x[1] - x[2];
  r[0] = x[0] + sum + x[3];
  r[1] = difference + 0.5f * x[3];
  r[2] = sum + 0.25f * x[3];
  r[3] = difference + 0.125f * x[3] + x[4];
}

// F(4, 3), points 0, 1, -1, 1/2, -2 and infinity:
//
//   B^T = [1 -3/2 -2 3/2 1 0]   G = [   1     0     0  ]   A^T = [1 1  1  1   1 0]
//         [0 -1  1/2 5/2 1 0]       [  1/3   1/3   1/3 ]         [0 1 -1 1/2 -2 0]
//         [0  1 -5/2 1/2 1 0]       [ -1/3   1/3  -1/3 ]         [0 1  1 1/4  4 0]
//         [0 -2  -1   2  1 0]       [-16/15 -8/15 -4/15]         [0 1 -1 1/8 -8 1]
//         [0 1/2 -1 -1/2 1 0]       [ 1/15  -2/15  4/15]
//         [0  1 -3/2 -2 3/2 1]      [   0     0     1  ]

TRANSFORM(input_4_3) {
  const VECTOR even = x[4] - x[2], odd = x[3] - x[1];
  r[0] = x[0] + x[4] - 2.0f * x[2] + 1.5f * odd;
  r[1] = x[4] - x[1] + 0.5f * x[2] + 2.5f * x[3];
  r[2] = x[4] + x[1] + 0.5f * x[3] - 2.5f * x[2];
  r[3] = even + 2.0f * odd;
  r[4] = even - 0.5f * odd;
  r[5] = x[1] + x[5] - 2.0f * x[3] + 1.5f * even;
}

TRANSFORM(kernel_4_3) {
  const VECTOR outer = (x[0] + x[2]) * (1.0f / 3), middle = x[1] * (1.0f / 3);
  r[0] = x[0];
  r[1] = outer + middle;
  r[2] = middle - outer;
  r[3] = (4.0f * x[0] + 2.0f * x[1] + x[2]) * (-4.0f / 15);
  r[4] = (x[0] - 2.0f * x[1] + 4.0f * x[2]) * (1.0f / 15);
  r[5] = x[2];
}

TRANSFORM(output_4_3) {
  const VECTOR sum = x[1] + x[2], difference = x[1] - x[2];
  r[0] = x[0] + sum + (x[3] + x[4]);
  r[1] = difference + 0.5f * x[3] - 2.0f * x[4];
  r[2] = sum + 0.25f * x[3] + 4.0f * x[4];
  r[3] = difference + 0.125f * x[3] - 8.0f * x[4] + x[5];
}

// The transposed transforms: what carries gradients back.

TRANSFORM(gradient_4_3) {
  const VECTOR even = x[0] + x[2], odd = x[1] + x[3];
  r[0] = x[0];
  r[1] = even + odd;
  r[2] = even - odd;
  r[3] = x[0] + 0.5f * x[1] + (0.25f * x[2] + 0.125f * x[3]);
  r[4] = x[0] - 2.0f * x[1] + (4.0f * x[2] - 8.0f * x[3]);
  r[5] = x[3];
}

TRANSFORM(kernel_gradient_4_3) {
  const VECTOR sum = (x[1] + x[2]) * (1.0f / 3), difference = (x[1] - x[2]) * (1.0f / 3);
  const VECTOR half = x[3] * (4.0f / 15), twice = x[4] * (1.0f / 15);
  r[0] = x[0] + difference + (twice - 4.0f * half);
  r[1] = sum - 2.0f * (half + twice);
  r[2] = difference + (4.0f * twice - half) + x[5];
}

// F(6, 3), points 0, 1, -1, 2, -2, 1/2, -1/2 and infinity. Pairs of opposite points share the sums of
// their even and of their odd parts:
//
//   B^T = [-1  0   21/4   0   -21/4   0   1 0]   G = [ -1      0     0  ]
//         [ 0  1    1  -17/4  -17/4   1   1 0]       [-2/9   -2/9  -2/9 ]
//         [ 0 -1    1   17/4  -17/4  -1   1 0]       [-2/9    2/9  -2/9 ]
//         [ 0 1/2  1/4  -5/2   -5/4   2   1 0]       [ 1/90   1/45  2/45]
//         [ 0 -1/2 1/4   5/2   -5/4  -2   1 0]       [ 1/90  -1/45  2/45]
//         [ 0  2    4   -5/2    -5   1/2  1 0]       [32/45  16/45  8/45]
//         [ 0 -2    4    5/2    -5  -1/2  1 0]       [32/45 -16/45  8/45]
//         [ 0 -1    0   21/4     0  -21/4 0 1]       [  0      0     1  ]
//
//   row i of A^T = [0^i 1 (-1)^i 2^i (-2)^i (1/2)^i (-1/2)^i], and 1 at infinity in the last one.

TRANSFORM(input_6_3) {
  const VECTOR even1 = x[2] + x[6] - 4.25f * x[4], odd1 = x[1] + x[5] - 4.25f * x[3];
  const VECTOR even2 = x[6] + 0.25f * x[2] - 1.25f * x[4];
  const VECTOR odd2 = 0.5f * x[1] + 2.0f * x[5] - 2.5f * x[3];
  const VECTOR even3 = x[6] + 4.0f * x[2] - 5.0f * x[4];
  const VECTOR odd3 = 2.0f * x[1] + 0.5f * x[5] - 2.5f * x[3];
  r[0] = x[6] - x[0] + 5.25f * (x[2] - x[4]);
  r[1] = even1 + odd1;
  r[2] = even1 - odd1;
  r[3] = even2 + odd2;
  r[4] = even2 - odd2;
  r[5] = even3 + odd3;
  r[6] = even3 - odd3;
  r[7] = x[7] - x[1] + 5.25f * (x[3] - x[5]);
}

TRANSFORM(kernel_6_3) {
  const VECTOR outer1 = x[0] + x[2];
  const VECTOR outer2 = x[0] + 4.0f * x[2], outer3 = 4.0f * x[0] + x[2], middle = 2.0f * x[1];
  r[0] = -x[0];
  r[1] = (outer1 + x[1]) * (-2.0f / 9);
  r[2] = (outer1 - x[1]) * (-2.0f / 9);
  r[3] = (outer2 + middle) * (1.0f / 90);
  r[4] = (outer2 - middle) * (1.0f / 90);
  r[5] = (outer3 + middle) * (8.0f / 45);
  r[6] = (outer3 - middle) * (8.0f / 45);
  r[7] = x[2];
}

TRANSFORM(output_6_3) {
  const VECTOR sum1 = x[1] + x[2], sum2 = x[3] + x[4], sum3 = x[5] + x[6];
  const VECTOR difference1 = x[1] - x[2], difference2 = x[3] - x[4], difference3 = x[5] - x[6];
  r[0] = x[0] + sum1 + (sum2 + sum3);
  r[1] = difference1 + 2.0f * difference2 + 0.5f * difference3;
  r[2] = sum1 + 4.0f * sum2 + 0.25f * sum3;
  r[3] = difference1 + 8.0f * difference2 + 0.125f * difference3;
  r[4] = sum1 + 16.0f * sum2 + 0.0625f * sum3;
  r[5] = difference1 + 32.0f * difference2 + 0.03125f * difference3 + x[7];
}

#undef TRANSFORM

// Transposes a square of values: each step rotates the bits of (row, lane) by one.
static inline __attribute__((always_inline)) void VCK_NAME(transpose)(VECTOR rows[VCK_LANES]) {
  for (int step = 1; step < VCK_LANES; step *= 2) {
    VECTOR t[VCK_LANES];
#pragma clang loop unroll(full)
    for (int i = 0; i < VCK_LANES / 2; i++) {
      t[2 * i] = __builtin_shufflevector(rows[i], rows[i + VCK_LANES / 2], VCK_INTERLEAVED_LOW);
      t[2 * i + 1] =
          __builtin_shufflevector(rows[i], rows[i + VCK_LANES / 2], VCK_INTERLEAVED_HIGH);
    }
#pragma clang loop unroll(full)
    for (int i = 0; i < VCK_LANES; i++) rows[i] = t[i];
  }
}

static void VCK_NAME(permute_kernel)(float *dst, const float *src, size_t channels, size_t taps) {
  size_t t = 0;
  // Where a row of the result is shorter than a vector, the next one is written over what is behind it.
  if (channels <= VCK_LANES)
    for (; t + VCK_LANES <= taps; t += VCK_LANES) {
      VECTOR rows[VCK_LANES];
      for (size_t c = 0; c < VCK_LANES; c++)
        rows[c] = c < channels ? *(const VECTOR *)(src + c * taps + t) : (VECTOR){0};
      VCK_NAME(transpose)(rows);
      for (size_t lane = 0; lane < VCK_LANES; lane++) {
        float *row = dst + (t + lane) * channels;
        if ((t + lane) * channels + VCK_LANES <= taps * channels) *(VECTOR *)row = rows[lane];
        else memcpy(row, &rows[lane], channels * sizeof *row);
      }
    }
  for (; t < taps; t++)
    for (size_t c = 0; c < channels; c++) dst[t * channels + c] = src[c * taps + t];
}

// Turns kernels so that a vector holds one value of a vector's worth of outputs: g[i][lane] =
// src[lane * stride + i] for i < VCK_LANES * count; zeros for lanes from `outputs` on.
static inline __attribute__((always_inline)) void VCK_NAME(turn_kernels)(
    VECTOR *g, const float *src, size_t stride, size_t outputs, const int count) {
  for (int part = 0; part < count; part++, g += VCK_LANES, src += VCK_LANES) {
    VECTOR rows[VCK_LANES];
    for (size_t lane = 0; lane < VCK_LANES; lane++)
      rows[lane] = lane < outputs ? *(const VECTOR *)(src + lane * stride) : (VECTOR){0};
    VCK_NAME(transpose)(rows);
    for (int i = 0; i < VCK_LANES; i++) g[i] = rows[i];
  }
}

static inline __attribute__((always_inline)) void VCK_NAME(winograd_kernels)(
    float *dst, const float *src, size_t channels, size_t outputs, size_t point_stride,
    const int points, const int size, VCK_NAME(transform) transform) {
  const size_t count = (size_t)size * size, stride = channels * count;
  VECTOR g[2][VCK_LANES * 9];
  for (size_t c = 0; c < channels; c++) {
    const size_t place = c % VCK_LANES;
    for (size_t half = 0; half < 2; half++) {
      const size_t first = half * VCK_LANES, left = outputs > first ? outputs - first : 0;
      const float *kernels = src + first * stride + c * count;
      if (place == 0 && c + VCK_LANES <= channels)
        VCK_NAME(turn_kernels)(g[half], kernels, stride, left, size * size);
      else if (c + VCK_LANES - place > channels)
        // The last channels, behind which nothing may be read.
        for (size_t i = 0; i < count; i++)
          for (size_t lane = 0; lane < VCK_LANES; lane++)
            g[half][place * count + i][lane] = lane < left ? kernels[lane * stride + i] : 0;
    }
    VECTOR t[2][3][8];
    for (int half = 0; half < 2; half++)
      for (int column = 0; column < size; column++) {
        VECTOR line[3];
        for (int row = 0; row < size; row++)
          line[row] = g[half][place * count + row * size + column];
        transform(t[half][column], line);
      }
    for (int row = 0; row < points; row++) {
      VECTOR u[2][8];
      for (int half = 0; half < 2; half++) {
        VECTOR line[3];
        for (int column = 0; column < size; column++) line[column] = t[half][column][row];
        transform(u[half], line);
      }
      for (int column = 0; column < points; column++) {
        float *panel = dst + (row * points + column) * point_stride + c * VCK_NAME(panel);
        *(VECTOR *)panel = u[0][column];
        *(VECTOR *)(panel + VCK_LANES) = u[1][column];
      }
    }
  }
}

static inline __attribute__((always_inline)) void VCK_NAME(winograd_input)(
    float *dst, size_t point_stride, size_t tile_stride, const float *src, size_t row_stride,
    size_t pixel_stride, size_t tiles, size_t channels, const int block, const int points,
    VCK_NAME(transform) transform) {
  for (size_t tile = 0; tile < tiles; tile++, src += block * pixel_stride, dst += tile_stride)
    for (size_t c = 0; c < channels; c += VCK_LANES) {
      VECTOR d[8], r[8], t[8][8];
      for (int column = 0; column < points; column++) {
        for (int row = 0; row < points; row++)
          d[row] = *(const VECTOR *)(src + row * row_stride + column * pixel_stride + c);
        transform(r, d);
        for (int row = 0; row < points; row++) t[row][column] = r[row];
      }
      for (int row = 0; row < points; row++) {
        transform(r, t[row]);
        for (int column = 0; column < points; column++)
          *(VECTOR *)(dst + (row * points + column) * point_stride + c) = r[column];
      }
    }
}

// The second half of the output transform: `count` channels of `rows` by `columns` pixels.
static inline __attribute__((always_inline)) void VCK_NAME(winograd_store)(
    float *dst, const float *residual, size_t row_stride, size_t pixel_stride, size_t rows,
    size_t columns, VECTOR t[6][8], size_t count, VCK_NAME(transform) transform) {
  for (size_t row = 0; row < rows; row++) {
    VECTOR r[6];
    transform(r, t[row]);
    for (size_t column = 0; column < columns; column++) {
      const size_t pixel = row * row_stride + column * pixel_stride;
      if (count == VCK_LANES) {
        VECTOR sum = r[column];
        if (residual) sum += *(const VECTOR *)(residual + pixel);
        *(VECTOR *)(dst + pixel) = sum;
      } else {
        for (size_t lane = 0; lane < count; lane++)
          dst[pixel + lane] = r[column][lane] + (residual ? residual[pixel + lane] : 0);
      }
    }
  }
}

static inline __attribute__((always_inline)) void VCK_NAME(winograd_output)(
    float *dst, const float *residual, size_t row_stride, size_t pixel_stride, size_t rows,
    size_t columns, const float *m, size_t point_stride, size_t outputs, const int block,
    const int points, VCK_NAME(transform) transform) {
  const size_t side = (size_t)block;
  for (size_t k = 0; k < outputs; k += VCK_LANES) {
    VECTOR t[6][8];
    for (int column = 0; column < points; column++) {
      VECTOR line[8], r[6];
      for (int row = 0; row < points; row++)
        line[row] = *(const VECTOR *)(m + (row * points + column) * point_stride + k);
      transform(r, line);
      for (int row = 0; row < block; row++) t[row][column] = r[row];
    }
    const size_t count = outputs - k < VCK_LANES ? outputs - k : VCK_LANES;
    float *pixels = dst + k;
    const float *added = residual ? residual + k : 0;
    // Almost all blocks are whole: with constants the compiler keeps their pixels in registers.
    if (rows == side && columns == side && count == VCK_LANES) {
      if (added)
        VCK_NAME(winograd_store)(pixels, added, row_stride, pixel_stride, side, side, t, VCK_LANES,
                                 transform);
      else
        VCK_NAME(winograd_store)(pixels, 0, row_stride, pixel_stride, side, side, t, VCK_LANES,
                                 transform);
    } else {
      VCK_NAME(winograd_store)(pixels, added, row_stride, pixel_stride, rows, columns, t, count,
                               transform);
    }
  }
}

static void VCK_NAME(winograd_gradient)(float *dst, size_t point_stride, size_t tile_stride,
                                        const float *src, size_t row_stride, size_t rows,
                                        size_t columns, size_t tiles, size_t channels) {
  for (size_t tile = 0; tile < tiles; tile++, dst += tile_stride)
    for (size_t c = 0; c < channels; c += VCK_LANES) {
      VECTOR d[4], r[6], t[6][4];
      for (size_t column = 0; column < 4; column++) {
        const size_t x = 4 * tile + column;
        for (size_t row = 0; row < 4; row++)
          d[row] = row < rows && x < columns
              ? *(const VECTOR *)(src + row * row_stride + x * channels + c)
              : (VECTOR){0};
        VCK_NAME(gradient_4_3)(r, d);
        for (int row = 0; row < 6; row++) t[row][column] = r[row];
      }
      for (int row = 0; row < 6; row++) {
        VCK_NAME(gradient_4_3)(r, t[row]);
        for (int column = 0; column < 6; column++)
          *(VECTOR *)(dst + (row * 6 + column) * point_stride + c) = r[column];
      }
    }
}

static void VCK_NAME(winograd_kernel_gradient)(float *dst, const float *src, size_t channels,
                                               size_t point_stride) {
  for (size_t c = 0; c < channels; c += VCK_LANES) {
    VECTOR line[6], r[3], t[3][6];
    for (int column = 0; column < 6; column++) {
      for (int row = 0; row < 6; row++)
        line[row] = *(const VECTOR *)(src + (row * 6 + column) * point_stride + c);
      VCK_NAME(kernel_gradient_4_3)(r, line);
      for (int row = 0; row < 3; row++) t[row][column] = r[row];
    }
    for (int row = 0; row < 3; row++) {
      VCK_NAME(kernel_gradient_4_3)(r, t[row]);
      for (int column = 0; column < 3; column++)
        *(VECTOR *)(dst + (row * 3 + column) * channels + c) = r[column];
    }
  }
}

// The three kernels of F(m x m, r x r), and the entry of the table.
#define WINOGRAD(m, r)                                                                             \
  static void VCK_NAME(winograd_kernels_##m##_##r)(float *dst, const float *src, size_t channels,  \
                                                   size_t outputs, size_t point_stride) {            \
    VCK_NAME(winograd_kernels)(dst, src, channels, outputs, point_stride, m + r - 1, r,              \
                               VCK_NAME(kernel_##m##_##r));                                        \
  }                                                                                                \
  static void VCK_NAME(winograd_input_##m##_##r)(                                                  \
      float *dst, size_t point_stride, size_t tile_stride, const float *src, size_t row_stride,      \
      size_t pixel_stride, size_t tiles, size_t channels) {                                        \
    VCK_NAME(winograd_input)(dst, point_stride, tile_stride, src, row_stride, pixel_stride, tiles,   \
                             channels, m, m + r - 1, VCK_NAME(input_##m##_##r));                   \
  }                                                                                                \
  static void VCK_NAME(winograd_output_##m##_##r)(                                                 \
      float *dst, const float *residual, size_t row_stride, size_t pixel_stride, size_t rows,      \
      size_t columns, const float *products, size_t point_stride, size_t outputs) {                  \
    VCK_NAME(winograd_output)(dst, residual, row_stride, pixel_stride, rows, columns, products,    \
                              point_stride, outputs, m, m + r - 1, VCK_NAME(output_##m##_##r));      \
  }

WINOGRAD(4, 2)
WINOGRAD(4, 3)
WINOGRAD(6, 3)

#undef WINOGRAD
#define WINOGRAD(m, r)                                                                             \
  {                                                                                                \
    .tile = m, .kernel = r, .kernels = VCK_NAME(winograd_kernels_##m##_##r),                      \
    .input = VCK_NAME(winograd_input_##m##_##r), .output = VCK_NAME(winograd_output_##m##_##r),    \
  }

// dst = rows * src * columns^T, for each of `count` kernels of 3 x 3 values: 2 x 2 values.
static void VCK_NAME(fold_kernels)(float *dst, const float *src, size_t count,
                                   const float *rows, const float *columns) {
  for (size_t i = 0; i < count; i++, src += 9, dst += 4)
    for (int y = 0; y < 2; y++) {
      float line[3];
      for (int x = 0; x < 3; x++)
        line[x] = rows[3 * y] * src[x] + rows[3 * y + 1] * src[3 + x] + rows[3 * y + 2] * src[6 + x];
      for (int x = 0; x < 2; x++)
        dst[2 * y + x] = columns[3 * x] * line[0] + columns[3 * x + 1] * line[1]
            + columns[3 * x + 2] * line[2];
    }
}
