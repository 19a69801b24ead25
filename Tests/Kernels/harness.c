#include "harness.h"

#include <sanitizer/asan_interface.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
  // Four cache lines: more than a vector of any kernel.
  GUARD = 256,
  GUARD_VALUE = 0xA5,
  // Where the values start behind a guard.
  OFFSET = 8,
  // A broken kernel fails thousands of times; the first messages are enough.
  MESSAGE_LIMIT = 20,
};

void describe(suite *suite, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(suite->label, sizeof suite->label, format, arguments);
  va_end(arguments);
}

static void fail(suite *suite, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void fail(suite *suite, const char *format, ...) {
  if (suite->failures++ >= MESSAGE_LIMIT) return;
  fprintf(stderr, "%s, %s: ", suite->kernels->name, suite->label);
  va_list arguments;
  va_start(arguments, format);
  vfprintf(stderr, format, arguments);
  va_end(arguments);
  fputc('\n', stderr);
}

void check(suite *suite, int holds, const char *what) {
  suite->checks++;
  if (!holds) fail(suite, "%s", what);
}

// SplitMix64 (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", 2014).
static uint64_t random_bits(suite *suite) {
  uint64_t z = suite->random += 0x9E3779B97F4A7C15u;
  z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
  z = (z ^ z >> 27) * 0x94D049BB133111EBu;
  return z ^ z >> 31;
}

float random_float(suite *suite, double limit) {
  const double signed_fraction = (double)(random_bits(suite) >> 40) * 0x1p-23 - 1;
  return (float)(signed_fraction * limit);
}

static void *allocate(size_t byte_count) {
  // A multiple of the alignment, as aligned_alloc asks for.
  void *memory = aligned_alloc(64, (byte_count + 64) / 64 * 64);
  if (memory) return memory;
  fprintf(stderr, "out of memory for %zu bytes\n", byte_count);
  exit(1);
}

void *guarded_new(size_t byte_count) {
  const size_t left = GUARD + OFFSET;
  uint8_t *base = allocate(left + byte_count + GUARD);
  memset(base, GUARD_VALUE, left + byte_count + GUARD);
  ASAN_POISON_MEMORY_REGION(base, left);
  ASAN_POISON_MEMORY_REGION(base + left + byte_count, GUARD);
  return base + left;
}

void guarded_end(suite *suite, void *memory, size_t byte_count, const char *role) {
  const size_t left = GUARD + OFFSET;
  uint8_t *base = (uint8_t *)memory - left;
  ASAN_UNPOISON_MEMORY_REGION(base, left + byte_count + GUARD);
  size_t damaged = 0;
  for (size_t i = 0; i < left; i++) damaged += base[i] != GUARD_VALUE;
  for (size_t i = 0; i < GUARD; i++) damaged += base[left + byte_count + i] != GUARD_VALUE;
  suite->checks++;
  if (damaged) fail(suite, "%zu bytes written around %s", damaged, role);
  free(base);
}

buffer buffer_new(suite *suite, size_t count, double limit) {
  const size_t byte_count = count * sizeof(float);
  buffer made = {guarded_new(byte_count), count, allocate(byte_count),
                 allocate(count * sizeof(expectation))};
  for (size_t i = 0; i < count; i++) {
    buffer_set(&made, i, random_float(suite, limit));
    made.expected[i].bound = -1;
  }
  return made;
}

void buffer_set(buffer *buffer, size_t index, float value) {
  buffer->values[index] = buffer->before[index] = value;
}

void expect(buffer *buffer, size_t index, double value, double bound) {
  buffer->expected[index] = (expectation){value, bound};
}

void expect_anything(buffer *buffer, size_t index, size_t count) {
  for (size_t i = index; i < index + count; i++) expect(buffer, i, 0, INFINITY);
}

static int is_met(const buffer *buffer, size_t index) {
  const expectation expected = buffer->expected[index];
  const float found = buffer->values[index];
  if (expected.bound < 0) return memcmp(&found, buffer->before + index, sizeof found) == 0;
  if (isinf(expected.bound)) return 1;
  if (isnan(expected.value)) return isnan(found);
  if (isinf(expected.value)) return found == expected.value;
  return fabs(found - expected.value) <= expected.bound;
}

void buffer_end(suite *suite, buffer *buffer, const char *role) {
  for (size_t i = 0; i < buffer->count; i++) {
    const expectation expected = buffer->expected[i];
    suite->checks += !isinf(expected.bound);
    if (is_met(buffer, i)) continue;
    if (expected.bound < 0)
      fail(suite, "%s[%zu] was to stay %.9g and is %.9g", role, i, buffer->before[i],
           buffer->values[i]);
    else
      fail(suite, "%s[%zu] is %.9g, expected %.9g within %.3g", role, i, buffer->values[i],
           expected.value, expected.bound);
  }
  guarded_end(suite, buffer->values, buffer->count * sizeof(float), role);
  free(buffer->before);
  free(buffer->expected);
}
