/// A row of the reference and of the picture at one scale of SSIMULACRA 2, in XYB and filtered along
/// the row.
struct FilteredRow: Sendable {
  /// What is filtered of each channel: the reference, the picture, their squares and their product.
  static let signals = 5

  /// The channels X, Y and B of the reference and of the picture, `[3, 2, blocks]`, four samples to a
  /// block, and zeros beyond the width.
  private(set) var values: [SIMD4<Float>]
  /// The signals of each channel after the filter, `[3, 5, blocks]`.
  private(set) var filtered: [SIMD4<Float>]

  /// A row of zeros.
  init(blocks: Int) {
    values = Array(repeating: .zero, count: 3 * 2 * blocks)
    filtered = Array(repeating: .zero, count: 3 * Self.signals * blocks)
  }

  /// The row of two pictures in linear light.
  init(_ reference: LinearRow, _ picture: LinearRow) {
    let blocks = (reference.width + 3) / 4
    self.init(blocks: blocks)
    Self.convert(reference, into: &values, at: 0)
    Self.convert(picture, into: &values, at: blocks)
    var line = RowFilter.line(width: reference.width)
    for channel in 0..<3 {
      let first = 2 * channel * blocks
      let second = first + blocks
      let signals = [
        (first, nil), (second, nil), (first, first), (second, second), (first, second),
      ]
      for (index, (one, other)) in signals.enumerated() {
        Self.multiply(values, at: one, and: other, into: &line, blocks: blocks)
        let place = (Self.signals * channel + index) * blocks
        RowFilter.filter(line, width: reference.width, into: &filtered, at: place)
      }
    }
  }

  /// Writes the channels of a row to every other row of `values`, from block `start` on.
  private static func convert(
    _ row: LinearRow, into values: inout [SIMD4<Float>], at start: Int
  ) {
    let blocks = (row.width + 3) / 4
    let (red, green, blue) = (row.red.span, row.green.span, row.blue.span)
    var values = values.mutableSpan
    precondition(
      min(red.count, green.count, blue.count) == 4 * blocks
        && start + 5 * blocks <= values.count)
    // The precondition bounds every index.
    func four(_ line: Span<Float>, _ block: Int) -> SIMD4<Float> {
      let x = 4 &* block
      return unsafe SIMD4(
        line[unchecked: x], line[unchecked: x &+ 1], line[unchecked: x &+ 2],
        line[unchecked: x &+ 3])
    }
    for block in 0..<blocks {
      var pixels = XYB(four(red, block), four(green, block), four(blue, block))
      if block == blocks - 1 { pixels.clear(from: row.width - 4 * block) }
      unsafe values[unchecked: start &+ block] = pixels.x
      unsafe values[unchecked: start &+ 2 &* blocks &+ block] = pixels.y
      unsafe values[unchecked: start &+ 4 &* blocks &+ block] = pixels.b
    }
  }

  /// Writes the blocks from `one` on to `line`, times those from `other` on where that is given.
  private static func multiply(
    _ values: [SIMD4<Float>], at one: Int, and other: Int?, into line: inout [Float], blocks: Int
  ) {
    let values = values.span
    var line = line.mutableSpan
    precondition(
      max(one, other ?? 0) + blocks <= values.count
        && RowFilter.leadingZeros + 4 * blocks <= line.count)
    // The precondition bounds every index.
    for block in 0..<blocks {
      var product = unsafe values[unchecked: one &+ block]
      if let other { unsafe product *= values[unchecked: other &+ block] }
      let x = RowFilter.leadingZeros &+ 4 &* block
      unsafe line[unchecked: x] = product.x
      unsafe line[unchecked: x &+ 1] = product.y
      unsafe line[unchecked: x &+ 2] = product.z
      unsafe line[unchecked: x &+ 3] = product.w
    }
  }
}
