#pragma once

// The kernels of the networks: what works on pixels and sums in one table for each instruction set, and
// the multiplications of matrices in a list.
//
// All tensors are f32 and channels-last: pixel p of a tensor of c channels lies at [p * c, p * c + c).
// No kernel allocates, and none reads or writes outside the ranges its comment gives.

#include <stddef.h>
#include <stdint.h>

/// What a CPU may have beside the baseline of its architecture (SSE2 on x86-64, NEON on AArch64), a bit
/// each. A feature counts only where the system keeps its registers.
typedef uint32_t vck_cpu_features;
enum {
  VCK_CPU_AVX2 = 1 << 0,
  VCK_CPU_FMA = 1 << 1,
  VCK_CPU_F16C = 1 << 2,
  VCK_CPU_AVX512F = 1 << 3,
  VCK_CPU_AVX512BW = 1 << 4,
  VCK_CPU_AVX512DQ = 1 << 5,
  VCK_CPU_AVX512VL = 1 << 6,
  VCK_CPU_AVX512_VNNI = 1 << 7,
  VCK_CPU_AVX512_BF16 = 1 << 8,
  VCK_CPU_AVX512_FP16 = 1 << 9,
};

/// The features that the kernels of each file are compiled for.
enum {
  VCK_CPU_FOR_AVX2 = VCK_CPU_AVX2 | VCK_CPU_FMA | VCK_CPU_F16C,
  VCK_CPU_FOR_AVX512 = VCK_CPU_FOR_AVX2 | VCK_CPU_AVX512F | VCK_CPU_AVX512BW | VCK_CPU_AVX512DQ
      | VCK_CPU_AVX512VL,
};

/// The features of this CPU.
vck_cpu_features vck_this_cpu(void);

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

/// What the gradient of a group norm does to a pixel, a value of each for every channel.
typedef struct {
  const float *scale;
  const float *shift;
  const float *slope;
  const float *offset;
} vck_gradient_coefficients;

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

/// The transforms of Winograd's F(m x m, r x r), which works on (m + r - 1)^2 points.
typedef struct {
  /// m: pixels of a side of a tile of outputs.
  size_t tile;
  /// r: values of a side of a kernel.
  size_t kernel;

  /// The points of the transformed kernels of a panel of 2 * lanes output channels. `src` is
  /// [outputs, channels, r, r] with outputs <= 2 * lanes; point t of channel c goes to
  /// dst[t * point_stride + c * 2 * lanes], as many values, zeros for outputs that are not there.
  void (*kernels)(float *dst, const float *src, size_t channels, size_t outputs,
                  size_t point_stride);

  /// The points of `tiles` tiles side by side. Tile i reads m + r - 1 rows of as many pixels of
  /// `channels` from src + i * m * pixel_stride, rows `row_stride` apart; point t goes to
  /// dst[t * point_stride + i * tile_stride], `channels` values. Reads and writes up to lanes - 1
  /// floats beyond the last channel, whose values mean nothing.
  void (*input)(float *dst, size_t point_stride, size_t tile_stride, const float *src,
                size_t row_stride, size_t pixel_stride, size_t tiles, size_t channels);

  /// The pixels of one tile: `rows` and `columns`, each up to m, of `outputs` channels, from the
  /// points at m[t * point_stride], plus the pixels of `residual` where that is not NULL. `residual` lies
  /// as `dst` does and may be `dst`. Reads up to lanes - 1 floats beyond the last channel of a point.
  void (*output)(float *dst, const float *residual, size_t row_stride, size_t pixel_stride,
                 size_t rows, size_t columns, const float *m, size_t point_stride, size_t outputs);
} vck_winograd;

