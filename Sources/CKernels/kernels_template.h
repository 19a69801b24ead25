// The kernels, written once as plain loops that the compiler turns into vector code for the
// instruction set of the file that includes this one. The including file defines VCK_NAME(op),
// VCK_ISA_NAME, VCK_FEATURES, and what matrix_template.h asks for. What each kernel computes is said in CKernels.h.

#include <float.h>
#include <math.h>
#include <string.h>

#include "CKernels.h"

typedef float VCK_NAME(vector) __attribute__((vector_size(VCK_LANES * 4), aligned(4)));
typedef int32_t VCK_NAME(integers) __attribute__((vector_size(VCK_LANES * 4), aligned(4)));
typedef double VCK_NAME(doubles) __attribute__((vector_size(VCK_LANES * 8), aligned(8)));
#define VECTOR VCK_NAME(vector)
#define DOUBLES VCK_NAME(doubles)
#define INTEGERS VCK_NAME(integers)

// The lower and the upper halves of two vectors, their values in turn.
#if VCK_LANES == 4
#define VCK_INTERLEAVED_LOW 0, 4, 1, 5
#define VCK_INTERLEAVED_HIGH 2, 6, 3, 7
#elif VCK_LANES == 8
#define VCK_INTERLEAVED_LOW 0, 8, 1, 9, 2, 10, 3, 11
#define VCK_INTERLEAVED_HIGH 4, 12, 5, 13, 6, 14, 7, 15
#elif VCK_LANES == 16
#define VCK_INTERLEAVED_LOW 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23
#define VCK_INTERLEAVED_HIGH 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31
#endif

// exp(x) in f32: x = n ln 2 + r with |r| <= ln 2 / 2, the Taylor polynomial of degree 7 in r (its
// remainder, r^8 / 8!, is below 6e-9) and n put into the exponent. Below -87.3 the result is 0 and
// above 88.3 it is infinite: the true values are below 1.2e-38 and above 2.2e38 there.
static inline float VCK_NAME(exp)(float x) {
  const float log2e = 1.44269504088896341f;
  // ln 2 in two parts: the first has few enough bits that n times it is exact.
  const float ln2_high = 0.693359375f, ln2_low = -2.12194440e-4f;
  // Adding and taking away 1.5 * 2^23 rounds to the nearest integer.
  const float rounder = 12582912.0f;
  float clamped = x < -87.3f ? -87.3f : x;
  clamped = clamped > 88.3f ? 88.3f : clamped;
  const float shifted = clamped * log2e + rounder;
  const float n = shifted - rounder;
  const float r = (clamped - n * ln2_high) - n * ln2_low;
  float p = 1.0f / 5040;
  p = p * r + 1.0f / 720;
  p = p * r + 1.0f / 120;
  p = p * r + 1.0f / 24;
  p = p * r + 1.0f / 6;
  p = p * r + 0.5f;
  p = p * r + 1.0f;
  p = p * r + 1.0f;
  int32_t bits;
  memcpy(&bits, &shifted, sizeof bits);
  // The low bits of `shifted` hold n; moved to the exponent field they make 2^n.
  const int32_t exponent = (int32_t)((uint32_t)(bits - 0x4B400000 + 127) << 23);
  float power;
  memcpy(&power, &exponent, sizeof power);
  const float result = p * power;
  // Written so that NaN goes through.
  return x < -87.3f ? 0.0f : (x > 88.3f ? INFINITY : (x == x ? result : x));
}

static inline float VCK_NAME(silu)(float x) {
  return x / (1.0f + VCK_NAME(exp)(-x));
}

static inline __attribute__((always_inline)) VECTOR VCK_NAME(select)(INTEGERS mask, VECTOR a,
                                                                     VECTOR b) {
  return (VECTOR)((mask & (INTEGERS)a) | (~mask & (INTEGERS)b));
}

