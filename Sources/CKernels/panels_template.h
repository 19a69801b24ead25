// Matrix multiplication with a right side in panels: columns in groups as wide as two vectors, each
// group [depth, panel] in one piece. Included by kernels_template.h; the including file defines
// VCK_LANES, the floats of a vector, and VCK_GEMM_ROWS, the rows of the micro-kernel: as many as keep
// their sums in registers. What each kernel computes is said in CKernels.h.

typedef float VCK_NAME(vector) __attribute__((vector_size(VCK_LANES * 4), aligned(4)));
#define VECTOR VCK_NAME(vector)

enum { VCK_NAME(panel) = 2 * VCK_LANES };

static void VCK_NAME(pack_panel)(float *dst, const float *src, size_t channels, size_t outputs) {
  for (size_t c = 0; c < channels; c++)
    for (size_t k = 0; k < VCK_NAME(panel); k++)
      dst[c * VCK_NAME(panel) + k] = k < outputs ? src[k * channels + c] : 0;
}

static inline __attribute__((always_inline)) void VCK_NAME(multiply_block)(
    float *restrict m, size_t m_stride, const float *restrict v, size_t v_stride,
    const float *restrict u, size_t channels) {
  VECTOR sums[VCK_GEMM_ROWS][2];
  for (int row = 0; row < VCK_GEMM_ROWS; row++) sums[row][0] = sums[row][1] = (VECTOR){0};
  for (size_t c = 0; c < channels; c++, u += VCK_NAME(panel)) {
    const VECTOR left = *(const VECTOR *)u, right = *(const VECTOR *)(u + VCK_LANES);
#pragma clang loop unroll(full)
    for (int row = 0; row < VCK_GEMM_ROWS; row++) {
      const float value = v[row * v_stride + c];
      sums[row][0] += value * left;
      sums[row][1] += value * right;
    }
  }
  for (int row = 0; row < VCK_GEMM_ROWS; row++) {
    *(VECTOR *)(m + row * m_stride) = sums[row][0];
    *(VECTOR *)(m + row * m_stride + VCK_LANES) = sums[row][1];
  }
}

static void VCK_NAME(multiply_panels)(float *m, size_t m_stride, const float *v, size_t v_stride,
                                        const float *u, size_t rows, size_t channels,
                                      size_t panels) {
  for (size_t panel = 0; panel < panels; panel++, u += channels * VCK_NAME(panel))
    for (size_t row = 0; row < rows; row += VCK_GEMM_ROWS)
      VCK_NAME(multiply_block)(m + row * m_stride + panel * VCK_NAME(panel), m_stride,
                               v + row * v_stride, v_stride, u, channels);
}

static void VCK_NAME(store_rows)(float *dst, const float *src, size_t rows, size_t columns,
                                 size_t src_stride, int accumulates) {
  for (size_t row = 0; row < rows; row++, dst += columns, src += src_stride)
    for (size_t i = 0; i < columns; i++) dst[i] = (accumulates ? dst[i] : 0) + src[i];
}
