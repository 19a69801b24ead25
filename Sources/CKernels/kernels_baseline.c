#define VCK_NAME(op) vck_##op##_baseline
#define VCK_ISA_NAME "baseline"

#include "kernels_template.h"