// exp(-x) for a vector: the steps of exp, with -x held to where 2^n is a normal number.
static inline __attribute__((always_inline)) VECTOR VCK_NAME(exp_minus)(VECTOR x) {
  const VECTOR low = (VECTOR){0} - 87.3f, high = (VECTOR){0} + 88.0f;
  VECTOR y = VCK_NAME(select)(-x < low, low, -x);
  y = VCK_NAME(select)(y > high, high, y);
  const VECTOR shifted = y * 1.44269504088896341f + 12582912.0f;
  const VECTOR n = shifted - 12582912.0f;
  const VECTOR r = (y - n * 0.693359375f) - n * -2.12194440e-4f;
  VECTOR p = r * (1.0f / 5040) + 1.0f / 720;
  p = p * r + 1.0f / 120;
  p = p * r + 1.0f / 24;
  p = p * r + 1.0f / 6;
  p = p * r + 0.5f;
  p = p * r + 1.0f;
  p = p * r + 1.0f;
  return p * (VECTOR)(((INTEGERS)shifted - (0x4B400000 - 127)) << 23);
}

// silu for a vector. Beyond where exp(-x) is held it is taken for nothing beside 1, or for infinity. NaN
// goes through the division.
static inline __attribute__((always_inline)) VECTOR VCK_NAME(silu_vector)(VECTOR x) {
  const VECTOR high = (VECTOR){0} + 88.0f;
  const VECTOR e =
      VCK_NAME(select)(-x > high, (VECTOR){0} + INFINITY, VCK_NAME(exp_minus)(x));
  return x / (1.0f + e);
}

// The derivative of silu, s + x s (1 - s) with the sigmoid s = 1 / (1 + e), where 1 - s is e s: no
// difference is formed.
static inline float VCK_NAME(silu_slope)(float x) {
  const float e = VCK_NAME(exp)(x < -88.0f ? 88.0f : -x), s = 1.0f / (1.0f + e);
  return s + x * (s * (e * s));
}

static inline __attribute__((always_inline)) VECTOR VCK_NAME(silu_slope_vector)(VECTOR x) {
  const VECTOR e = VCK_NAME(exp_minus)(x), s = 1.0f / (1.0f + e);
  return s + x * (s * (e * s));
}

// tanh through exp(-2|x|), whose error is relative to 1; near 0 the odd series keeps small inputs
// exact.
static inline float VCK_NAME(tanh)(float x) {
  const float magnitude = fabsf(x);
  const float e = VCK_NAME(exp)(-2.0f * magnitude);
  const float large = (1.0f - e) / (1.0f + e);
  const float square = x * x;
  const float small = magnitude
      * (1.0f + square * (-1.0f / 3 + square * (2.0f / 15 + square * (-17.0f / 315))));
  return copysignf(magnitude < 0.1f ? small : large, x);
}

static void VCK_NAME(convert)(float *dst, const void *src, vck_dtype dtype, size_t count) {
  switch (dtype) {
  case VCK_DTYPE_F32:
    memcpy(dst, src, count * sizeof *dst);
    break;
  case VCK_DTYPE_BF16:
    for (size_t i = 0; i < count; i++) {
      uint16_t half;
      memcpy(&half, (const uint8_t *)src + 2 * i, 2);
      const uint32_t bits = (uint32_t)half << 16;
      memcpy(dst + i, &bits, 4);
    }
    break;
  case VCK_DTYPE_F16:
    for (size_t i = 0; i < count; i++) {
      uint16_t half;
      memcpy(&half, (const uint8_t *)src + 2 * i, 2);
      // Exponent and mantissa as a float 2^112 times too small; the product is exact, and finite
      // halves stay so. An exponent field of all ones means infinity or NaN and is set by hand.
      uint32_t bits = (uint32_t)(half & 0x7FFF) << 13;
      float value;
      memcpy(&value, &bits, 4);
      value *= 0x1p112f;
      memcpy(&bits, &value, 4);
      const uint32_t special = 0x7F800000u | (uint32_t)(half & 0x3FF) << 13;
      bits = (half & 0x7C00) == 0x7C00 ? special : bits;
      bits |= (uint32_t)(half & 0x8000) << 16;
      memcpy(dst + i, &bits, 4);
    }
    break;
  }
}

