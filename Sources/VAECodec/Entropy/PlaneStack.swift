/// Planes of whole numbers, each with a border, so that every position has all its neighbours.
struct PlaneStack {
  /// Positions of the border on each side.
  private static let border = 2

  let width: Int
  let height: Int
  /// Positions from a row to the next.
  let stride: Int
  /// Positions from a plane to the same place in the next.
  let planeStride: Int
  /// Planes so far.
  private(set) var count = 0
  /// `[count, height + 4, width + 4]`, row-major.
  private(set) var values: [Int32] = []

  /// A stack without planes.
  ///
  /// - Parameter count: planes that there will be.
  init(width: Int, height: Int, capacity count: Int) {
    self.width = width
    self.height = height
    stride = width + 2 * Self.border
    planeStride = stride * (height + 2 * Self.border)
    values.reserveCapacity(count * planeStride)
  }

  /// Adds a plane that holds `filling` everywhere.
  mutating func append(filling: Int32) {
    values.append(contentsOf: repeatElement(filling, count: planeStride))
    count += 1
  }

  /// The index of the first value of a row of the last plane.
  func start(ofRow row: Int) -> Int {
    (count - 1) * planeStride + (row + Self.border) * stride + Self.border
  }

  /// The value at `index`.
  subscript(index: Int) -> Int32 {
    get { values[index] }
    set { values[index] = newValue }
  }

  /// Makes the left border of `row` what the row above begins with.
  mutating func beginRow(_ row: Int) {
    guard row > 0 else { return }
    let start = start(ofRow: row)
    for offset in 1...Self.border { values[start - offset] = values[start - stride] }
  }

  /// Repeats the ends of `row` in its borders, and the last row below it.
  mutating func endRow(_ row: Int) {
    let start = start(ofRow: row)
    for offset in 1...Self.border {
      values[start - offset] = values[start]
      values[start + width - 1 + offset] = values[start + width - 1]
    }
    guard row == height - 1 else { return }
    for index in (start - Self.border)..<(start + width + Self.border) {
      values[index + stride] = values[index]
    }
  }
}
