// Multiplication of f32 matrices, with a right side in panels as wide as two vectors or as one, and with one
// in panels of a single column, which suits few columns. Included by kernels_template.h; the including file
// defines VCK_LANES, the floats of a vector, and VCK_GEMM_ROWS, the rows of the micro-kernel: as many as
// keep their sums in registers. What each kernel computes is said in CKernels.h.

enum { VCK_NAME(panel) = 2 * VCK_LANES };

static inline __attribute__((always_inline)) void VCK_NAME(pack_panel)(
    float *dst, const float *src, size_t k, size_t columns, size_t panel) {
  for (size_t i = 0; i < k; i++)
    for (size_t n = 0; n < panel; n++)
      dst[i * panel + n] = n < columns ? src[n * k + i] : 0;
}

static inline __attribute__((always_inline)) void VCK_NAME(pack_rows)(
    float *dst, size_t dst_stride, const float *src, size_t rows, size_t columns, size_t panel) {
  for (size_t r = 0; r < rows; r++, dst += panel, src += columns) {
    float *place = dst;
    for (size_t k = 0; k < columns; k += panel, place += dst_stride)
      for (size_t i = 0; i < panel; i++) place[i] = k + i < columns ? src[k + i] : 0;
  }
}

#define PACKING(form, panel)                                                                       \
  static void VCK_NAME(pack_panel_##form)(void *dst, const float *src, size_t k,                   \
                                          size_t columns) {                                        \
    VCK_NAME(pack_panel)(dst, src, k, columns, panel);                                             \
  }                                                                                                \
  static void VCK_NAME(pack_rows_##form)(void *dst, size_t dst_stride, const float *src,           \
                                         size_t rows, size_t columns) {                            \
    VCK_NAME(pack_rows)(dst, dst_stride, src, rows, columns, panel);                               \
  }

PACKING(panels, VCK_NAME(panel))
PACKING(half_panels, VCK_LANES)
PACKING(columns, 1)
#undef PACKING

// `ahead` is fetched into the cache meanwhile, a step of the panel every `interval` of k. A step of a panel has
// one or two vectors. A left side that is turned has its columns in the place of rows.
static inline __attribute__((always_inline)) void VCK_NAME(multiply_block)(
    float *restrict m, size_t m_stride, const float *restrict v, size_t v_stride,
    const float *restrict u, size_t k, const float *ahead, size_t interval,
    int accumulates, const int rows, const size_t vectors, const int is_turned) {
  VECTOR sums[VCK_GEMM_ROWS][2];
  for (int row = 0; row < rows; row++) {
    sums[row][0] = accumulates ? *(const VECTOR *)(m + row * m_stride) : (VECTOR){0};
    sums[row][1] = accumulates && vectors > 1 ? *(const VECTOR *)(m + row * m_stride + VCK_LANES)
                                              : (VECTOR){0};
  }
  const size_t panel = vectors * VCK_LANES;
  for (size_t i = 0; i < k;) {
    for (size_t line = 0; line < panel; line += 16) __builtin_prefetch(ahead + line, 0, 2);
    ahead += panel;
    const size_t end = k - i < interval ? k : i + interval;
    for (; i < end; i++, u += panel) {
      const VECTOR left = *(const VECTOR *)u;
      const VECTOR right = vectors > 1 ? *(const VECTOR *)(u + VCK_LANES) : (VECTOR){0};
#pragma clang loop unroll(full)
      for (int row = 0; row < rows; row++) {
        const float value = is_turned ? v[i * v_stride + row] : v[row * v_stride + i];
        sums[row][0] += value * left;
        if (vectors > 1) sums[row][1] += value * right;
      }
    }
  }
  for (int row = 0; row < rows; row++) {
    *(VECTOR *)(m + row * m_stride) = sums[row][0];
    if (vectors > 1) *(VECTOR *)(m + row * m_stride + VCK_LANES) = sums[row][1];
  }
}