// The loops of the activations stand apart so that each is one branchless, vectorisable loop.
static void VCK_NAME(activate)(float *restrict x, size_t count, vck_activation activation) {
  switch (activation.kind) {
  case VCK_ACTIVATION_IDENTITY:
    break;
  case VCK_ACTIVATION_SILU:
    for (size_t i = 0; i < count; i++) x[i] = VCK_NAME(silu)(x[i]);
    break;
  case VCK_ACTIVATION_RELU:
    // NaN is not below 0 and goes through.
    for (size_t i = 0; i < count; i++) x[i] = x[i] < 0 ? 0 : x[i];
    break;
  case VCK_ACTIVATION_SOFT_CLAMP:
    for (size_t i = 0; i < count; i++) x[i] = activation.a * VCK_NAME(tanh)(x[i] / activation.a);
    break;
  case VCK_ACTIVATION_AFFINE:
    for (size_t i = 0; i < count; i++) x[i] = activation.a * x[i] + activation.b;
    break;
  }
}

static void VCK_NAME(prologue)(float *dst, const float *src, size_t pixels, size_t channels,
                               const float *scale, const float *shift,
                               vck_activation activation) {
  if (!scale) {
    memmove(dst, src, pixels * channels * sizeof *dst);
    VCK_NAME(activate)(dst, pixels * channels, activation);
    return;
  }
  for (size_t p = 0; p < pixels; p++, dst += channels, src += channels) {
    if (activation.kind == VCK_ACTIVATION_SILU) {
      size_t c = 0;
#pragma clang loop unroll_count(2)
      for (; c + VCK_LANES <= channels; c += VCK_LANES)
        *(VECTOR *)(dst + c) = VCK_NAME(silu_vector)(*(const VECTOR *)(src + c)
            * *(const VECTOR *)(scale + c) + *(const VECTOR *)(shift + c));
      for (; c < channels; c++) dst[c] = VCK_NAME(silu)(src[c] * scale[c] + shift[c]);
    } else {
      for (size_t c = 0; c < channels; c++) dst[c] = src[c] * scale[c] + shift[c];
      VCK_NAME(activate)(dst, channels, activation);
    }
  }
}

// Bits of which those below the highest are 0 where all values are finite: x - x is 0 then, and NaN otherwise.
static inline __attribute__((always_inline)) INTEGERS VCK_NAME(doubt)(VECTOR x) {
  return (INTEGERS)(x - x);
}

static inline __attribute__((always_inline)) uint32_t VCK_NAME(gathered)(INTEGERS bits) {
  uint32_t all = 0;
  for (int lane = 0; lane < VCK_LANES; lane++) all |= (uint32_t)bits[lane];
  return all;
}

// The sums of the channels of some pixels and of their squares.
static void VCK_NAME(add_moments)(double *restrict sums, const float *x, size_t pixels,
                                  size_t channels) {
  double *restrict squares = sums + channels;
  size_t c = 0;
  for (; c + VCK_LANES <= channels; c += VCK_LANES) {
    DOUBLES sum = *(const DOUBLES *)(sums + c), square = *(const DOUBLES *)(squares + c);
    for (size_t p = 0; p < pixels; p++) {
      const DOUBLES value =
          __builtin_convertvector(*(const VECTOR *)(x + p * channels + c), DOUBLES);
      sum += value;
      square += value * value;
    }
    *(DOUBLES *)(sums + c) = sum;
    *(DOUBLES *)(squares + c) = square;
  }
  for (; c < channels; c++)
    for (size_t p = 0; p < pixels; p++) {
      const double value = x[p * channels + c];
      sums[c] += value;
      squares[c] += value * value;
    }
}

