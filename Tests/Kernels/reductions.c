#include "activations.h"
#include "harness.h"

// Tests of the kernels that reduce rows or pixels to a few numbers.

// The sums of the epilogue: x and x^2 for each channel, over what they held before.
static void check_sums(suite *suite, const double *sums, const double *before, const buffer *x,
                       size_t pixels, size_t channels) {
  for (size_t c = 0; c < channels; c++) {
    double sum = before[c], square = before[channels + c];
    double magnitude = fabs(sum), square_magnitude = fabs(square);
    for (size_t p = 0; p < pixels; p++) {
      const double value = x->values[p * channels + c];
      sum += value;
      magnitude += fabs(value);
      square += value * value;
      square_magnitude += value * value;
    }
    // Roundings to f64 of the kernel and of this twin; squares of floats are exact in f64.
    const double unit = 2 * (double)pixels * 0x1p-53;
    check(suite, fabs(sums[c] - sum) <= unit * magnitude, "a sum is wrong");
    check(suite, fabs(sums[channels + c] - square) <= unit * square_magnitude,
          "a sum of squares is wrong");
  }
}

static void test_epilogue(suite *suite, const activation_twin *twin, size_t pixels,
                          size_t channels, int has_bias, int has_sums) {
  describe(suite, "epilogue with %s, pixels %zu, channels %zu, bias %d, sums %d", twin->name,
           pixels, channels, has_bias, has_sums);
  const size_t count = pixels * channels, sums_size = 2 * channels * sizeof(double);
  buffer x = buffer_new(suite, count, 4), bias = buffer_new(suite, channels, 2);
  double *sums = guarded_new(sums_size), before[2 * 33];
  for (size_t i = 0; i < 2 * channels; i++) sums[i] = before[i] = random_float(suite, 5);
  for (size_t i = 0; i < count; i++) {
    const double summand = has_bias ? bias.before[i % channels] : 0;
    const double argument = x.before[i] + summand;
    const double argument_error = has_bias ? roundings(1, fabs(argument)) : 0;
    expect(&x, i, twin->value(argument), twin->slope * argument_error + twin->error(argument));
  }
  const int is_finite =
      suite->kernels->epilogue(x.values, pixels, channels, has_bias ? bias.values : NULL,
                               twin->activation, has_sums ? sums : NULL);
  check(suite, is_finite == 1, "finite values are said to be not so");
  if (has_sums)
    check_sums(suite, sums, before, &x, pixels, channels);
  else
    for (size_t i = 0; i < 2 * channels; i++)
      check(suite, sums[i] == before[i], "sums that were not given are written");
  buffer_end(suite, &x, "x");
  buffer_end(suite, &bias, "bias");
  guarded_end(suite, sums, sums_size, "sums");
}

// The sums are those that f64 has in the order of the pixels, to the bit.
static void test_channel_sums(suite *suite, size_t pixels, size_t channels) {
  describe(suite, "channel_sums, pixels %zu, channels %zu", pixels, channels);
  buffer x = buffer_new(suite, pixels * channels, 4);
  const size_t sums_size = channels * sizeof(double);
  double *sums = guarded_new(sums_size), expected[33];
  for (size_t c = 0; c < channels; c++) {
    sums[c] = expected[c] = random_float(suite, 5);
    for (size_t p = 0; p < pixels; p++) expected[c] += x.before[p * channels + c];
  }
  suite->kernels->channel_sums(sums, x.values, pixels, channels);
  for (size_t c = 0; c < channels; c++) check(suite, sums[c] == expected[c], "a sum is wrong");
  buffer_end(suite, &x, "x");
  guarded_end(suite, sums, sums_size, "sums");
}

// With identity the sums are those of g and of g x, exactly as f64 has them; with other activations the
// slopes are those of activation_gradient.
static void test_gradient_sums(suite *suite, const activation_twin *twin, size_t pixels,
                               size_t channels) {
  describe(suite, "gradient_sums with %s, pixels %zu, channels %zu", twin->name, pixels,
           channels);
  const size_t count = pixels * channels, sums_size = 2 * channels * sizeof(double);
  buffer g = buffer_new(suite, count, 2), x = buffer_new(suite, count, 4);
  buffer scale = buffer_new(suite, channels, 3), shift = buffer_new(suite, channels, 2);
  double *sums = guarded_new(sums_size), before[2 * 33];
  for (size_t i = 0; i < 2 * channels; i++) sums[i] = before[i] = random_float(suite, 5);
  suite->kernels->gradient_sums(sums, g.values, x.values, pixels, channels, scale.values,
                                shift.values, twin->activation);
  for (size_t c = 0; c < channels; c++) {
    double sum = before[c], product = before[channels + c], error = 0, product_error = 0;
    for (size_t i = c; i < count; i += channels) {
      const double scaled = (double)x.before[i] * scale.before[c], u = scaled + shift.before[c];
      const double argument_error = roundings(2, fabs(scaled) + fabs((double)shift.before[c]));
      const double h = g.before[i] * twin->derivative(u);
      const int is_corner =
          twin->activation.kind == VCK_ACTIVATION_RELU && fabs(u) <= argument_error;
      const double h_error = fabs((double)g.before[i])
              * (is_corner ? 1 : twin->derivative_error(u) + LARGEST_CURVATURE * argument_error)
          + roundings(1, fabs(h));
      sum += h;
      product += h * x.before[i];
      error += h_error + fabs(h) * 0x1p-50;
      product_error += (h_error + fabs(h) * 0x1p-50) * fabs((double)x.before[i]);
    }
    check(suite, fabs(sums[c] - sum) <= error + 0x1p-48, "a sum is wrong");
    check(suite, fabs(sums[channels + c] - product) <= product_error + 0x1p-48,
          "a sum of products is wrong");
  }
  buffer_end(suite, &g, "g");
  buffer_end(suite, &x, "x");
  buffer_end(suite, &scale, "scale");
  buffer_end(suite, &shift, "shift");
  guarded_end(suite, sums, sums_size, "sums");
}