/// A multiplication of matrices, with the form that it wants its right side in: panels of `nr` columns,
/// each [k, nr] in one piece, k filled up to a multiple of `kr` by zeros.
///
/// Strides count elements of the format of what they are strides of.
typedef struct {
  /// The name as measurements have it.
  const char *name;
  /// What a CPU must have to run it.
  vck_cpu_features features;
  /// The formats of the elements of both sides; sums are f32.
  vck_dtype left, right;
  /// Rows that are taken at a time: both the left side and the result have room up to the next multiple.
  size_t mr;
  /// Columns of a panel.
  size_t nr;
  /// Steps of k that are taken at a time.
  size_t kr;

  /// A panel of a right side given by columns: element (i, n) is src[n * k + i] for n < columns,
  /// and 0 in the other columns of the panel.
  void (*pack_panel)(void *dst, const float *src, size_t k, size_t columns);

  /// Some rows of a right side as parts of its panels, which lie dst_stride apart: element (i, n) is
  /// src[i * columns + n] for n < columns, and 0 in the other columns of the last panel. `rows` is a
  /// multiple of kr, except for the last rows of a right side.
  void (*pack_rows)(void *dst, size_t dst_stride, const float *src, size_t rows, size_t columns);

  /// m[r * m_stride + n] = sum over i < k of v[r * v_stride + i] * element (i, n % nr) of panel n / nr,
  /// which begins at u + n / nr * u_stride, for r < rows and n < panels * nr, plus its old value if
  /// `accumulates` is not 0. Rows of v may overlap.
  void (*multiply)(float *m, size_t m_stride, const void *v, size_t v_stride, const void *u,
                   size_t u_stride, size_t rows, size_t k, size_t panels, int accumulates);

  /// The same of a left side that is given by columns: v[i * v_stride + r] stands in the place of
  /// v[r * v_stride + i], and rows have room up to the next multiple of `mr`. NULL for nr = 1.
  void (*multiply_turned)(float *m, size_t m_stride, const void *v, size_t v_stride, const void *u,
                          size_t u_stride, size_t rows, size_t k, size_t panels, int accumulates);
} vck_matrix_kernel;

/// All multiplications that were compiled, those that are preferred before others, and the reference,
/// which every CPU runs, last; NULL ends the list. Of one instruction set the one for wide right sides
/// stands first.
const vck_matrix_kernel *const *vck_matrix_kernels(void);

/// The kernels of one instruction set.
typedef struct {
  /// The name as users write it: "baseline", "avx2", "avx512".
  const char *name;
  /// What a CPU must have to run them.
  vck_cpu_features features;

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

  /// dst = g * activation'(x * scale + shift) * scale + slope * x + offset + addend for `pixels` pixels.
  /// The coefficients have one value a channel, or `scale` is NULL: then they are 1, 0, 0 and 0. addend may be
  /// NULL for 0. dst may equal g, x or addend. Returns 0 if a written value is NaN or infinite, otherwise
  /// 1.
  int (*activation_gradient)(float *dst, const float *g, const float *x, const float *addend,
                             size_t pixels, size_t channels, const vck_gradient_coefficients *norm,
                             vck_activation activation);

  /// sums[c] is increased by the sum of x over `pixels` pixels, in f64 and in the order of the pixels.
  void (*channel_sums)(double *sums, const float *x, size_t pixels, size_t channels);

  /// With h = g * activation'(x * scale + shift): sums[c] and sums[channels + c] are increased by the sums
  /// of h and of h * x over `pixels` pixels, in f64.
  void (*gradient_sums)(double *sums, const float *g, const float *x, size_t pixels,
                        size_t channels, const float *scale, const float *shift,
                        vck_activation activation);

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

  /// The transposed output transform of F(4x4, 3x3): the points of `tiles` tiles of a gradient that lie side by
  /// side, `rows` by `columns` pixels together, zeros beyond them. Point t of channel c of tile i goes to
  /// dst[t * point_stride + i * tile_stride + c]. `channels` is a multiple of `lanes`.
  void (*winograd_gradient)(float *dst, size_t point_stride, size_t tile_stride, const float *src,
                            size_t row_stride, size_t rows, size_t columns, size_t tiles,
                            size_t channels);

  /// The transposed kernel transform of F(4x4, 3x3): the 9 values of kernels from their points at
  /// src[t * point_stride], value i at dst[i * channels]. `channels` is a multiple of `lanes`.
  void (*winograd_kernel_gradient)(float *dst, const float *src, size_t channels,
                                   size_t point_stride);
} vck_kernels;

/// The kernels of all instruction sets that were compiled, the best first and the baseline last; NULL
/// ends the list.
const vck_kernels *const *vck_all_kernels(void);
