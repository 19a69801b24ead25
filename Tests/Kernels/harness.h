#pragma once

// What the tests of the kernels share: seeded random numbers, buffers between guard values that
// know what a kernel has to leave in them, and the count of what was checked. The scalar twins of
// the kernels, in f64, are the tests' own; bounds are counts of roundings times what they round.

#include <math.h>
#include <stddef.h>
#include <stdint.h>

#include "CKernels.h"

/// Around the widths of all vectors: 0, 1, and one less and one more than 8, 16 and 32.
static const size_t sizes[] = {0, 1, 7, 8, 9, 15, 16, 17, 31, 33};
enum { SIZE_COUNT = sizeof sizes / sizeof sizes[0] };

/// The tests of one instruction set.
typedef struct {
  const vck_kernels *kernels;
  /// The multiplication under test.
  const vck_matrix_kernel *matrix;
  /// The state of the random numbers.
  uint64_t random;
  /// Values compared so far.
  size_t checks;
  /// Comparisons that failed so far.
  size_t failures;
  /// The kernel and the sizes under test, for messages.
  char label[128];
} suite;

/// What a kernel has to leave in one float. A bound below 0 stands for the old bits, an infinite
/// one for anything.
typedef struct {
  double value;
  double bound;
} expectation;

/// Floats between guard values, which start 8 bytes behind a multiple of 64 so that no vector in
/// them is aligned. With AddressSanitizer the guards cannot be read either.
typedef struct {
  float *values;
  size_t count;
  /// The values from before the kernel ran, which its scalar twin reads.
  float *before;
  expectation *expected;
} buffer;

/// Names the kernel and the sizes that the following checks are about.
void describe(suite *suite, const char *format, ...) __attribute__((format(printf, 2, 3)));

/// Counts a check, and says what failed where `holds` is 0.
void check(suite *suite, int holds, const char *what);

/// A number of -limit...limit with 24 random bits.
float random_float(suite *suite, double limit);

/// `byte_count` bytes between guards.
void *guarded_new(size_t byte_count);

/// Checks that nothing was written around `memory`, and frees it.
void guarded_end(suite *suite, void *memory, size_t byte_count, const char *role);

/// `count` random floats of -limit...limit, all expected to be kept.
buffer buffer_new(suite *suite, size_t count, double limit);

/// Sets a float that a kernel is going to find.
void buffer_set(buffer *buffer, size_t index, float value);

/// Makes float `index` one to become `value`, give or take `bound`. NaN stands for any NaN.
void expect(buffer *buffer, size_t index, double value, double bound);

/// Lets a kernel write what it likes to `count` floats from `index` on.
void expect_anything(buffer *buffer, size_t index, size_t count);

/// Checks every float of the buffer and the guards around it, and frees it. `role` is the parameter
/// that the buffer was.
void buffer_end(suite *suite, buffer *buffer, const char *role);

/// The largest error of `count` roundings to f32, one after the other, of values up to `magnitude`.
static inline double roundings(size_t count, double magnitude) {
  const double unit = (double)count * 0x1p-24;
  // The second term is what subnormal results lose.
  return unit / (1 - unit) * magnitude + (double)count * 0x1p-150;
}

/// Tests convert, permute_kernel, prologue, activation_gradient and scale_rows.
void test_pointwise(suite *suite);

/// Tests epilogue, channel_sums, gradient_sums and softmax_step.
void test_reductions(suite *suite);

/// Tests the packing of right sides, the multiplications, store_rows and multiply_add_chains.
void test_multiplication(suite *suite);

/// Tests fold_kernels and the transforms of every form.
void test_winograd(suite *suite);
