#include <string.h>

#include "activations.h"
#include "harness.h"

// Tests of the kernels that move, convert or compute value by value.

// The value of an IEEE 754 half.
static double half_value(uint16_t bits) {
  const int exponent = bits >> 10 & 0x1F;
  const double fraction = bits & 0x3FF, sign = bits & 0x8000 ? -1 : 1;
  if (exponent == 31) return fraction ? NAN : sign * INFINITY;
  return sign * (exponent ? ldexp(1024 + fraction, exponent - 25) : ldexp(fraction, -24));
}

// The value of the upper half of a float.
static double bfloat_value(uint16_t bits) {
  const uint32_t wide = (uint32_t)bits << 16;
  float value;
  memcpy(&value, &wide, sizeof value);
  return value;
}

// `count` 16-bit floats from `first` on, `step` apart, at an odd address.
static void test_convert_half(suite *suite, vck_dtype dtype, size_t count, uint16_t first,
                              uint16_t step) {
  describe(suite, "convert from %s, count %zu", dtype == VCK_DTYPE_F16 ? "f16" : "bf16", count);
  const size_t byte_count = 2 * count + 1;
  uint8_t *src = guarded_new(byte_count);
  buffer dst = buffer_new(suite, count, 1);
  for (size_t i = 0; i < count; i++) {
    const uint16_t bits = (uint16_t)(first + i * step);
    memcpy(src + 1 + 2 * i, &bits, sizeof bits);
    expect(&dst, i, dtype == VCK_DTYPE_F16 ? half_value(bits) : bfloat_value(bits), 0);
  }
  suite->kernels->convert(dst.values, src + 1, dtype, count);
  for (size_t i = 0; i < count; i++) {
    const uint16_t bits = (uint16_t)(first + i * step);
    check(suite, !signbit(dst.values[i]) == !(bits & 0x8000), "a sign is lost");
  }
  guarded_end(suite, src, byte_count, "src");
  buffer_end(suite, &dst, "dst");
}

static void test_convert_float(suite *suite, size_t count) {
  describe(suite, "convert from f32, count %zu", count);
  const size_t byte_count = 4 * count + 3;
  uint8_t *src = guarded_new(byte_count);
  buffer dst = buffer_new(suite, count, 1);
  for (size_t i = 0; i < count; i++) {
    const float value = random_float(suite, 1e30);
    memcpy(src + 3 + 4 * i, &value, sizeof value);
    expect(&dst, i, value, 0);
  }
  suite->kernels->convert(dst.values, src + 3, VCK_DTYPE_F32, count);
  guarded_end(suite, src, byte_count, "src");
  buffer_end(suite, &dst, "dst");
}

static void test_permute_kernel(suite *suite, size_t channels, size_t taps) {
  describe(suite, "permute_kernel, channels %zu, taps %zu", channels, taps);
  buffer src = buffer_new(suite, channels * taps, 1);
  buffer dst = buffer_new(suite, channels * taps, 1);
  for (size_t t = 0; t < taps; t++)
    for (size_t c = 0; c < channels; c++)
      expect(&dst, t * channels + c, src.before[c * taps + t], 0);
  suite->kernels->permute_kernel(dst.values, src.values, channels, taps);
  buffer_end(suite, &src, "src");
  buffer_end(suite, &dst, "dst");
}

static void test_scale_rows(suite *suite, size_t rows, size_t columns) {
  describe(suite, "scale_rows, rows %zu, columns %zu", rows, columns);
  buffer x = buffer_new(suite, rows * columns, 3), factor = buffer_new(suite, rows, 2);
  for (size_t i = 0; i < rows * columns; i++) {
    const double product = (double)x.before[i] * factor.before[i / columns];
    expect(&x, i, product, roundings(1, fabs(product)));
  }
  suite->kernels->scale_rows(x.values, rows, columns, factor.values);
  buffer_end(suite, &x, "x");
  buffer_end(suite, &factor, "factor");
}

