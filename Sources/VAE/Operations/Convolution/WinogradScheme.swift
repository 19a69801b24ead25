/// How a 3x3 convolution is brought to Winograd's form.
///
/// A convolution of a doubled picture is four convolutions with 2x2 kernels of the stored one, one for
/// each phase of the output: a row of the kernel that falls onto the same stored row twice counts
/// twice. A convolution with a step of two is one with 2x2 kernels of half the resolution and four
/// times the channels, which are the four phases of the input.
enum WinogradScheme: Hashable, Sendable {
  /// As it stands.
  case plain(WinogradForm)
  /// Of the doubled input, in four phases of the output.
  case doubling
  /// With a step of two, from four phases of the input.
  case halving

  /// The rows and columns of a picture whose numbers are even or odd.
  struct Phase: Hashable, Sendable {
    /// 0 for even rows, 1 for odd ones.
    let row: Int
    /// 0 for even columns, 1 for odd ones.
    let column: Int
  }

  /// The form of the transforms.
  var form: WinogradForm {
    switch self {
    case .plain(let form): form
    case .doubling, .halving: .f4x2
    }
  }

  /// The phases of the output that are computed one after the other.
  var outputPhases: [Phase] {
    guard self == .doubling else { return [Phase(row: 0, column: 0)] }
    return [0, 1].flatMap { row in [0, 1].map { Phase(row: row, column: $0) } }
  }

  /// The phases of the input whose channels stand side by side.
  ///
  /// In an order in which those that a tap needs are neighbours; see `phases(ofTap:)`.
  var inputPhases: [Phase] {
    guard self == .halving else { return [Phase(row: 0, column: 0)] }
    return [
      Phase(row: 0, column: 1), Phase(row: 0, column: 0), Phase(row: 1, column: 0),
      Phase(row: 1, column: 1),
    ]
  }

  /// The input phases, by number, whose kernels are not zero at a tap.
  ///
  /// Kernels of odd phases have a zero in the last place, which alone counts at the point at infinity.
  func phases(ofTap tap: Int) -> Range<Int> {
    guard self == .halving else { return 0..<1 }
    let (row, column) = tap.quotientAndRemainder(dividingBy: form.tapSide)
    switch (row == form.tapSide - 1, column == form.tapSide - 1) {
    case (false, false): return 0..<4
    case (true, false): return 0..<2
    case (false, true): return 1..<3
    case (true, true): return 1..<2
    }
  }

  /// The 2x3 matrix that makes the two values of a kernel in one phase from its three, or nil where
  /// kernels are taken as they are.
  func folding(ofPhase phase: Int) -> [Float] {
    switch (self, phase) {
    case (.plain, _): []
    case (.doubling, 0): [1, 0, 0, 0, 1, 1]
    case (.doubling, _): [1, 1, 0, 0, 0, 1]
    case (.halving, 0): [1, 0, 0, 0, 0, 1]
    case (.halving, _): [0, 1, 0, 0, 0, 0]
    }
  }
}
