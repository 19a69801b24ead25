// Winograd's F(4x4, 3x3): sixteen outputs of a 3x3 convolution for 36 multiplications instead of 144.
// Included by kernels_template.h after panels_template.h. What each kernel computes is said in
// CKernels.h.
//
// The interpolation points are 0, 1, -1, 1/2, -2 and infinity: reciprocal pairs keep the transforms'
// numbers close to 1, and with them the rounding errors small. With the polynomials' values scaled to
// small numbers, the transforms are
//
//   B^T = [1 -3/2 -2 3/2 1 0]   G = [   1     0     0  ]   A^T = [1 1  1  1   1 0]
//         [0 -1  1/2 5/2 1 0]       [  1/3   1/3   1/3 ]         [0 1 -1 1/2 -2 0]
//         [0  1 -5/2 1/2 1 0]       [ -1/3   1/3  -1/3 ]         [0 1  1 1/4  4 0]
//         [0 -2  -1   2  1 0]       [-16/15 -8/15 -4/15]         [0 1 -1 1/8 -8 1]
//         [0 1/2 -1 -1/2 1 0]       [ 1/15  -2/15  4/15]
//         [0  1 -3/2 -2 3/2 1]      [   0     0     1  ]
//
// - Winograd, "Arithmetic Complexity of Computations", 1980; Lavin and Gray, "Fast Algorithms for
//   Convolutional Neural Networks", 2016.

// r = B^T d
static inline __attribute__((always_inline)) void VCK_NAME(transform_input)(VECTOR *r,
                                                                            const VECTOR *d) {
  const VECTOR even = d[4] - d[2], odd = d[3] - d[1];
  r[0] = d[0] + d[4] - 2.0f * d[2] + 1.5f * odd;
  r[1] = d[4] - d[1] + 0.5f * d[2] + 2.5f * d[3];
  r[2] = d[4] + d[1] + 0.5f * d[3] - 2.5f * d[2];
  r[3] = even + 2.0f * odd;
  r[4] = even - 0.5f * odd;
  r[5] = d[1] + d[5] - 2.0f * d[3] + 1.5f * even;
}

// r = G g
static inline __attribute__((always_inline)) void VCK_NAME(transform_kernel)(VECTOR *r,
                                                                             const VECTOR *g) {
  const VECTOR outer = (g[0] + g[2]) * (1.0f / 3), middle = g[1] * (1.0f / 3);
  r[0] = g[0];
  r[1] = outer + middle;
  r[2] = middle - outer;
  r[3] = (4.0f * g[0] + 2.0f * g[1] + g[2]) * (-4.0f / 15);
  r[4] = (g[0] - 2.0f * g[1] + 4.0f * g[2]) * (1.0f / 15);
  r[5] = g[2];
}

// r = A^T m
static inline __attribute__((always_inline)) void VCK_NAME(transform_output)(VECTOR *r,
                                                                             const VECTOR *m) {
  const VECTOR sum = m[1] + m[2], difference = m[1] - m[2];
  r[0] = m[0] + sum + (m[3] + m[4]);
  r[1] = difference + 0.5f * m[3] - 2.0f * m[4];
  r[2] = sum + 0.25f * m[3] + 4.0f * m[4];
  r[3] = difference + 0.125f * m[3] - 8.0f * m[4] + m[5];
}

static void VCK_NAME(winograd_kernels)(float *dst, const float *src, size_t channels,
                                       size_t outputs, size_t tap_stride) {
  for (size_t c = 0; c < channels; c++)
    for (size_t v = 0; v < 2; v++) {
      VECTOR g[3][3], t[3][6], u[6];
      for (int tap = 0; tap < 9; tap++)
        for (size_t lane = 0; lane < VCK_LANES; lane++) {
          const size_t output = v * VCK_LANES + lane;
          g[tap % 3][tap / 3][lane] =
              output < outputs ? src[(output * channels + c) * 9 + tap] : 0;
        }
      for (int column = 0; column < 3; column++) VCK_NAME(transform_kernel)(t[column], g[column]);
      for (int row = 0; row < 6; row++) {
        const VECTOR line[3] = {t[0][row], t[1][row], t[2][row]};
        VCK_NAME(transform_kernel)(u, line);
        for (int column = 0; column < 6; column++)
          *(VECTOR *)(dst + (row * 6 + column) * tap_stride + c * VCK_NAME(panel) + v * VCK_LANES) =
              u[column];
      }
    }
}

static void VCK_NAME(winograd_input)(float *dst, size_t tap_stride, size_t tile_stride,
                                     const float *src, size_t row_stride, size_t tiles,
                                     size_t channels) {
  for (size_t tile = 0; tile < tiles; tile++, src += 4 * channels, dst += tile_stride)
    for (size_t c = 0; c < channels; c += VCK_LANES) {
      VECTOR d[6], r[6], t[6][6];
      for (int column = 0; column < 6; column++) {
        for (int row = 0; row < 6; row++)
          d[row] = *(const VECTOR *)(src + row * row_stride + column * channels + c);
        VCK_NAME(transform_input)(r, d);
        for (int row = 0; row < 6; row++) t[row][column] = r[row];
      }
      for (int row = 0; row < 6; row++) {
        VCK_NAME(transform_input)(r, t[row]);
        for (int column = 0; column < 6; column++)
          *(VECTOR *)(dst + (row * 6 + column) * tap_stride + c) = r[column];
      }
    }
}

static void VCK_NAME(winograd_output)(float *dst, size_t row_stride, size_t rows, size_t columns,
                                      const float *m, size_t tap_stride, size_t outputs,
                                      int accumulates) {
  for (size_t k = 0; k < outputs; k += VCK_LANES) {
    VECTOR line[6], r[4], t[4][6];
    for (int column = 0; column < 6; column++) {
      for (int row = 0; row < 6; row++)
        line[row] = *(const VECTOR *)(m + (row * 6 + column) * tap_stride + k);
      VCK_NAME(transform_output)(r, line);
      for (int row = 0; row < 4; row++) t[row][column] = r[row];
    }
    const size_t count = outputs - k < VCK_LANES ? outputs - k : VCK_LANES;
    for (size_t row = 0; row < rows; row++) {
      VCK_NAME(transform_output)(r, t[row]);
      for (size_t column = 0; column < columns; column++) {
        float *pixel = dst + row * row_stride + column * outputs + k;
        if (count == VCK_LANES) {
          VECTOR sum = r[column];
          if (accumulates) sum += *(const VECTOR *)pixel;
          *(VECTOR *)pixel = sum;
        } else {
          for (size_t lane = 0; lane < count; lane++)
            pixel[lane] = (accumulates ? pixel[lane] : 0) + r[column][lane];
        }
      }
    }
  }
}