static int VCK_NAME(epilogue)(float *x, size_t pixels, size_t channels, const float *bias,
                              vck_activation activation, double *sums) {
  INTEGERS doubts = {0};
  uint32_t finite = 0;
  for (size_t p = 0; p < pixels; p++) {
    float *pixel = x + p * channels;
    if (activation.kind != VCK_ACTIVATION_IDENTITY) {
      if (bias)
        for (size_t c = 0; c < channels; c++) pixel[c] += bias[c];
      VCK_NAME(activate)(pixel, channels, activation);
    }
    const float *added = activation.kind == VCK_ACTIVATION_IDENTITY ? bias : NULL;
    size_t c = 0;
    for (; c + VCK_LANES <= channels; c += VCK_LANES) {
      VECTOR value = *(const VECTOR *)(pixel + c);
      if (added) *(VECTOR *)(pixel + c) = value += *(const VECTOR *)(added + c);
      doubts |= VCK_NAME(doubt)(value);
    }
    for (; c < channels; c++) {
      if (added) pixel[c] += added[c];
      const float zero = pixel[c] - pixel[c];
      uint32_t bits;
      memcpy(&bits, &zero, 4);
      finite |= bits;
    }
  }
  if (sums) VCK_NAME(add_moments)(sums, x, pixels, channels);
  return ((finite | VCK_NAME(gathered)(doubts)) & 0x7FFFFFFF) == 0;
}

// h[c] = g[c] * activation'(x[c] * scale[c] + shift[c]) for one pixel; scale may be NULL.
static inline __attribute__((always_inline)) void VCK_NAME(activation_slopes)(
    float *restrict h, const float *g, const float *x, size_t channels, const float *scale,
    const float *shift, vck_activation activation) {
  size_t c = 0;
  switch (activation.kind) {
  case VCK_ACTIVATION_IDENTITY:
    for (; c < channels; c++) h[c] = g[c];
    break;
  case VCK_ACTIVATION_SILU:
    for (; c + VCK_LANES <= channels; c += VCK_LANES) {
      VECTOR u = *(const VECTOR *)(x + c);
      if (scale) u = u * *(const VECTOR *)(scale + c) + *(const VECTOR *)(shift + c);
      *(VECTOR *)(h + c) = *(const VECTOR *)(g + c) * VCK_NAME(silu_slope_vector)(u);
    }
    for (; c < channels; c++)
      h[c] = g[c] * VCK_NAME(silu_slope)(scale ? x[c] * scale[c] + shift[c] : x[c]);
    break;
  case VCK_ACTIVATION_RELU:
    for (; c < channels; c++) h[c] = (scale ? x[c] * scale[c] + shift[c] : x[c]) > 0 ? g[c] : 0;
    break;
  case VCK_ACTIVATION_SOFT_CLAMP:
    for (; c < channels; c++) {
      const float u = scale ? x[c] * scale[c] + shift[c] : x[c];
      const float t = VCK_NAME(tanh)(u / activation.a);
      h[c] = g[c] * (1.0f - t * t);
    }
    break;
  case VCK_ACTIVATION_AFFINE:
    for (; c < channels; c++) h[c] = g[c] * activation.a;
    break;
  }
}

// Channels that are taken at a time, so that the slopes of a pixel have room on the stack.
enum { VCK_NAME(slope_channels) = 512 };

