#include "activations.h"

#include "harness.h"

enum { CLAMP_LIMIT = 3, AFFINE_SCALE = 2, AFFINE_SHIFT = -1 };

static double identity(double x) { return x; }

static double no_error(double x) {
  (void)x;
  return 0;
}

static double silu(double x) { return x / (1 + exp(-x)); }

// exp's error is damped by e / (1 + e); the sum and the quotient are rounded. From -88 down kernels
// may give 0, which is at most 88 exp(-88) < 5.4e-37 away.
static double silu_error(double x) {
  const double floor = x < -88 ? 5.4e-37 : 0;
  return EXP_ERROR * fabs(silu(x)) + roundings(2, fabs(silu(x))) + floor;
}

static double relu(double x) { return x < 0 ? 0 : x; }

static double soft_clamp(double x) { return CLAMP_LIMIT * tanh(x / CLAMP_LIMIT); }

// With e = exp(-2|x|), tanh is (1 - e) / (1 + e), whose derivative 2 / (1 + e)^2 makes at most a
// half of an error relative to e <= 1; three more operations round. Below 0.1 the odd series rounds
// 6 times. The quotient before and the product after round as well.
static double soft_clamp_error(double x) {
  const double t = fabs(tanh(x / CLAMP_LIMIT));
  const int is_series = fabs(x / CLAMP_LIMIT) < 0.0999;
  const double error = is_series ? roundings(6, t) : EXP_ERROR / 2 + roundings(3, t);
  return CLAMP_LIMIT * (error + roundings(2, t));
}

static double affine(double x) { return AFFINE_SCALE * x + AFFINE_SHIFT; }

static double affine_error(double x) {
  return roundings(2, fabs(AFFINE_SCALE * x) + fabs((double)AFFINE_SHIFT));
}

static double one(double x) {
  (void)x;
  return 1;
}

static double silu_slope(double x) {
  const double s = 1 / (1 + exp(-x));
  return s + x * s / (1 + exp(x));
}

// exp's error counts twice in s (1 - s), and once in s; seven operations round. From -88 on exp(-x) is
// held to 1.7e38.
static double silu_slope_error(double x) {
  const double s = 1 / (1 + exp(-x)), product = fabs(x) * s / (1 + exp(x));
  const double floor = x < -87 ? fabs(x) * 1.2e-38 : 0;
  return 2 * EXP_ERROR * (s + product) + roundings(7, s + product) + floor;
}

static double relu_slope(double x) { return x > 0; }

static double soft_clamp_slope(double x) {
  const double t = tanh(x / CLAMP_LIMIT);
  return 1 - t * t;
}

static double soft_clamp_slope_error(double x) {
  const double t = fabs(tanh(x / CLAMP_LIMIT));
  return 2 * t * soft_clamp_error(x) / CLAMP_LIMIT + roundings(2, 1 + t * t);
}

static double affine_slope(double x) {
  (void)x;
  return AFFINE_SCALE;
}

const activation_twin activations[ACTIVATION_COUNT] = {
    {"identity", {VCK_ACTIVATION_IDENTITY, 0, 0}, 1, identity, no_error, one, no_error},
    {"silu", {VCK_ACTIVATION_SILU, 0, 0}, 1.1, silu, silu_error, silu_slope, silu_slope_error},
    {"relu", {VCK_ACTIVATION_RELU, 0, 0}, 1, relu, no_error, relu_slope, no_error},
    {"soft clamp", {VCK_ACTIVATION_SOFT_CLAMP, CLAMP_LIMIT, 0}, 1, soft_clamp, soft_clamp_error,
     soft_clamp_slope, soft_clamp_slope_error},
    {"affine", {VCK_ACTIVATION_AFFINE, AFFINE_SCALE, AFFINE_SHIFT}, 2, affine, affine_error, affine_slope, no_error},
};
