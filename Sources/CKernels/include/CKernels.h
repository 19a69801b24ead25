#pragma once

// The pointwise and reducing kernels of the networks, one table for each instruction set.
//
// All tensors are f32 and channels-last: pixel p of a tensor of c channels lies at [p * c, p * c + c).
// No kernel allocates, and none reads or writes outside the ranges its comment gives.

#include <stddef.h>
#include <stdint.h>

/// The instruction sets that kernels are compiled for, in order of preference.
typedef enum {
  /// What every CPU of the architecture has: SSE2 on x86-64, NEON on AArch64.
  VCK_ISA_BASELINE = 0,
  /// AVX2 with FMA and F16C.
  VCK_ISA_AVX2 = 1,
  /// AVX-512 F, BW, DQ and VL.
  VCK_ISA_AVX512 = 2,
} vck_isa;

/// A function of one variable, applied where a tensor is read or written.
typedef enum {
  /// y = x
  VCK_ACTIVATION_IDENTITY = 0,
  /// y = x / (1 + exp(-x))
  VCK_ACTIVATION_SILU = 1,
  /// y = max(x, 0)
  VCK_ACTIVATION_RELU = 2,
  /// y = a * tanh(x / a)
  VCK_ACTIVATION_SOFT_CLAMP = 3,
  /// y = a * x + b
  VCK_ACTIVATION_AFFINE = 4,
} vck_activation_kind;

/// An activation and its parameters.
typedef struct {
  vck_activation_kind kind;
  float a;
  float b;
} vck_activation;

/// How the elements of a stored tensor are coded.
typedef enum {
  VCK_DTYPE_F32 = 0,
  VCK_DTYPE_F16 = 1,
  VCK_DTYPE_BF16 = 2,
} vck_dtype;

/// The forms of Winograd's minimal filtering, F(outputs, kernel), of each dimension.
typedef enum {
  VCK_WINOGRAD_4_2 = 0,
  VCK_WINOGRAD_4_3 = 1,
  VCK_WINOGRAD_6_3 = 2,
  VCK_WINOGRAD_COUNT = 3,
} vck_winograd_form;

/// The transforms of Winograd's F(m x m, r x r), which works on (m + r - 1)^2 taps.
typedef struct {
  /// m: pixels of a side of a block of outputs.
  size_t block;
  /// r: values of a side of a kernel.
  size_t kernel;

  /// The taps of the transformed kernels of a panel of output channels. `src` is
  /// [outputs, channels, r, r] with outputs <= panel; tap t of channel c goes to
  /// dst[t * tap_stride + c * panel], `panel` values, zeros for outputs that are not there.
  void (*kernels)(float *dst, const float *src, size_t channels, size_t outputs,
                  size_t tap_stride);

  /// The taps of `tiles` tiles side by side. Tile i reads m + r - 1 rows of as many pixels of
  /// `channels` from src + i * m * pixel_stride, rows `row_stride` apart; tap t goes to
  /// dst[t * tap_stride + i * tile_stride], `channels` values. Reads and writes up to lanes - 1
  /// floats beyond the last channel, whose values mean nothing.
  void (*input)(float *dst, size_t tap_stride, size_t tile_stride, const float *src,
                size_t row_stride, size_t pixel_stride, size_t tiles, size_t channels);

  /// The pixels of one tile: `rows` and `columns`, each up to m, of `outputs` channels, from the
  /// taps at m[t * tap_stride], plus the pixels of `residual` where that is not NULL. `residual` lies
  /// as `dst` does and may be `dst`. Reads up to lanes - 1 floats beyond the last channel of a tap.
  void (*output)(float *dst, const float *residual, size_t row_stride, size_t pixel_stride,
                 size_t rows, size_t columns, const float *m, size_t tap_stride, size_t outputs);
} vck_winograd;

