#include <stdio.h>

#include "harness.h"

// The kernels of every instruction set of this machine against their scalar twins. Ends with status
// 1, and a line for each of the first failures, where one differs.
int main(void) {
  size_t failures = 0;
  for (const vck_kernels *const *next = vck_all_kernels(); *next; next++) {
    const vck_kernels *kernels = *next;
    if (kernels->features & ~vck_this_cpu()) continue;
    suite suite = {.kernels = kernels, .random = 1};
    test_pointwise(&suite);
    test_reductions(&suite);
    test_multiplication(&suite);
    test_winograd(&suite);
    printf("%s: %zu checks, %zu failures\n", kernels->name, suite.checks, suite.failures);
    failures += suite.failures;
  }
  return failures > 0;
}