// A value that is not finite is found wherever it stands.
static void test_epilogue_overflow(suite *suite, size_t channels, float value) {
  describe(suite, "epilogue of %g, channels %zu", value, channels);
  const size_t pixels = 2, count = pixels * channels;
  const activation_twin *identity = &activations[0];
  for (size_t place = 0; place < count; place++) {
    buffer x = buffer_new(suite, count, 1);
    buffer_set(&x, place, value);
    const int is_finite =
        suite->kernels->epilogue(x.values, pixels, channels, NULL, identity->activation, NULL);
    check(suite, is_finite == 0, "a value that is not finite is missed");
    buffer_end(suite, &x, "x");
  }
}

// A row of a running softmax: its maximum, its total and the factor of what was summed before.
typedef struct {
  buffer maximum;
  buffer total;
  buffer correction;
} softmax_state;

// What one step makes of row `row`. All arguments of exp are differences from the largest scaled
// score: each of the two is rounded once, and so is the difference.
static void expect_softmax_row(buffer *scores, softmax_state *state, size_t row, size_t columns,
                               size_t stride, double scale) {
  const double old = state->maximum.before[row];
  double largest = old, sum = 0, sum_error = 0;
  for (size_t i = 0; i < columns; i++)
    largest = fmax(largest, scale * scores->before[row * stride + i]);
  expect(&state->maximum, row, largest, largest > old ? roundings(1, fabs(largest)) : 0);
  for (size_t i = row * stride; i < row * stride + columns; i++) {
    const double s = scale * scores->before[i], value = exp(s - largest);
    const double argument_error = roundings(1, fabs(s) + fabs(largest) + 2 * fabs(s - largest));
    const double error = value * (expm1(argument_error) + EXP_ERROR) + EXP_FLOOR;
    expect(scores, i, value, error);
    sum += value;
    sum_error += error;
  }
  const double correction = exp(old - largest), total = state->total.before[row] * correction + sum;
  const double argument_error =
      isinf(old) ? 0 : roundings(1, fabs(largest) + 2 * fabs(old - largest));
  const double error = correction * (expm1(argument_error) + EXP_ERROR) + EXP_FLOOR;
  expect(&state->correction, row, correction, error);
  expect(&state->total, row, total,
         state->total.before[row] * error + sum_error + roundings(columns + 2, total + sum_error));
}

static void test_softmax_step(suite *suite, size_t rows, size_t columns, size_t gap, float limit,
                              int is_first) {
  describe(suite, "softmax_step, rows %zu, columns %zu, gap %zu, scores to %g, first %d", rows,
           columns, gap, limit, is_first);
  const size_t stride = columns + gap;
  const float scale = 0.35f;
  buffer scores = buffer_new(suite, rows * stride, limit);
  softmax_state state = {buffer_new(suite, rows, limit), buffer_new(suite, rows, 1),
                         buffer_new(suite, rows, 1)};
  for (size_t row = 0; row < rows; row++) {
    if (is_first) buffer_set(&state.maximum, row, -INFINITY);
    buffer_set(&state.total, row, is_first ? 0 : 1 + fabsf(state.total.before[row]));
    expect_softmax_row(&scores, &state, row, columns, stride, scale);
  }
  suite->kernels->softmax_step(scores.values, rows, columns, stride, scale, state.maximum.values,
                               state.total.values, state.correction.values);
  buffer_end(suite, &scores, "scores");
  buffer_end(suite, &state.maximum, "maximum");
  buffer_end(suite, &state.total, "total");
  buffer_end(suite, &state.correction, "correction");
}

static void test_softmax_sizes(suite *suite, size_t columns) {
  for (size_t rows = 0; rows <= 3; rows++)
    for (size_t gap = 0; gap <= 3; gap += 3)
      for (int is_first = 0; is_first < 2; is_first++) {
        // A first step over no scores has no largest one.
        if (columns == 0 && is_first) continue;
        test_softmax_step(suite, rows, columns, gap, 4, is_first);
        test_softmax_step(suite, rows, columns, gap, 600, is_first);
      }
}

void test_reductions(suite *suite) {
  for (size_t i = 0; i < SIZE_COUNT; i++) {
    const size_t size = sizes[i];
    for (size_t a = 0; a < ACTIVATION_COUNT; a++)
      for (size_t pixels = 0; pixels <= 3; pixels++)
        for (int option = 0; option < 4; option++)
          test_epilogue(suite, &activations[a], pixels, size, option & 1, option >> 1);
    for (size_t pixels = 0; pixels <= 3; pixels++) test_channel_sums(suite, pixels, size);
    for (size_t a = 0; a < ACTIVATION_COUNT; a++)
      for (size_t pixels = 0; pixels <= 3; pixels++)
        test_gradient_sums(suite, &activations[a], pixels, size);
    test_epilogue_overflow(suite, size, NAN);
    test_epilogue_overflow(suite, size, INFINITY);
    test_epilogue_overflow(suite, size, -INFINITY);
    test_softmax_sizes(suite, size);
  }
}
