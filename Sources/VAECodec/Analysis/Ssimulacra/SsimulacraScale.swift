/// One channel of two pictures at one scale of SSIMULACRA 2, for rows that arrive one by one.
///
/// Keeps ten filtered rows instead of filtered planes: memory grows with the width of a picture only.
struct SsimulacraScale {
  /// What is filtered: the reference, the picture, their squares and their product.
  private static let signals = 5
  /// Rows that the filter waits for.
  private static let delay = RecursiveGaussian.radius - 1

  private let channel: XYBChannel
  private let width: Int
  private let height: Int
  private let blocks: Int
  private let rowFilter = RowFilter()

  private var rowCount = 0
  /// The newest row of each signal, with the zeros that `RowFilter` asks for.
  private var samples: [Float]
  /// The newest row of each signal when it is filtered, `[5, blocks]`.
  private var filtered: [SIMD4<Float>]
  private var columnFilters: [ColumnFilter]
  /// The last five rows of the reference and of the picture, `[5, blocks]`.
  private var references: [SIMD4<Float>]
  private var pictures: [SIMD4<Float>]
  private var sums = ErrorSums()
  /// The row before the newest, of both pictures.
  private var kept: (first: LinearRow, second: LinearRow)
  private var halved: (first: LinearRow, second: LinearRow)

  init(width: Int, height: Int, channel: XYBChannel) {
    self.channel = channel
    self.width = width
    self.height = height
    blocks = (width + 3) / 4
    let length = RowFilter.leadingZeros + 4 * blocks + RowFilter.trailingZeros
    samples = Array(repeating: 0, count: Self.signals * length)
    filtered = Array(repeating: .zero, count: Self.signals * blocks)
    columnFilters = Array(repeating: ColumnFilter(blocks: blocks), count: Self.signals)
    references = Array(repeating: .zero, count: (Self.delay + 1) * blocks)
    pictures = references
    let row = LinearRow(width: width)
    kept = (row, row)
    let half = LinearRow(width: (width + 1) / 2)
    halved = (half, half)
  }

  /// The six norms of `ErrorSums`, for pictures pushed whole and finished.
  var norms: [Double] { sums.norms(count: width * height) }

  /// Takes the next row of both pictures; returns the row of the halved pictures that it completes.
  mutating func push(
    _ first: LinearRow, _ second: LinearRow
  ) -> (first: LinearRow, second: LinearRow)? {
    precondition(rowCount < height)
    convert(first, second)
    let length = samples.count / Self.signals
    for signal in 0..<Self.signals {
      rowFilter.filter(
        samples, at: signal * length, width: width, into: &filtered, at: signal * blocks)
    }
    advance()
    guard rowCount % 2 == 0 || rowCount == height else {
      kept = (first, second)
      return nil
    }
    // The last row of an odd height counts twice.
    let upper = rowCount % 2 == 0 ? kept : (first: first, second: second)
    halved.first.halve(upper.first, first, width: width)
    halved.second.halve(upper.second, second, width: width)
    return halved
  }

  /// Adds the errors of the last rows, which waited for those below them.
  mutating func finish() {
    for _ in 0..<Self.delay {
      for index in filtered.indices { filtered[index] = .zero }
      advance()
    }
  }

  /// Writes the newest row of every signal.
  private mutating func convert(_ first: LinearRow, _ second: LinearRow) {
    let length = samples.count / Self.signals
    let slot = rowCount % (Self.delay + 1) * blocks
    for block in 0..<blocks {
      let reference = values(of: first, block)
      let picture = values(of: second, block)
      references[slot + block] = reference
      pictures[slot + block] = picture
      let start = RowFilter.leadingZeros + 4 * block
      set(reference, at: start)
      set(picture, at: length + start)
      set(reference * reference, at: 2 * length + start)
      set(picture * picture, at: 3 * length + start)
      set(reference * picture, at: 4 * length + start)
    }
  }

  private mutating func set(_ values: SIMD4<Float>, at index: Int) {
    for lane in 0..<4 { samples[index + lane] = values[lane] }
  }

  private func values(of row: LinearRow, _ block: Int) -> SIMD4<Float> {
    let x = 4 * block
    func four(_ line: [Float]) -> SIMD4<Float> {
      SIMD4(line[x], line[x + 1], line[x + 2], line[x + 3])
    }
    var values = channel.values(four(row.red), four(row.green), four(row.blue))
    // Errors of lanes beyond the width must be 0.
    for lane in 0..<4 where x + lane >= width { values[lane] = 0 }
    return values
  }

  /// Moves the filters down by the newest row, and adds the errors of the row that is complete.
  private mutating func advance() {
    for signal in 0..<Self.signals {
      columnFilters[signal].push(&filtered, at: signal * blocks)
    }
    rowCount += 1
    guard rowCount > Self.delay else { return }
    let slot = (rowCount - 1 - Self.delay) % (Self.delay + 1) * blocks
    for block in 0..<blocks {
      sums.add(
        reference: references[slot + block], picture: pictures[slot + block],
        means: ErrorSums.Means(
          reference: filtered[block], picture: filtered[blocks + block],
          referenceSquare: filtered[2 * blocks + block],
          pictureSquare: filtered[3 * blocks + block], product: filtered[4 * blocks + block]))
    }
  }
}
