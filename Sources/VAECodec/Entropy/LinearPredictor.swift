import VAE

/// Predicts a value as a weighted sum of known ones, and learns the weights as it goes.
///
/// Least squares over the recent past, in integers: the sums of products are kept with exponential
/// forgetting, and before every fourth prediction one sweep of the Gauss-Seidel method moves the
/// weights towards the solution.
struct LinearPredictor {
  /// Numbers that are added and multiplied at once; rows of sums are filled up to whole ones.
  private typealias Vector = SIMD8<Int32>

  /// Bits after the point of a weight.
  private static let weightBits: Int64 = 16
  /// Weights stay in -8...8.
  private static let weightLimit: Int64 = 8 << weightBits
  /// Normalised features have 4 bits after the point and stay in -64...64.
  private static let featureBits: Int64 = 4
  private static let featureLimit: Int64 = 64 << featureBits
  /// After this many values, a sixteenth of the sums is forgotten.
  private static let forgettingInterval = 16
  private static let forgettingShift: Int32 = 4
  /// What the diagonal starts with: as if the first weights had been seen to hold this often.
  private static let prior: Int32 = 200 << (2 * Int32(featureBits))
  /// Damps the steps of features that have been 0 for long.
  private static let damping: Int64 = 4 << (2 * featureBits)

  private let count: Int
  /// Vectors in a row.
  private let rowCount: Int
  /// `[count + 1, rowCount]`: sums of products of features; the last row, of features and values.
  private var products: [Vector]
  /// The features and the value last learnt, filled up with zeros.
  private var learnt: [Vector]
  private var weights: [Int32]
  /// Values learnt so far.
  private var valueCount = 0

  /// A predictor that begins with `weights`, 16 bits after the point.
  init(weights: [Int32]) {
    count = weights.count
    self.weights = weights
    rowCount = count.dividedRoundingUp(by: Vector.scalarCount)
    products = Array(repeating: .zero, count: (count + 1) * rowCount)
    learnt = Array(repeating: .zero, count: rowCount)
    for index in 0..<count {
      let (vector, lane) = index.quotientAndRemainder(dividingBy: Vector.scalarCount)
      products[index * rowCount + vector][lane] = Self.prior
      products[count * rowCount + vector][lane] =
        Int32((Int64(weights[index]) * Int64(Self.prior)) >> Self.weightBits)
    }
  }

  /// The prediction from `features`, 8 bits after the point.
  ///
  /// - Precondition: there are as many features as weights.
  mutating func prediction(_ features: [Int32]) -> Int64 {
    precondition(features.count == count, "\(features.count) features for \(count) weights")
    if valueCount & 3 == 0 { Self.improve(&weights, products, rowCount) }
    var sum: Int64 = 0
    for index in 0..<count { sum &+= Int64(weights[index]) &* Int64(features[index]) }
    return sum >> (Self.weightBits - 8)
  }

  /// Solves the equation of each weight for it, the others as they are.
  private static func improve(_ weights: inout [Int32], _ products: [Vector], _ rowCount: Int) {
    let count = weights.count
    let lanes = Vector.scalarCount
    for row in 0..<count {
      var residual = Int64(products[count &* rowCount &+ row / lanes][row % lanes]) << weightBits
      var column = 0
      for index in (row &* rowCount)..<(row &* rowCount &+ rowCount) {
        let vector = products[index]
        for lane in 0..<min(lanes, count &- column) {
          residual &-= Int64(vector[lane]) &* Int64(weights[column &+ lane])
        }
        column &+= lanes
      }
      let own = Int64(products[row &* rowCount &+ row / lanes][row % lanes])
      let weight = Int64(weights[row]) &+ residual / (own &+ damping)
      weights[row] = Int32(truncatingIfNeeded: min(max(weight, -weightLimit), weightLimit))
    }
  }

  /// Learns that `features` came with `value`.
  ///
  /// - Parameter spread: how far values are usually from their prediction, 4 bits after the point; at
  ///   least 1. What is seen is counted in this unit, so that calm places teach as much as busy ones.
  mutating func learn(_ features: [Int32], value: Int32, spread: Int64) {
    let reciprocal = (1 << 20) / spread
    func normalize(_ number: Int32) -> Int32 {
      let scaled = (Int64(number) &* reciprocal) >> (16 - Self.featureBits)
      return Int32(truncatingIfNeeded: min(max(scaled, -Self.featureLimit), Self.featureLimit))
    }
    if valueCount % Self.forgettingInterval == 0 {
      for index in products.indices {
        products[index] &-= products[index] &>> Vector(repeating: Self.forgettingShift)
      }
    }
    valueCount += 1
    for index in 0..<count {
      learnt[index / Vector.scalarCount][index % Vector.scalarCount] = normalize(features[index])
    }
    var start = 0
    for row in 0...count {
      let factor = Vector(
        repeating: row < count
          ? learnt[row / Vector.scalarCount][row % Vector.scalarCount] : normalize(value))
      for index in 0..<rowCount { products[start &+ index] &+= factor &* learnt[index] }
      start &+= rowCount
    }
  }
}
