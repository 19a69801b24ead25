#include "CKernels.h"

extern const vck_kernels vck_kernels_baseline;
#if defined(__x86_64__)
extern const vck_kernels vck_kernels_avx2;
extern const vck_kernels vck_kernels_avx512;
#endif

vck_isa vck_best_isa(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  const int avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")
      && __builtin_cpu_supports("f16c");
  const int avx512 = avx2 && __builtin_cpu_supports("avx512f")
      && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq")
      && __builtin_cpu_supports("avx512vl");
  return avx512 ? VCK_ISA_AVX512 : avx2 ? VCK_ISA_AVX2 : VCK_ISA_BASELINE;
#else
  return VCK_ISA_BASELINE;
#endif
}

const vck_kernels *vck_kernels_for(vck_isa isa) {
  if (isa > vck_best_isa()) return NULL;
#if defined(__x86_64__)
  if (isa == VCK_ISA_AVX512) return &vck_kernels_avx512;
  if (isa == VCK_ISA_AVX2) return &vck_kernels_avx2;
#endif
  return &vck_kernels_baseline;
}