static inline __attribute__((always_inline)) void VCK_NAME(multiply_blocks)(
    float *m, size_t m_stride, const float *v, size_t v_stride, const float *u, size_t u_stride,
    size_t rows, size_t k, size_t panels, int accumulates, const size_t vectors,
    const int is_turned) {
  if (rows == 0) return;
  // The blocks of one panel together fetch the next panel, the first one of the next call's if that
  // follows in memory. A prefetch of what is not there does nothing.
  const size_t blocks = (rows + VCK_GEMM_ROWS - 1) / VCK_GEMM_ROWS;
  const size_t share = (k + blocks - 1) / blocks * vectors * VCK_LANES;
  for (size_t panel = 0; panel < panels; panel++, u += u_stride)
    for (size_t block = 0; block < blocks; block++) {
      const size_t row = block * VCK_GEMM_ROWS, left = rows - row;
      float *sums = m + row * m_stride + panel * vectors * VCK_LANES;
      const float *values = v + row * (is_turned ? 1 : v_stride);
      const float *ahead = u + u_stride + block * share;
      // The last block may be of a third of the rows, or of two.
      if (left <= VCK_GEMM_ROWS / 3)
        VCK_NAME(multiply_block)(sums, m_stride, values, v_stride, u, k, ahead, blocks, accumulates,
                                 VCK_GEMM_ROWS / 3, vectors, is_turned);
      else if (left <= VCK_GEMM_ROWS / 3 * 2)
        VCK_NAME(multiply_block)(sums, m_stride, values, v_stride, u, k, ahead, blocks, accumulates,
                                 VCK_GEMM_ROWS / 3 * 2, vectors, is_turned);
      else
        VCK_NAME(multiply_block)(sums, m_stride, values, v_stride, u, k, ahead, blocks, accumulates,
                                 VCK_GEMM_ROWS, vectors, is_turned);
    }
}

#define MULTIPLICATION(form, vectors, is_turned)                                                   \
  static void VCK_NAME(multiply_##form)(float *m, size_t m_stride, const void *v, size_t v_stride, \
                                        const void *u, size_t u_stride, size_t rows, size_t k,     \
                                        size_t panels, int accumulates) {                          \
    VCK_NAME(multiply_blocks)(m, m_stride, v, v_stride, u, u_stride, rows, k, panels, accumulates, \
                              vectors, is_turned);                                                 \
  }

MULTIPLICATION(panels, 2, 0)
MULTIPLICATION(panels_turned, 2, 1)
MULTIPLICATION(half_panels, 1, 0)
MULTIPLICATION(half_panels_turned, 1, 1)
#undef MULTIPLICATION

static inline float VCK_NAME(sum)(VECTOR v) {
  float sum = 0;
  for (int lane = 0; lane < VCK_LANES; lane++) sum += v[lane];
  return sum;
}

enum { VCK_NAME(rows_at_once) = 3, VCK_NAME(columns_at_once) = 4 };

