/// The extents of planes of values, `[planes, height, width]`.
struct PlaneExtents {
  let planes: Int
  let height: Int
  let width: Int

  /// A stream holds at most this many values for each byte: a value costs a decision at least, and no
  /// decision costs less than 1/44 bit (`ResidualCoder`, `RepeatModel`).
  static let maximumValuesPerByte = 512
  /// The largest first error that a plane can have, 2¹⁵ steps, as it is written.
  static let largestFirstError = 8 * 19

  /// All values.
  var count: Int { planes * height * width }
}
