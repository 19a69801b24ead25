#if defined(__x86_64__)

#define VCK_NAME(op) vck_##op##_avx2
#define VCK_ISA_NAME "avx2"
#define VCK_FEATURES VCK_CPU_FOR_AVX2
#define VCK_LANES 8
#define VCK_GEMM_ROWS 6

// The system headers must not be compiled for this instruction set.
#include <math.h>
#include <string.h>

#include "CKernels.h"

#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)
#include "kernels_template.h"
#pragma clang attribute pop

#endif
