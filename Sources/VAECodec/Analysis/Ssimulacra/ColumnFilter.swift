/// The Gaussian of SSIMULACRA 2 down the columns, for rows that arrive one by one.
struct ColumnFilter {
  private typealias Four = RecursiveGaussian.Four

  /// The last two outputs of each cosine, in four columns.
  private struct State {
    var previous = InlineArray<3, SIMD4<Float>>(repeating: .zero)
    var beforePrevious = InlineArray<3, SIMD4<Float>>(repeating: .zero)
  }

  /// Rows from a row that enters the filter to the one that leaves it.
  private static let reach = 2 * RecursiveGaussian.radius

  private let cosines = RecursiveGaussian.cosines
  private let blocks: Int
  private var states: [State]
  /// The last ten rows, `[10, blocks]`; row n is in row n mod 10.
  private var rows: [SIMD4<Float>]
  /// Where the next row goes.
  private var slot = 0

  /// A filter for rows of `blocks` times four samples.
  init(blocks: Int) {
    self.blocks = blocks
    states = Array(repeating: State(), count: blocks)
    rows = Array(repeating: .zero, count: Self.reach * blocks)
  }

  /// Takes the row that begins at index `offset` of `line`, and puts the filtered row of four rows
  /// before in its place.
  mutating func push(_ line: inout [SIMD4<Float>], at offset: Int) {
    precondition(offset >= 0 && offset + blocks <= line.count)
    Self.filter(&line, offset, with: &rows, slot * blocks, &states, cosines)
    slot = (slot + 1) % Self.reach
  }

  private static func filter(
    _ line: inout [SIMD4<Float>], _ offset: Int,
    with rows: inout [SIMD4<Float>], _ start: Int, _ states: inout [State],
    _ cosines: borrowing InlineArray<3, RecursiveGaussian.Cosine>
  ) {
    var line = line.mutableSpan
    var rows = rows.mutableSpan
    var states = states.mutableSpan
    precondition(start + states.count <= rows.count && offset + states.count <= line.count)
    for block in states.indices {
      let entering = unsafe line[unchecked: offset + block]
      let sum = unsafe rows[unchecked: start + block] + entering
      unsafe rows[unchecked: start + block] = entering
      unsafe line[unchecked: offset + block] = step(sum, &states[unchecked: block], cosines)
    }
  }

  private static func step(
    _ sum: SIMD4<Float>, _ state: inout State,
    _ cosines: borrowing InlineArray<3, RecursiveGaussian.Cosine>
  ) -> SIMD4<Float> {
    let sum = Four(sum)
    let before = state
    state.beforePrevious = before.previous
    for index in 0..<3 {
      let cosine = cosines[index]
      let past =
        (Four(before.previous[index]) * cosine.resonance - Four(before.beforePrevious[index]))
        .roundedToFloat
      state.previous[index] = SIMD4<Float>(sum * cosine.input + past)
    }
    return state.previous[0] + (state.previous[1] + state.previous[2])
  }
}
