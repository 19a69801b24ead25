import VAE

/// Two pictures at one scale of SSIMULACRA 2, for rows that arrive in bands.
///
/// What a row needs by itself is done for all rows of a band at the same time, what goes down the columns
/// for all strips. Memory is for 26 rows, whatever the height.
struct SsimulacraScale {
  /// A row of the reference and of the picture.
  typealias Pair = (reference: LinearRow, picture: LinearRow)

  /// Rows of a band.
  static let bandHeight = 16
  /// Blocks of four columns in a strip.
  private static let stripWidth = 32

  private let width: Int
  private let height: Int
  /// Rows that came.
  private var rowCount = 0
  /// Rows that wait for a whole band.
  private var pending: [Pair] = []
  /// The last ten rows before those.
  private var history: [FilteredRow]
  private var strips: [ErrorStrip]

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    let blocks = (width + 3) / 4
    history = Array(repeating: FilteredRow(blocks: blocks), count: ColumnFilter.reach)
    strips = (0..<3).flatMap { channel in
      stride(from: 0, to: blocks, by: Self.stripWidth).map { start in
        ErrorStrip(channel: channel, blocks: start..<min(start + Self.stripWidth, blocks))
      }
    }
  }

  /// The norms of a channel, see `ErrorSums.norms`, for pictures whose rows have all come.
  func norms(channel: Int) -> [Double] {
    var sums = ErrorSums()
    for strip in strips where strip.channel == channel { sums.add(strip.sums) }
    return sums.norms(count: width * height)
  }

  /// Takes the next rows, at most a band; returns the rows of the halved pictures that they complete.
  mutating func push(_ rows: [Pair], _ parallel: Parallel) throws -> [Pair] {
    pending += rows
    rowCount += rows.count
    guard pending.count >= Self.bandHeight || rowCount == height else { return [] }
    let band = pending
    pending = []
    try advance(
      try parallel.map(band.count) { FilteredRow(band[$0].reference, band[$0].picture) }, parallel)
    return try parallel.map((band.count + 1) / 2) { row in
      // The last row of an odd height counts twice.
      let (upper, lower) = (band[2 * row], band[min(2 * row + 1, band.count - 1)])
      return (
        LinearRow(halving: upper.reference, lower.reference),
        LinearRow(halving: upper.picture, lower.picture)
      )
    }
  }

  /// Moves the filters of all strips down by a band, and after the last one out of the picture.
  private mutating func advance(_ band: [FilteredRow], _ parallel: Parallel) throws {
    var rows = history + band
    if rowCount == height {
      let below = FilteredRow(blocks: (width + 3) / 4)
      rows += Array(repeating: below, count: ColumnFilter.delay)
    }
    let (reach, delay) = (ColumnFilter.reach, ColumnFilter.delay)
    // Rows of the band from which on the filters are filled.
    let filled = max(0, delay + band.count - rowCount)
    let strips = strips
    self.strips = try parallel.map(strips.count) { index in
      var strip = strips[index]
      for row in reach..<rows.count {
        strip.push(
          rows[row], leaving: rows[row - reach],
          values: row - reach < filled ? nil : rows[row - delay])
      }
      return strip
    }
    history = rows.suffix(reach)
  }
}