static void test_prologue(suite *suite, const activation_twin *twin, size_t channels,
                          int has_norm, int in_place) {
  const size_t pixels = 3, count = pixels * channels;
  describe(suite, "prologue with %s, channels %zu, norm %d, in place %d", twin->name, channels,
           has_norm, in_place);
  buffer src = buffer_new(suite, count, 4), dst = buffer_new(suite, count, 1);
  buffer scale = buffer_new(suite, channels, 3), shift = buffer_new(suite, channels, 2);
  buffer *out = in_place ? &src : &dst;
  for (size_t i = 0; i < count; i++) {
    const double factor = has_norm ? scale.before[i % channels] : 1;
    const double product = src.before[i] * factor;
    const double summand = has_norm ? shift.before[i % channels] : 0;
    const double argument_error = has_norm ? roundings(2, fabs(product) + fabs(summand)) : 0;
    const double x = product + summand;
    expect(out, i, twin->value(x), twin->slope * argument_error + twin->error(x));
  }
  suite->kernels->prologue(out->values, src.values, pixels, channels,
                           has_norm ? scale.values : NULL, has_norm ? shift.values : NULL,
                           twin->activation);
  buffer_end(suite, &src, "src");
  buffer_end(suite, &dst, "dst");
  buffer_end(suite, &scale, "scale");
  buffer_end(suite, &shift, "shift");
}

// Whether rounding may put an argument on the other side of ReLU's corner.
static int is_at_corner(const activation_twin *twin, double x, double error) {
  return twin->activation.kind == VCK_ACTIVATION_RELU && fabs(x) <= error;
}

static void test_activation_gradient(suite *suite, const activation_twin *twin, size_t channels,
                                     int has_norm, int has_addend) {
  const size_t pixels = 3, count = pixels * channels;
  describe(suite, "activation_gradient of %s, channels %zu, norm %d, addend %d", twin->name,
           channels, has_norm, has_addend);
  buffer g = buffer_new(suite, count, 2), x = buffer_new(suite, count, 4);
  buffer dst = buffer_new(suite, count, 1), addend = buffer_new(suite, count, 2);
  buffer scale = buffer_new(suite, channels, 3), shift = buffer_new(suite, channels, 2);
  buffer slope = buffer_new(suite, channels, 1), offset = buffer_new(suite, channels, 1);
  for (size_t i = 0; i < count; i++) {
    const size_t c = i % channels;
    const double product = (double)x.before[i] * (has_norm ? scale.before[c] : 1);
    const double u = product + (has_norm ? shift.before[c] : 0);
    const double argument_error =
        has_norm ? roundings(2, fabs(product) + fabs((double)shift.before[c])) : 0;
    const double factor = g.before[i] * (has_norm ? (double)scale.before[c] : 1);
    const double main_part = factor * twin->derivative(u);
    const double linear = has_norm ? x.before[i] * (double)slope.before[c] : 0;
    const double constant = has_norm ? offset.before[c] : 0;
    const double other = has_addend ? addend.before[i] : 0;
    const double magnitude = fabs(main_part) + fabs(linear) + fabs(constant) + fabs(other);
    const double error = fabs(factor)
        * (twin->derivative_error(u) + LARGEST_CURVATURE * argument_error);
    if (is_at_corner(twin, u, argument_error))
      expect_anything(&dst, i, 1);
    else
      expect(&dst, i, main_part + linear + constant + other, error + roundings(6, magnitude));
  }
  const vck_gradient_coefficients norm = {scale.values, shift.values, slope.values,
                                          offset.values};
  const int is_finite = suite->kernels->activation_gradient(
      dst.values, g.values, x.values, has_addend ? addend.values : NULL, pixels, channels,
      has_norm ? &norm : NULL, twin->activation);
  check(suite, is_finite == 1, "finite values are said to be not so");
  buffer_end(suite, &g, "g");
  buffer_end(suite, &x, "x");
  buffer_end(suite, &dst, "dst");
  buffer_end(suite, &addend, "addend");
  buffer_end(suite, &scale, "scale");
  buffer_end(suite, &shift, "shift");
  buffer_end(suite, &slope, "slope");
  buffer_end(suite, &offset, "offset");
}

