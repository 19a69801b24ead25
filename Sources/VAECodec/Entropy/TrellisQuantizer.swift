/// Chooses the whole numbers that stand for values: trellis-coded quantisation.
///
/// The parity of each number is prescribed by a state, and the number decides the next state, so that a
/// decoder follows for nothing. Numbers of one parity are 2 steps apart, and cost as much as a scalar
/// quantiser of double step would; but the encoder chooses among the paths, which halves the error of
/// one in three: 1.1 dB less at the same size, measured on latents. The choice weighs squared error
/// against the bits that a distribution promises.
///
/// - SeeAlso: M. W. Marcellin and T. R. Fischer, "Trellis coded quantization of memoryless and
///   Gauss-Markov sources", 1990; the eight-state trellis of JPEG 2000 part 2.
struct TrellisQuantizer {
  /// Squared steps that a bit is worth: the slope of error against bits where steps are small, 2 ln 2
  /// times the mean error of 0.26 squared steps, and a quarter more for what is won where they are not
  /// (measured).
  private static let bitPrice: Float = 0.45

  /// The states of the trellis.
  enum State {
    /// How many there are.
    static let count = 8
    /// The parity of the number that is coded in `state`.
    static func parity(_ state: Int) -> Int32 { Int32(state & 1) }
    /// The state after `number` in `state`.
    static func next(_ state: Int, _ number: Int32) -> Int {
      let branch = (Int(number) >> 1 ^ state >> 1 ^ state >> 2) & 1
      return (2 * state + branch) & (count - 1)
    }
  }

  /// For each value, which of two numbers stands for each remainder modulo 4 (bits 0 to 3), and which of
  /// two states came before each state (bits 8 to 15).
  private var choices: [UInt16] = []
  private var costs: [Float] = [0] + Array(repeating: 1e30, count: State.count - 1)

  /// The numbers that stand for `values`, in steps, the distribution of each being known.
  static func quantized(_ values: [Float], _ predictions: [PlaneModel.Prediction]) -> [Int32] {
    var quantizer = TrellisQuantizer()
    quantizer.choices.reserveCapacity(values.count)
    for (value, prediction) in zip(values, predictions) { quantizer.append(value, prediction) }
    return quantizer.numbers(values)
  }

  /// The candidates of `value`: the largest number not above it, for each remainder modulo 4.
  private static func lower(_ value: Float, remainder: Int) -> Int32 {
    let offset = Float(remainder)
    return 4 * Int32(((value - offset) * 0.25).rounded(.down)) + Int32(remainder)
  }

  private mutating func append(_ value: Float, _ prediction: PlaneModel.Prediction) {
    let mean = Float(prediction.mean) / 256
    let reciprocal = 256 / Float(prediction.scale)
    // log2(e) bits for each nat.
    let price = Self.bitPrice * 1.442695
    func cost(_ number: Int32) -> Float {
      let error = Float(number) - value
      let distance = (Float(number) - mean) * reciprocal
      // A smooth stand-in for -ln of the logistic density, right at 0 and far out.
      return error * error + price * (distance * distance + 1.92).squareRoot()
    }
    var best: (Float, Float, Float, Float) = (0, 0, 0, 0)
    var choice: UInt16 = 0
    func cheapest(_ remainder: Int) -> Float {
      let number = Self.lower(value, remainder: remainder)
      let (below, above) = (cost(number), cost(number + 4))
      if above < below { choice |= 1 << UInt16(remainder) }
      return min(above, below)
    }
    best = (cheapest(0), cheapest(1), cheapest(2), cheapest(3))
    let old = costs
    for state in 0..<State.count {
      let (half, branch) = (state >> 1, state & 1)
      // Both states before have the same parity, and take the two remainders of it.
      let flipped = (branch ^ half >> 1) == 1
      let (even, odd) = half & 1 == 0 ? (best.0, best.2) : (best.1, best.3)
      let near = old[half] + (flipped ? odd : even)
      let far = old[half + 4] + (flipped ? even : odd)
      if far < near { choice |= 256 << UInt16(state) }
      costs[state] = min(near, far)
    }
    choices.append(choice)
    // Only differences matter; without this, sums would grow until they drown them.
    let least = costs[0]
    for state in 0..<State.count { costs[state] -= least }
  }

  /// The numbers along the cheapest path.
  private func numbers(_ values: [Float]) -> [Int32] {
    var state = costs.indices.min { costs[$0] < costs[$1] } ?? 0
    var result = [Int32](repeating: 0, count: values.count)
    for index in values.indices.reversed() {
      let choice = Int(choices[index])
      let before = state >> 1 + (choice >> (8 + state) & 1) * 4
      let branch = (state ^ before >> 1 ^ before >> 2) & 1
      let remainder = before & 1 + 2 * branch
      result[index] =
        Self.lower(values[index], remainder: remainder) + 4 * Int32(choice >> remainder & 1)
      state = before
    }
    return result
  }
}
