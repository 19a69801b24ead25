#include "winograd_matrices.h"

// Winograd's matrices by Cook and Toom's construction (Lavin and Gray, "Fast Algorithms for
// Convolutional Neural Networks", 2016), scaled as the kernels scale them. For each the columns of
// A^T are the powers of the points of interpolation; a test shows that the three together convolve.

// F(4, 2): 0, 1, -1, 1/2 and infinity.
static const double input_4_2[5 * 5] = {
    1, -2,   -1,   2,    0,  //
    0, -0.5, 0.5,  1,    0,  //
    0, 0.5,  -1.5, 1,    0,  //
    0, -1,   0,    1,    0,  //
    0, 0.5,  -1,   -0.5, 1,
};
static const double kernel_4_2[5 * 2] = {
    1,        0,         //
    1,        1,         //
    -1. / 3,  1. / 3,    //
    -8. / 3,  -4. / 3,   //
    0,        1,
};
static const double output_4_2[4 * 5] = {
    1, 1, 1,  1,     0,  //
    0, 1, -1, 0.5,   0,  //
    0, 1, 1,  0.25,  0,  //
    0, 1, -1, 0.125, 1,
};

// F(4, 3): 0, 1, -1, 1/2, -2 and infinity.
static const double input_4_3[6 * 6] = {
    1, -1.5, -2,   1.5,  1,   0,  //
    0, -1,   0.5,  2.5,  1,   0,  //
    0, 1,    -2.5, 0.5,  1,   0,  //
    0, -2,   -1,   2,    1,   0,  //
    0, 0.5,  -1,   -0.5, 1,   0,  //
    0, 1,    -1.5, -2,   1.5, 1,
};
static const double kernel_4_3[6 * 3] = {
    1,         0,        0,         //
    1. / 3,    1. / 3,   1. / 3,    //
    -1. / 3,   1. / 3,   -1. / 3,   //
    -16. / 15, -8. / 15, -4. / 15,  //
    1. / 15,   -2. / 15, 4. / 15,   //
    0,         0,        1,
};
static const double output_4_3[4 * 6] = {
    1, 1, 1,  1,     1,  0,  //
    0, 1, -1, 0.5,   -2, 0,  //
    0, 1, 1,  0.25,  4,  0,  //
    0, 1, -1, 0.125, -8, 1,
};

// F(6, 3): 0, 1, -1, 2, -2, 1/2, -1/2 and infinity.
static const double input_6_3[8 * 8] = {
    -1, 0,    5.25, 0,     -5.25, 0,     1, 0,  //
    0,  1,    1,    -4.25, -4.25, 1,     1, 0,  //
    0,  -1,   1,    4.25,  -4.25, -1,    1, 0,  //
    0,  0.5,  0.25, -2.5,  -1.25, 2,     1, 0,  //
    0,  -0.5, 0.25, 2.5,   -1.25, -2,    1, 0,  //
    0,  2,    4,    -2.5,  -5,    0.5,   1, 0,  //
    0,  -2,   4,    2.5,   -5,    -0.5,  1, 0,  //
    0,  -1,   0,    5.25,  0,     -5.25, 0, 1,
};
static const double kernel_6_3[8 * 3] = {
    -1,       0,         0,        //
    -2. / 9,  -2. / 9,   -2. / 9,  //
    -2. / 9,  2. / 9,    -2. / 9,  //
    1. / 90,  1. / 45,   2. / 45,  //
    1. / 90,  -1. / 45,  2. / 45,  //
    32. / 45, 16. / 45,  8. / 45,  //
    32. / 45, -16. / 45, 8. / 45,  //
    0,        0,         1,
};
static const double output_6_3[6 * 8] = {
    1, 1, 1,  1,  1,   1,       1,        0,  //
    0, 1, -1, 2,  -2,  0.5,     -0.5,     0,  //
    0, 1, 1,  4,  4,   0.25,    0.25,     0,  //
    0, 1, -1, 8,  -8,  0.125,   -0.125,   0,  //
    0, 1, 1,  16, 16,  0.0625,  0.0625,   0,  //
    0, 1, -1, 32, -32, 0.03125, -0.03125, 1,
};

const winograd_twin winograd_twins[VCK_WINOGRAD_COUNT] = {
    [VCK_WINOGRAD_4_2] = {"F(4, 2)", {5, 5, input_4_2}, {5, 2, kernel_4_2}, {4, 5, output_4_2}},
    [VCK_WINOGRAD_4_3] = {"F(4, 3)", {6, 6, input_4_3}, {6, 3, kernel_4_3}, {4, 6, output_4_3}},
    [VCK_WINOGRAD_6_3] = {"F(6, 3)", {8, 8, input_6_3}, {8, 3, kernel_6_3}, {6, 8, output_6_3}},
};
