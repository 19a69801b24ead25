/// The order in which values are coded: plane by plane, row by row.
enum PlaneWalk {
  /// Visits all values, each with what is predicted of it from those before.
  ///
  /// - Parameters:
  ///   - extents: of the planes.
  ///   - firstErrors: eight times the binary logarithm of the first error of each plane.
  ///   - body: gets the index of the value, its plane and its prediction, and returns the value.
  static func forEach(
    _ extents: PlaneExtents, firstErrors: [UInt8],
    _ body: (_ index: Int, _ plane: Int, _ prediction: PlaneModel.Prediction) -> Int32
  ) {
    var model = PlaneModel(
      width: extents.width, height: extents.height, count: extents.planes)
    var index = 0
    for plane in 0..<extents.planes {
      model.beginPlane(
        firstError: Int32(FixedPointLogarithm.exp2(Int64(firstErrors[plane]) << 7)))
      for row in 0..<extents.height {
        model.beginRow(row)
        let start = model.start(ofRow: row)
        for column in 0..<extents.width {
          let value = body(index, plane, model.prediction(at: start + column))
          model.learn(value, at: start + column)
          index += 1
        }
        model.endRow(row)
      }
    }
  }
}
