/// What the distributions of numbers will be about, before there are numbers.
///
/// The encoder's choice among numbers weighs what each would cost. What it will cost is known only when
/// all are chosen; a plain prediction from the unquantised neighbours is near enough, and costs a tenth
/// of the time that the model would take.
enum DistributionEstimate {
  /// For each of `values` `[planes, height, width]`, in steps, a distribution.
  static func predictions(_ values: [Float], _ extents: PlaneExtents) -> [PlaneModel.Prediction] {
    let width = extents.width
    var errors = [Float](repeating: 0, count: values.count)
    return values.indices.map { index in
      let place = index % (width * extents.height)
      let (row, column) = (place / width, place % width)
      let west = column > 0 ? index - 1 : row > 0 ? index - width : index
      let north = row > 0 ? index - width : west
      let northWest = row > 0 && column > 0 ? index - width - 1 : north
      let northEast = row > 0 && column + 1 < width ? index - width + 1 : north
      let mean =
        0.5 * (values[west] + values[north]) - 0.25 * values[northWest] + 0.25 * values[northEast]
      errors[index] = abs(values[index] - mean)
      let error =
        errors[west] + errors[north] + 0.5 * (errors[northWest] + errors[northEast]) + errors[index]
      return PlaneModel.Prediction(
        mean: Int64(256 * mean), scale: Int64(256 * 0.7213 / 4 * 0.8 * error) + 27)
    }
  }
}
