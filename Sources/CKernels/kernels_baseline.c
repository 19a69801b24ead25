#define VCK_NAME(op) vck_##op##_baseline
#define VCK_ISA_NAME "baseline"
#define VCK_FEATURES 0
#define VCK_LANES 4
// AArch64 has 32 vector registers, x86-64 without AVX has 16.
#if defined(__aarch64__)
#define VCK_GEMM_ROWS 12
#else
#define VCK_GEMM_ROWS 4
#endif

#include "kernels_template.h"