// A derivative over all that it may meet; of what is not finite, nothing is said.
static void test_derivative_range(suite *suite, const activation_twin *twin) {
  enum { NEAR = 2001, FAR = 20001 };
  const size_t count = NEAR + FAR;
  describe(suite, "activation_gradient of %s over its range", twin->name);
  buffer g = buffer_new(suite, count, 1), x = buffer_new(suite, count, 1);
  for (size_t i = 0; i < count; i++) {
    const float near = ((float)i - NEAR / 2) * 1e-5f;
    const float far = ((float)i - NEAR - FAR / 2) / 75;
    buffer_set(&x, i, i < NEAR ? near : far);
    buffer_set(&g, i, 1);
    expect(&g, i, twin->derivative(x.before[i]), twin->derivative_error(x.before[i]));
  }
  suite->kernels->activation_gradient(g.values, g.values, x.values, NULL, 1, count, NULL,
                                      twin->activation);
  buffer_end(suite, &g, "dst");
  buffer_end(suite, &x, "x");
}

// An activation over all it may meet: where exp ends on either side, near 0, subnormal, special. With
// a norm, of 1 and 0 here, vectors of channels take another way than without.
static void test_activation_range(suite *suite, const activation_twin *twin, int has_norm) {
  static const float extremes[] = {
      0,       -0.0f,   87.3f,  -87.3f, 88.3f,    -88.3f,
      88.4f,   -88.4f,  500,    -500,   1e10f,    -1e10f,
      3e37f,   -3e37f,  1e-30f, 1e-45f, 0.1f,     -0.1f,
      0.2997f, 0.3003f, NAN,    -NAN,   INFINITY, -INFINITY,
  };
  enum { EXTREMES = sizeof extremes / sizeof extremes[0], NEAR = 2001, FAR = 20001 };
  const size_t count = EXTREMES + NEAR + FAR;
  describe(suite, "prologue with %s over its range, norm %d", twin->name, has_norm);
  buffer x = buffer_new(suite, count, 1);
  buffer scale = buffer_new(suite, count, 1), shift = buffer_new(suite, count, 1);
  for (size_t i = 0; i < count; i++) {
    const float near = ((float)i - NEAR / 2) * 1e-5f;
    const float far = ((float)i - NEAR - FAR / 2) / 75;
    buffer_set(&x, i, i < NEAR ? near : i < NEAR + FAR ? far : extremes[i - NEAR - FAR]);
    buffer_set(&scale, i, 1);
    buffer_set(&shift, i, 0);
    expect(&x, i, twin->value(x.before[i]), twin->error(x.before[i]));
  }
  suite->kernels->prologue(x.values, x.values, 1, count, has_norm ? scale.values : NULL,
                           has_norm ? shift.values : NULL, twin->activation);
  buffer_end(suite, &x, "dst");
  buffer_end(suite, &scale, "scale");
  buffer_end(suite, &shift, "shift");
}

void test_pointwise(suite *suite) {
  const vck_dtype halves[] = {VCK_DTYPE_F16, VCK_DTYPE_BF16};
  for (size_t d = 0; d < 2; d++) test_convert_half(suite, halves[d], 65536, 0, 1);
  for (size_t i = 0; i < SIZE_COUNT; i++) {
    const size_t size = sizes[i];
    for (size_t d = 0; d < 2; d++) test_convert_half(suite, halves[d], size, 0x1234, 0x0357);
    test_convert_float(suite, size);
    for (size_t taps = 1; taps <= 9; taps++) test_permute_kernel(suite, size, taps);
    for (size_t rows = 0; rows <= 3; rows++) test_scale_rows(suite, rows, size);
    for (size_t a = 0; a < ACTIVATION_COUNT; a++)
      for (int option = 0; option < 4; option++)
        test_prologue(suite, &activations[a], size, option & 1, option >> 1);
    for (size_t a = 0; a < ACTIVATION_COUNT; a++)
      for (int option = 0; option < 4; option++)
        test_activation_gradient(suite, &activations[a], size, option & 1, option >> 1);
  }
  for (size_t a = 0; a < ACTIVATION_COUNT; a++) test_derivative_range(suite, &activations[a]);
  // More channels than a pixel's slopes have room for at a time.
  test_activation_gradient(suite, &activations[1], 1025, 1, 1);
  for (size_t a = 0; a < ACTIVATION_COUNT; a++)
    for (int has_norm = 0; has_norm < 2; has_norm++)
      test_activation_range(suite, &activations[a], has_norm);
}
