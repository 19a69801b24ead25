/// Predicts the values of a stack of planes, one after the other in raster order, from those before.
///
/// A value is predicted from its neighbours in the plane and from the places around it in the planes
/// before, by a `LinearPredictor`, and how far it will be from that by a `SpreadPredictor`. Whoever
/// walks the planes calls `beginPlane`, and for each row `beginRow`, then for each value `prediction`
/// and `learn`, then `endRow`.
struct PlaneModel {
  /// What is known of a value before it is coded.
  struct Prediction {
    /// The mean, 8 bits after the point.
    let mean: Int64
    /// The scale of the logistic distribution around it, 8 bits after the point; at least 16.
    let scale: Int64
  }

  /// Planes before whose surroundings are looked at; of those before them, just the same place.
  private static let surroundingPlaneCount = 3
  /// The weights of a first guess, 16 bits after the point: W, N, NW, NE, WW, NN.
  private static let firstWeights: [Int32] = [32768, 32768, -16384, 6554, 0, 0]
  /// A prediction stays in -2¹⁴...2¹⁴, as values do.
  private static let meanLimit: Int64 = 1 << 22

  private var values: PlaneStack
  /// Absolute errors, 4 bits after the point.
  private var errors: PlaneStack
  private var predictor = LinearPredictor(weights: [])
  private var spreadPredictor = SpreadPredictor()
  /// Where each feature is, from the place of the value; the last feature is a constant.
  private var offsets: [Int] = []
  private var features: [Int32] = []
  private var spread: Int64 = 1
  private var current = Prediction(mean: 0, scale: 16)
  /// The mean error of the plane so far, 12 bits after the point.
  private var meanError: Int64 = 0

  /// A model of `count` planes of `width` x `height`.
  init(width: Int, height: Int, count: Int) {
    values = PlaneStack(width: width, height: height, capacity: count)
    errors = values
  }

  /// Begins the next plane, whose errors are about `firstError` (4 bits after the point).
  mutating func beginPlane(firstError: Int32) {
    let (row, plane) = (values.stride, values.planeStride)
    offsets = [-1, -row, -row - 1, -row + 1, -2, -2 * row]
    for distance in 0..<values.count {
      let place = -(distance + 1) * plane
      offsets.append(place)
      guard distance < Self.surroundingPlaneCount else { continue }
      offsets += [place - 1, place + 1, place - row, place + row]
    }
    features = Array(repeating: 0, count: offsets.count + 1)
    predictor = LinearPredictor(
      weights: Self.firstWeights
        + Array(repeating: 0, count: features.count - Self.firstWeights.count))
    values.append(filling: 0)
    errors.append(filling: firstError)
    meanError = Int64(firstError) << 8
  }

  /// Begins a row of the plane.
  mutating func beginRow(_ row: Int) {
    values.beginRow(row)
    errors.beginRow(row)
  }

  /// Ends a row of the plane.
  mutating func endRow(_ row: Int) {
    values.endRow(row)
    errors.endRow(row)
  }

  /// The place of the first value of `row` of the plane; those after it follow.
  func start(ofRow row: Int) -> Int { values.start(ofRow: row) }

  /// What the value at `place` will be.
  mutating func prediction(at place: Int) -> Prediction {
    spread = spreadPredictor.spread(
      neighborError: neighborError(place), planeError: planeError(place))
    gatherFeatures(place)
    let mean = predictor.prediction(features)
    current = Prediction(
      mean: min(max(mean, -Self.meanLimit), Self.meanLimit),
      // The mean absolute deviation of the logistic distribution is 2 ln 2 times its scale; 16 stands
      // for the rounding that no prediction foresees.
      scale: (spread * 2955) >> 8 + 16)
    return current
  }

  /// Takes note of the value at `place`, the last that was predicted.
  mutating func learn(_ value: Int32, at place: Int) {
    let error = Int64((Int64(value) << 8 - current.mean).magnitude)
    let bounded = min(error, SpreadPredictor.largest << 4)
    spreadPredictor.learn(ratio: (bounded << 12) / current.scale)
    predictor.learn(features, value: value, spread: spread)
    values[place] = value
    errors[place] = Int32(bounded >> 4)
    meanError += bounded >> 4 - meanError >> 8
  }

  /// The weighted mean of the errors around `place` in the plane, at least 1.
  private func neighborError(_ place: Int) -> Int64 {
    let errors = errors.values.span
    let row = values.stride
    let near = Int64(errors[place - 1]) + Int64(errors[place - row])
    let far =
      Int64(errors[place - row - 1]) + Int64(errors[place - row + 1])
      + Int64(errors[place - 2]) + Int64(errors[place - 2 * row])
    return (2 * near + far + 13) >> 3 + 1
  }

  /// The weighted mean of the errors around `place` in the planes before, at least 1; that of the
  /// plane so far in the first.
  private func planeError(_ place: Int) -> Int64 {
    let planeCount = min(values.count - 1, Self.surroundingPlaneCount)
    guard planeCount > 0 else { return meanError >> 8 + 2 }
    let errors = errors.values.span
    let row = values.stride
    var (sum, weight) = (Int64(0), Int64(0))
    for distance in 1...planeCount {
      let middle = place - distance * values.planeStride
      let cross =
        Int64(errors[middle - 1]) + Int64(errors[middle + 1])
        + Int64(errors[middle - row]) + Int64(errors[middle + row])
      let corners =
        Int64(errors[middle - row - 1]) + Int64(errors[middle - row + 1])
        + Int64(errors[middle + row - 1]) + Int64(errors[middle + row + 1])
      let share = Int64(6 / distance)
      sum += share * (4 * Int64(errors[middle]) + 2 * cross + corners)
      weight += 16 * share
    }
    return sum / weight + 2
  }

  /// Collects what the value at `place` is predicted from.
  private mutating func gatherFeatures(_ place: Int) {
    for index in offsets.indices { features[index] = values[place + offsets[index]] }
    // In the unit that features are learnt in, the last is always 1.
    features[features.count - 1] = Int32(spread >> 4) + 1
  }
}
