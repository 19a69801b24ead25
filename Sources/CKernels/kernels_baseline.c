#define VCK_NAME(op) vck_##op##_baseline
#define VCK_ISA_NAME "baseline"
#define VCK_LANES 4
#define VCK_GEMM_ROWS 4

#include "kernels_template.h"
