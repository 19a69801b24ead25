/// The forms of Winograd's minimal filtering F(m x m, r x r) that there are transforms for.
enum WinogradForm: Hashable, Sendable, CaseIterable {
  /// F(4x4, 2x2): 25 products for 16 outputs.
  case f4x2
  /// F(4x4, 3x3): 36 products for 16 outputs.
  case f4x3
  /// F(6x6, 3x3): 64 products for 36 outputs. Fewest products, largest rounding errors: about 4.7e-6
  /// relative to the outputs in f32, beside 1.4e-6 for F(4x4, 3x3).
  case f6x3

  /// m: outputs of a side of a tile; the C kernels state it too, as `vck_winograd.tile`.
  var tileSide: Int {
    switch self {
    case .f4x2, .f4x3: 4
    case .f6x3: 6
    }
  }

  /// r: values of a side of a kernel; the C kernels state it too, as `vck_winograd.kernel`.
  var kernelSide: Int {
    switch self {
    case .f4x2: 2
    case .f4x3, .f6x3: 3
    }
  }

  /// Products of a side of a tile; as many input pixels are under it.
  var pointSide: Int { tileSide + kernelSide - 1 }
  /// Products of a tile.
  var pointCount: Int { pointSide * pointSide }
}
