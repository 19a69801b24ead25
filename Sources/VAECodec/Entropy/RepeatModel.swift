/// How likely a value repeats the one to its left, learnt from what the places before did.
struct RepeatModel {
  private let width: Int
  /// For the value to the left and the one above: whether they repeated theirs.
  private var probabilities: [Int32] = [1024, 16384, 16384, 64512]
  private var wasRepeated: [Bool]

  /// A model of planes that are `width` wide.
  init(width: Int) {
    self.width = width
    wasRepeated = Array(repeating: false, count: width)
  }

  /// Codes whether the value at `index` is repeated; the first of a row is not, and is not asked for.
  mutating func code(
    _ isRepeated: Bool, at index: Int, with coder: inout some BinaryCoder
  ) -> Bool {
    let column = index % width
    let context = (wasRepeated[column - 1] ? 1 : 0) + (wasRepeated[column] ? 2 : 0)
    let found = coder.code(isRepeated, probability: UInt32(probabilities[context]))
    let margin = Int32(ResidualCoder.margin)
    let end = found ? 65536 - margin : margin
    probabilities[context] += (end - probabilities[context]) >> 5
    wasRepeated[column] = found
    return found
  }
}
