extension Latent {
  /// The values as a latent.bin of `quality` holds them.
  ///
  /// - Throws: `ContainerError.outOfRange` if one does not fit a 16-bit float where the level is 100.
  /// - Precondition: the values are finite.
  func valuesAsKept(at quality: Quality) throws -> [Float] {
    switch quality {
    case .lossless: return values
    case 100: return try halves(of: values)
    case .level(let level):
      return QuantizedPlanes.rounded(
        values, PlaneExtents(planes: channels, height: height, width: width),
        steps: QuantizationSteps.steps(for: self, level: level))
    }
  }

  /// `values` rounded to 16-bit floats.
  ///
  /// - Throws: `ContainerError.outOfRange`.
  func halves(of values: [Float]) throws -> [Float] {
    let halves = values.map { Float(Float16($0)) }
    if let index = halves.firstIndex(where: { !$0.isFinite }) {
      throw ContainerError.outOfRange(value: Double(values[index]), index: index, bits: 16)
    }
    return halves
  }
}
