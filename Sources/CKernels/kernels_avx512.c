#if defined(__x86_64__)

#define VCK_NAME(op) vck_##op##_avx512
#define VCK_ISA_NAME "avx512"
#define VCK_FEATURES VCK_CPU_FOR_AVX512
#define VCK_LANES 16
#define VCK_GEMM_ROWS 12

// The system headers must not be compiled for this instruction set.
#include <math.h>
#include <string.h>

#include "CKernels.h"

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,f16c"))), apply_to = function)
#include "kernels_template.h"
#pragma clang attribute pop

#endif
