#include "CKernels.h"

#if defined(__x86_64__)
#include <cpuid.h>
#endif

extern const vck_kernels vck_kernels_baseline;
extern const vck_matrix_kernel vck_matrix_panels_baseline, vck_matrix_half_panels_baseline,
    vck_matrix_columns_baseline;
#if defined(__x86_64__)
extern const vck_kernels vck_kernels_avx2, vck_kernels_avx512;
extern const vck_matrix_kernel vck_matrix_panels_avx2, vck_matrix_half_panels_avx2, vck_matrix_columns_avx2;
extern const vck_matrix_kernel vck_matrix_panels_avx512, vck_matrix_half_panels_avx512,
    vck_matrix_columns_avx512;
#endif

#if defined(__x86_64__)

// The registers that the system keeps for a process (Intel SDM, volume 1, 13.3): bits 1 and 2 of XCR0
// stand for SSE and AVX, bits 5 to 7 for AVX-512.
static uint32_t kept_registers(void) {
  uint32_t low, high;
  __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return low;
}

// Intel SDM, volume 2, CPUID, leaves 1 and 7.
vck_cpu_features vck_this_cpu(void) {
  uint32_t a, b, c, d;
  if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_OSXSAVE)) return 0;
  const uint32_t kept = kept_registers();
  if ((kept & 0x06) != 0x06) return 0;
  vck_cpu_features features = (c & bit_FMA ? VCK_CPU_FMA : 0) | (c & bit_F16C ? VCK_CPU_F16C : 0);
  if (!__get_cpuid_count(7, 0, &a, &b, &c, &d)) return features;
  const uint32_t subleaves = a;
  features |= b & bit_AVX2 ? VCK_CPU_AVX2 : 0;
  if ((kept & 0xE0) != 0xE0) return features;
  features |= (b & bit_AVX512F ? VCK_CPU_AVX512F : 0) | (b & bit_AVX512BW ? VCK_CPU_AVX512BW : 0)
      | (b & bit_AVX512DQ ? VCK_CPU_AVX512DQ : 0) | (b & bit_AVX512VL ? VCK_CPU_AVX512VL : 0)
      | (c & bit_AVX512VNNI ? VCK_CPU_AVX512_VNNI : 0)
      | (d & bit_AVX512FP16 ? VCK_CPU_AVX512_FP16 : 0);
  if (subleaves > 0 && __get_cpuid_count(7, 1, &a, &b, &c, &d))
    features |= a & bit_AVX512BF16 ? VCK_CPU_AVX512_BF16 : 0;
  return features;
}

#else

vck_cpu_features vck_this_cpu(void) { return 0; }

#endif

const vck_kernels *const *vck_all_kernels(void) {
  static const vck_kernels *const all[] = {
#if defined(__x86_64__)
      &vck_kernels_avx512,
      &vck_kernels_avx2,
#endif
      &vck_kernels_baseline,
      NULL,
  };
  return all;
}

const vck_matrix_kernel *const *vck_matrix_kernels(void) {
  static const vck_matrix_kernel *const all[] = {
#if defined(__x86_64__)
      &vck_matrix_panels_avx512,
      &vck_matrix_half_panels_avx512,
      &vck_matrix_columns_avx512,
      &vck_matrix_panels_avx2,
      &vck_matrix_half_panels_avx2,
      &vck_matrix_columns_avx2,
#endif
      &vck_matrix_panels_baseline,
      &vck_matrix_half_panels_baseline,
      &vck_matrix_columns_baseline,
      NULL,
  };
  return all;
}
