#pragma once

#include <stddef.h>

#include "CKernels.h"

/// A matrix, row by row.
typedef struct {
  size_t rows;
  size_t columns;
  const double *values;
} matrix;

/// The matrices of a form F(m, r) with t = m + r - 1 points.
typedef struct {
  const char *name;
  /// B^T, t x t.
  matrix input;
  /// G, t x r.
  matrix kernel;
  /// A^T, m x t.
  matrix output;
} winograd_twin;

/// By vck_winograd_form.
extern const winograd_twin winograd_twins[VCK_WINOGRAD_COUNT];
