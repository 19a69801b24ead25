/// A strip of columns of one channel at one scale of SSIMULACRA 2: filters down the columns, and sums of
/// the errors.
struct ErrorStrip: Sendable {
  /// 0...2.
  let channel: Int
  private let blocks: Range<Int>
  /// The filters of the signals, `[blocks, 5]`.
  private var filters: [ColumnFilter]
  private(set) var sums = ErrorSums()

  /// A strip of blocks of four columns.
  init(channel: Int, blocks: Range<Int>) {
    self.channel = channel
    self.blocks = blocks
    filters = Array(repeating: ColumnFilter(), count: blocks.count * FilteredRow.signals)
  }

  /// Takes a row, and the errors of the one that leaves the filters.
  ///
  /// - Parameters:
  ///   - entering: the row.
  ///   - leaving: the row ten rows before.
  ///   - values: the row four rows before; nil where the picture has none.
  mutating func push(_ entering: FilteredRow, leaving: FilteredRow, values: FilteredRow?) {
    Self.push(
      entering.filtered, leaving: leaving.filtered, values: values?.values ?? [], blocks,
      channel: channel, &filters, &sums)
  }

  private static func push(
    _ entering: [SIMD4<Float>], leaving: [SIMD4<Float>], values: [SIMD4<Float>],
    _ blocks: Range<Int>, channel: Int, _ filters: inout [ColumnFilter], _ sums: inout ErrorSums
  ) {
    let cosines = RecursiveGaussian.cosines
    let width = entering.count / (3 * FilteredRow.signals)
    let first = FilteredRow.signals * channel * width
    let (entering, leaving) = (entering.span, leaving.span)
    let values = values.span
    var filters = filters.mutableSpan
    precondition(
      blocks.lowerBound >= 0 && blocks.upperBound <= width && entering.count == leaving.count
        && filters.count == FilteredRow.signals * blocks.count
        && (values.isEmpty || values.count == 6 * width))
    // The precondition bounds every index.
    for block in blocks {
      var means = InlineArray<5, SIMD4<Float>>(repeating: .zero)
      let start = (block &- blocks.lowerBound) &* FilteredRow.signals
      for signal in means.indices {
        let place = first &+ signal &* width &+ block
        unsafe means[signal] = filters[unchecked: start &+ signal].push(
          entering[unchecked: place], leaving: leaving[unchecked: place], cosines)
      }
      guard !values.isEmpty else { continue }
      let place = 2 &* channel &* width &+ block
      unsafe sums.add(
        reference: values[unchecked: place], picture: values[unchecked: place &+ width],
        means: means)
    }
  }
}