// Rows and columns beyond the last are the last again: computed twice, and written once.
static void VCK_NAME(multiply_columns)(float *m, size_t m_stride, const void *left_side,
                                       size_t v_stride, const void *right_side, size_t u_stride,
                                       size_t rows, size_t k, size_t columns,
                                       int accumulates) {
  const float *v = left_side, *u = right_side;
  for (size_t r = 0; r < rows; r += VCK_NAME(rows_at_once))
    for (size_t n = 0; n < columns; n += VCK_NAME(columns_at_once)) {
      const float *left[VCK_NAME(rows_at_once)], *right[VCK_NAME(columns_at_once)];
      VECTOR sums[VCK_NAME(rows_at_once)][VCK_NAME(columns_at_once)];
      for (size_t x = 0; x < VCK_NAME(columns_at_once); x++)
        right[x] = u + (n + x < columns ? n + x : columns - 1) * u_stride;
      for (size_t y = 0; y < VCK_NAME(rows_at_once); y++) {
        left[y] = v + (r + y < rows ? r + y : rows - 1) * v_stride;
        for (size_t x = 0; x < VCK_NAME(columns_at_once); x++) sums[y][x] = (VECTOR){0};
      }
      size_t i = 0;
      for (; i + VCK_LANES <= k; i += VCK_LANES)
#pragma clang loop unroll(full)
        for (size_t y = 0; y < VCK_NAME(rows_at_once); y++)
#pragma clang loop unroll(full)
          for (size_t x = 0; x < VCK_NAME(columns_at_once); x++)
            sums[y][x] += *(const VECTOR *)(left[y] + i) * *(const VECTOR *)(right[x] + i);
      for (size_t y = 0; y < VCK_NAME(rows_at_once) && r + y < rows; y++)
        for (size_t x = 0; x < VCK_NAME(columns_at_once) && n + x < columns; x++) {
          float sum = VCK_NAME(sum)(sums[y][x]);
          for (size_t rest = i; rest < k; rest++) sum += left[y][rest] * right[x][rest];
          float *place = m + (r + y) * m_stride + n + x;
          *place = accumulates ? *place + sum : sum;
        }
    }
}

const vck_matrix_kernel VCK_NAME(matrix_panels) = {
    .name = "f32 panels, " VCK_ISA_NAME,
    .features = VCK_FEATURES,
    .left = VCK_DTYPE_F32,
    .right = VCK_DTYPE_F32,
    .mr = VCK_GEMM_ROWS,
    .nr = VCK_NAME(panel),
    .kr = 1,
    .pack_panel = VCK_NAME(pack_panel_panels),
    .pack_rows = VCK_NAME(pack_rows_panels),
    .multiply = VCK_NAME(multiply_panels),
    .multiply_turned = VCK_NAME(multiply_panels_turned),
};

const vck_matrix_kernel VCK_NAME(matrix_half_panels) = {
    .name = "f32 half panels, " VCK_ISA_NAME,
    .features = VCK_FEATURES,
    .left = VCK_DTYPE_F32,
    .right = VCK_DTYPE_F32,
    .mr = VCK_GEMM_ROWS,
    .nr = VCK_LANES,
    .kr = 1,
    .pack_panel = VCK_NAME(pack_panel_half_panels),
    .pack_rows = VCK_NAME(pack_rows_half_panels),
    .multiply = VCK_NAME(multiply_half_panels),
    .multiply_turned = VCK_NAME(multiply_half_panels_turned),
};

const vck_matrix_kernel VCK_NAME(matrix_columns) = {
    .name = "f32 columns, " VCK_ISA_NAME,
    .features = VCK_FEATURES,
    .left = VCK_DTYPE_F32,
    .right = VCK_DTYPE_F32,
    .mr = 1,
    .nr = 1,
    .kr = 1,
    .pack_panel = VCK_NAME(pack_panel_columns),
    .pack_rows = VCK_NAME(pack_rows_columns),
    .multiply = VCK_NAME(multiply_columns),
};

static void VCK_NAME(store_rows)(float *dst, const float *src, size_t rows, size_t columns,
                                 size_t src_stride, int accumulates) {
  for (size_t row = 0; row < rows; row++, dst += columns, src += src_stride)
    for (size_t i = 0; i < columns; i++) dst[i] = (accumulates ? dst[i] : 0) + src[i];
}

static float VCK_NAME(multiply_add_chains)(size_t count, float factor) {
  VECTOR chains[12];
  for (int i = 0; i < 12; i++) chains[i] = (VECTOR){0} + (float)i;
  for (size_t step = 0; step < count; step++)
#pragma clang loop unroll(full)
    for (int i = 0; i < 12; i++) chains[i] = chains[i] * factor + factor;
  VECTOR sum = chains[0];
  for (int i = 1; i < 12; i++) sum += chains[i];
  return sum[0];
}