static int VCK_NAME(activation_gradient)(float *dst, const float *g, const float *x,
                                         const float *addend, size_t pixels, size_t channels,
                                         const vck_gradient_coefficients *norm,
                                         vck_activation activation) {
  INTEGERS doubts = {0};
  uint32_t finite = 0;
  float h[VCK_NAME(slope_channels)];
  for (size_t p = 0; p < pixels; p++) {
    size_t first = 0;
    // What training does most goes by registers alone.
    if (norm && activation.kind == VCK_ACTIVATION_SILU)
      for (; first + VCK_LANES <= channels; first += VCK_LANES) {
        const size_t at = p * channels + first;
        const VECTOR values = *(const VECTOR *)(x + at);
        const VECTOR scale = *(const VECTOR *)(norm->scale + first);
        const VECTOR u = values * scale + *(const VECTOR *)(norm->shift + first);
        VECTOR sum = *(const VECTOR *)(g + at) * VCK_NAME(silu_slope_vector)(u) * scale
            + (values * *(const VECTOR *)(norm->slope + first)
                + *(const VECTOR *)(norm->offset + first));
        if (addend) sum += *(const VECTOR *)(addend + at);
        doubts |= VCK_NAME(doubt)(sum);
        *(VECTOR *)(dst + at) = sum;
      }
    for (; first < channels; first += VCK_NAME(slope_channels)) {
      const size_t left = channels - first;
      const size_t n = left < VCK_NAME(slope_channels) ? left : VCK_NAME(slope_channels);
      const size_t at = p * channels + first;
      VCK_NAME(activation_slopes)(h, g + at, x + at, n, norm ? norm->scale + first : NULL,
                                  norm ? norm->shift + first : NULL, activation);
      if (norm)
        for (size_t c = 0; c < n; c++)
          h[c] = h[c] * norm->scale[first + c] + (x[at + c] * norm->slope[first + c]
              + norm->offset[first + c]);
      if (addend)
        for (size_t c = 0; c < n; c++) h[c] += addend[at + c];
      for (size_t c = 0; c < n; c++) {
        const float zero = h[c] - h[c];
        uint32_t bits;
        memcpy(&bits, &zero, 4);
        finite |= bits;
        dst[at + c] = h[c];
      }
    }
  }
  return ((finite | VCK_NAME(gathered)(doubts)) & 0x7FFFFFFF) == 0;
}

static void VCK_NAME(channel_sums)(double *restrict sums, const float *restrict x, size_t pixels,
                                   size_t channels) {
  size_t c = 0;
  for (; c + VCK_LANES <= channels; c += VCK_LANES) {
    DOUBLES sum = *(const DOUBLES *)(sums + c);
    for (size_t p = 0; p < pixels; p++)
      sum += __builtin_convertvector(*(const VECTOR *)(x + p * channels + c), DOUBLES);
    *(DOUBLES *)(sums + c) = sum;
  }
  for (; c < channels; c++)
    for (size_t p = 0; p < pixels; p++) sums[c] += x[p * channels + c];
}

// The sums of gradient_sums for whole vectors of channels behind a norm and silu, of a few pixels that stay in the
// cache.
//
// Returns the channels that it took.
static size_t VCK_NAME(silu_gradient_sums)(double *restrict sums, double *restrict products,
                                           const float *g, const float *x, size_t pixels,
                                           size_t channels, const float *scale,
                                           const float *shift) {
  size_t c = 0;
  for (; c + VCK_LANES <= channels; c += VCK_LANES) {
    const VECTOR factor = *(const VECTOR *)(scale + c), summand = *(const VECTOR *)(shift + c);
    DOUBLES sum = *(const DOUBLES *)(sums + c), product = *(const DOUBLES *)(products + c);
    for (size_t p = 0; p < pixels; p++) {
      const VECTOR values = *(const VECTOR *)(x + p * channels + c);
      const VECTOR h = *(const VECTOR *)(g + p * channels + c)
          * VCK_NAME(silu_slope_vector)(values * factor + summand);
      const DOUBLES exact = __builtin_convertvector(h, DOUBLES);
      sum += exact;
      product += exact * __builtin_convertvector(values, DOUBLES);
    }
    *(DOUBLES *)(sums + c) = sum;
    *(DOUBLES *)(products + c) = product;
  }
  return c;
}

enum { VCK_NAME(pixels_at_once) = 16 };