/// The kernels of one instruction set.
typedef struct {
  /// The name as users write it: "baseline", "avx2", "avx512".
  const char *name;

  /// dst[i] = the f32 value of element i of `src`, i < count. `src` may be unaligned.
  /// f16 subnormals are converted exactly.
  void (*convert)(float *dst, const void *src, vck_dtype dtype, size_t count);

  /// dst[t * channels + c] = src[c * taps + t]: one output channel's kernel from the order of
  /// checkpoints (channel, row, column) to the order of a column matrix (row, column, channel).
  void (*permute_kernel)(float *dst, const float *src, size_t channels, size_t taps);

  /// dst = activation(src * scale + shift) for `pixels` pixels; scale and shift have one value a
  /// channel, or are both NULL for 1 and 0. dst may equal src.
  void (*prologue)(float *dst, const float *src, size_t pixels, size_t channels,
                   const float *scale, const float *shift, vck_activation activation);

  /// x = activation(x + bias) for `pixels` pixels; bias has one value a channel, or is NULL for 0.
  /// Where `sums` is not NULL, sums[c] and sums[channels + c] are increased by the sum and the sum
  /// of squares of the written values, in f64. Returns 0 if a written value is NaN or infinite,
  /// otherwise 1.
  int (*epilogue)(float *x, size_t pixels, size_t channels, const float *bias,
                  vck_activation activation, double *sums);

  /// One step of a running softmax over `rows` rows of `columns` scores, `stride` apart.
  /// With s = scale * score: maximum[r] becomes the larger of itself and the row's largest s,
  /// each score becomes exp(s - maximum[r]), correction[r] = exp(old maximum[r] - maximum[r]) and
  /// total[r] becomes total[r] * correction[r] + the sum of the row.
  void (*softmax_step)(float *scores, size_t rows, size_t columns, size_t stride, float scale,
                       float *maximum, float *total, float *correction);

  /// x[r * columns + i] *= factor[r].
  void (*scale_rows)(float *x, size_t rows, size_t columns, const float *factor);

  /// Runs `count` steps of twelve independent chains of multiply-adds of whole vectors, for measuring
  /// the peak of the CPU: 12 * lanes * count multiply-adds. Returns a value that depends on all.
  float (*multiply_add_chains)(size_t count, float factor);

  /// Floats of a vector.
  size_t lanes;
  /// Rows that the multiplication takes at a time.
  size_t gemm_rows;
  /// Columns of a panel, the form of a multiplication's right side.
  size_t panel;

  /// A panel of the right side: dst[c * panel + k] = src[k * channels + c] for k < outputs, zeros
  /// for the other columns of the panel.
  void (*pack_panel)(float *dst, const float *src, size_t channels, size_t outputs);

  /// Rows of a right side as parts of its panels, which lie dst_stride apart:
  /// dst[k / panel * dst_stride + r * panel + k % panel] = src[r * columns + k] for r < rows and
  /// k < columns, zeros for the other columns of the last panel.
  void (*pack_rows)(float *dst, size_t dst_stride, const float *src, size_t rows, size_t columns);

  /// m[i * m_stride + k] = sum over c of v[i * v_stride + c] *
  /// u[k / panel * u_stride + c * panel + k % panel], for i < rows and k < panels * panel, plus its
  /// old value if `accumulates` is not 0. Rows are taken gemm_rows at a time: v and m have room up to
  /// the next multiple of that.
  void (*multiply_panels)(float *m, size_t m_stride, const float *v, size_t v_stride,
                          const float *u, size_t u_stride, size_t rows, size_t channels,
                          size_t panels, int accumulates);

  /// m[i * m_stride + k] = sum over c of v[i * v_stride + c] * u[k * u_stride + c], for i < rows and
  /// k < columns, plus its old value if `accumulates` is not 0: for few columns.
  void (*multiply_rows)(float *m, size_t m_stride, const float *v, size_t v_stride, const float *u,
                        size_t u_stride, size_t rows, size_t channels, size_t columns,
                        int accumulates);

  /// dst[r * columns + i] = src[r * src_stride + i], added to what is there if `accumulates` is not
  /// 0.
  void (*store_rows)(float *dst, const float *src, size_t rows, size_t columns, size_t src_stride,
                     int accumulates);

  /// dst = rows * src * columns^T for each of `count` kernels: 2 x 2 values from 3 x 3 values by two
  /// matrices of 2 x 3.
  void (*fold_kernels)(float *dst, const float *src, size_t count, const float *rows,
                       const float *columns);

  /// F(4x4, 2x2), F(4x4, 3x3) and F(6x6, 3x3).
  vck_winograd winograd[VCK_WINOGRAD_COUNT];
} vck_kernels;

/// The best instruction set of this CPU.
vck_isa vck_best_isa(void);

/// The kernels of `isa`, or NULL where this CPU cannot run them.
const vck_kernels *vck_kernels_for(vck_isa isa);
