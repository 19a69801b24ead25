/// How a 3x3 convolution is brought to Winograd's form.
///
/// A convolution of an upsampled picture is four convolutions with 2x2 kernels of the stored one, one for
/// each phase of the output: a row of the kernel that falls onto the same stored row twice counts
/// twice, and one that falls onto zeros between stored rows does not count. A convolution of stride 2 is one with 2x2 kernels of half the resolution and four times the
/// channels, which are the four phases of the input.
enum WinogradScheme: Hashable, Sendable {
  /// As it stands.
  case plain(WinogradForm)
  /// Of the upsampled input, in four phases of the output.
  case upsampled
  /// Of the input with zeros between its pixels, in four phases of the output; `top` and `left` are the
  /// zeros before the first pixel, one or two.
  case spread(top: Int, left: Int)
  /// Of stride 2, from four phases of the input, with kernels of 3x3 or 4x4 values.
  case strided(kernelSize: Int)

  /// The rows and columns of a picture whose numbers are even or odd.
  struct Phase: Hashable, Sendable {
    /// 0 for even rows, 1 for odd ones.
    let row: Int
    /// 0 for even columns, 1 for odd ones.
    let column: Int
  }

  /// Whether it is of stride 2.
  var isStrided: Bool {
    if case .strided = self { true } else { false }
  }

  /// Whether the output has twice the resolution of the stored input.
  var isDoubling: Bool {
    switch self {
    case .upsampled, .spread: true
    case .plain, .strided: false
    }
  }

  /// The form of the transforms.
  var form: WinogradForm {
    switch self {
    case .plain(let form): form
    case .upsampled, .spread, .strided: .f4x2
    }
  }

  /// The phases of the output that are computed one after the other.
  var outputPhases: [Phase] { isDoubling ? Self.phasesInRows : Self.onePhase }

  /// The phases of the input whose channels stand side by side.
  ///
  /// In an order in which those that a point needs are neighbours; see `phases(atPoint:)`.
  var inputPhases: [Phase] { isStrided ? Self.phasesInCircle : Self.onePhase }

  private static let onePhase = [Phase(row: 0, column: 0)]
  private static let phasesInRows = [
    Phase(row: 0, column: 0), Phase(row: 0, column: 1), Phase(row: 1, column: 0),
    Phase(row: 1, column: 1),
  ]
  private static let phasesInCircle = [
    Phase(row: 0, column: 1), Phase(row: 0, column: 0), Phase(row: 1, column: 0),
    Phase(row: 1, column: 1),
  ]

  /// K of the products at a point: the channels of all phases of the input.
  func k(of convolution: Convolution) -> Int {
    inputPhases.count * convolution.inChannels
  }

  /// The input phases, by number, whose kernels are not zero at a point.
  ///
  /// 3x3 kernels of odd phases have a zero in the last place, which alone counts at infinity.
  func phases(atPoint point: Int) -> Range<Int> {
    guard case .strided(let kernelSize) = self else { return 0..<1 }
    // A 4x4 kernel has as many values in odd phases as in even ones.
    guard kernelSize == 3 else { return 0..<4 }
    let (row, column) = point.quotientAndRemainder(dividingBy: form.pointSide)
    switch (row == form.pointSide - 1, column == form.pointSide - 1) {
    case (false, false): return 0..<4
    case (true, false): return 0..<2
    case (false, true): return 1..<3
    case (true, true): return 1..<2
    }
  }

  /// The 2x3 matrix that makes the two values of a kernel in one phase from its three; empty where
  /// kernels are taken as they are, and where they have four of which each phase has every other one.
  private func folding(ofPhase phase: Int, zerosBefore: Int) -> [Float] {
    switch (self, phase) {
    case (.plain, _), (.strided(kernelSize: 4), _): []
    case (.upsampled, 0): [1, 0, 0, 0, 1, 1]
    case (.upsampled, _): [1, 1, 0, 0, 0, 1]
    case (.strided, 0): [1, 0, 0, 0, 0, 1]
    case (.strided, _): [0, 1, 0, 0, 0, 0]
    case (.spread, 0): zerosBefore == 1 ? [0, 0, 0, 0, 1, 0] : [1, 0, 0, 0, 0, 1]
    case (.spread, _): zerosBefore == 1 ? [1, 0, 0, 0, 0, 1] : [0, 1, 0, 0, 0, 0]
    }
  }

  /// The matrices for the rows and the columns of the kernels of a phase.
  func foldings(of phase: Phase) -> (rows: [Float], columns: [Float]) {
    var (top, left) = (0, 0)
    if case .spread(let zerosAbove, let zerosBefore) = self {
      (top, left) = (zerosAbove, zerosBefore)
    }
    return (
      folding(ofPhase: phase.row, zerosBefore: top),
      folding(ofPhase: phase.column, zerosBefore: left)
    )
  }
}