static void VCK_NAME(gradient_sums)(double *sums, const float *g, const float *x, size_t pixels,
                                    size_t channels, const float *scale, const float *shift,
                                    vck_activation activation) {
  double *restrict products = sums + channels;
  size_t whole = 0;
  if (scale && activation.kind == VCK_ACTIVATION_SILU)
    for (size_t p = 0; p < pixels; p += VCK_NAME(pixels_at_once)) {
      const size_t left = pixels - p;
      whole = VCK_NAME(silu_gradient_sums)(
          sums, products, g + p * channels, x + p * channels,
          left < VCK_NAME(pixels_at_once) ? left : VCK_NAME(pixels_at_once), channels, scale, shift);
    }
  float h[VCK_NAME(slope_channels)];
  for (size_t p = 0; p < pixels; p++) {
    for (size_t first = whole; first < channels; first += VCK_NAME(slope_channels)) {
      const size_t left = channels - first;
      const size_t n = left < VCK_NAME(slope_channels) ? left : VCK_NAME(slope_channels);
      const size_t at = p * channels + first;
      VCK_NAME(activation_slopes)(h, g + at, x + at, n, scale ? scale + first : NULL,
                                  shift ? shift + first : NULL, activation);
      for (size_t c = 0; c < n; c++) {
        sums[first + c] += h[c];
        products[first + c] += (double)h[c] * x[at + c];
      }
    }
  }
}

static void VCK_NAME(softmax_step)(float *scores, size_t rows, size_t columns, size_t stride,
                                   float scale, float *maximum, float *total, float *correction) {
  for (size_t r = 0; r < rows; r++, scores += stride) {
    // Eight running values make the reductions vectors with an order that no compiler changes.
    float lanes[8] = {0};
    for (int l = 0; l < 8; l++) lanes[l] = maximum[r];
    size_t i = 0;
    for (; i + 8 <= columns; i += 8)
      for (int l = 0; l < 8; l++) {
        const float s = scores[i + l] * scale;
        lanes[l] = s > lanes[l] ? s : lanes[l];
      }
    for (; i < columns; i++) {
      const float s = scores[i] * scale;
      lanes[0] = s > lanes[0] ? s : lanes[0];
    }
    float largest = lanes[0];
    for (int l = 1; l < 8; l++) largest = lanes[l] > largest ? lanes[l] : largest;
    for (i = 0; i < columns; i++) scores[i] = VCK_NAME(exp)(scores[i] * scale - largest);
    for (int l = 0; l < 8; l++) lanes[l] = 0;
    for (i = 0; i + 8 <= columns; i += 8)
      for (int l = 0; l < 8; l++) lanes[l] += scores[i + l];
    for (; i < columns; i++) lanes[0] += scores[i];
    const float sum = ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3]))
        + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]));
    correction[r] = VCK_NAME(exp)(maximum[r] - largest);
    total[r] = total[r] * correction[r] + sum;
    maximum[r] = largest;
  }
}

static void VCK_NAME(scale_rows)(float *x, size_t rows, size_t columns, const float *factor) {
  for (size_t r = 0; r < rows; r++, x += columns)
    for (size_t i = 0; i < columns; i++) x[i] *= factor[r];
}

#include "matrix_template.h"
#include "winograd_template.h"

const vck_kernels VCK_NAME(kernels) = {
    .name = VCK_ISA_NAME,
    .features = VCK_FEATURES,
    .convert = VCK_NAME(convert),
    .permute_kernel = VCK_NAME(permute_kernel),
    .prologue = VCK_NAME(prologue),
    .epilogue = VCK_NAME(epilogue),
    .activation_gradient = VCK_NAME(activation_gradient),
    .channel_sums = VCK_NAME(channel_sums),
    .gradient_sums = VCK_NAME(gradient_sums),
    .softmax_step = VCK_NAME(softmax_step),
    .scale_rows = VCK_NAME(scale_rows),
    .multiply_add_chains = VCK_NAME(multiply_add_chains),
    .lanes = VCK_LANES,
    .store_rows = VCK_NAME(store_rows),
    .fold_kernels = VCK_NAME(fold_kernels),
    .winograd = {WINOGRAD(4, 2), WINOGRAD(4, 3), WINOGRAD(6, 3)},
    .winograd_gradient = VCK_NAME(winograd_gradient),
    .winograd_kernel_gradient = VCK_NAME(winograd_kernel_gradient),
};

#undef VECTOR
#undef INTEGERS
#undef DOUBLES
#undef VCK_INTERLEAVED_LOW
#undef VCK_INTERLEAVED_HIGH
#undef WINOGRAD
