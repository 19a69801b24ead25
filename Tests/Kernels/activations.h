#pragma once

#include "CKernels.h"

/// An activation with its scalar twin.
typedef struct {
  const char *name;
  vck_activation activation;
  /// A bound of the derivative, by which an error of the argument grows.
  double slope;
  /// The function in f64.
  double (*value)(double x);
  /// The largest error of the kernel's result at x.
  double (*error)(double x);
  /// The derivative in f64; that of ReLU at 0 is 0.
  double (*derivative)(double x);
  /// The largest error of the kernel's derivative at x.
  double (*derivative_error)(double x);
} activation_twin;

/// A bound of the second derivatives, by which an error of the argument grows.
#define LARGEST_CURVATURE 0.6

enum { ACTIVATION_COUNT = 5 };
extern const activation_twin activations[ACTIVATION_COUNT];

/// The largest relative error of the kernels' exp: one of 2 roundings to f32 in each of 7 Horner
/// steps, damped by powers of |r| <= ln 2 / 2, comes to 5.5 of them, r and the cut-off to 0.8.
#define EXP_ERROR (8 * 0x1p-24)

/// What exp(x) is at most where the kernels say 0: below -87.3.
#define EXP_FLOOR 1.3e-38
