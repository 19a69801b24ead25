extension LatentFile.Entry {
  /// Each takes memory before it is asked for.
  private static let maximumBatchCount = 1 << 16

  /// The latents of an array: one called `key`, or those of a batch called `key[0]` and so on.
  ///
  /// - Throws: `ContainerError.malformed` if the array holds no latents.
  static func entries(of array: StoredArray, key: String) throws -> [Self] {
    try array.checkElement()
    return try entries(shape: array.shape, elementType: array.elementName, key: key) {
      array.malformed($0)
    }
  }

  /// The latents of an array of which the shape alone was read.
  ///
  /// - Parameter malformed: makes an error that names the array.
  /// - Throws: what `malformed` makes, if the array holds no latents.
  static func entries(
    shape: [Int], elementType: String, key: String, malformed: (String) -> ContainerError
  ) throws -> [Self] {
    guard let layout = StoredArray.Layout(shape) else {
      throw malformed(StoredArray.Layout.refusal(of: shape))
    }
    guard layout.count <= maximumBatchCount else {
      throw malformed(
        "a batch of \(layout.count) latents, expected \(maximumBatchCount) at most")
    }
    return (0..<layout.count).map { index in
      Self(
        key: layout.count == 1 ? key : "\(key)[\(index)]",
        extents: [layout.channels, layout.height, layout.width], elementType: elementType,
        index: index, name: key, hasFrames: layout.hasFrames,
        momentsLayout: LatentArrayName.layout(of: key))
    }
  }

  /// The values of the entry in `array`, which it was made of.
  ///
  /// - Throws: `ContainerError.nonFinite`.
  func values(of array: StoredArray) throws -> [Float] {
    let count = extents.reduce(1, *)
    return try array.floats(index * count..<(index + 1) * count)
  }

  /// A latent of these extents, of which nothing but the numbers is known.
  ///
  /// - Throws: `LatentError`.
  func latent(
    _ values: [Float], logVariance: [Float]? = nil, flipped: [Float]? = nil, units: Latent.Units
  ) throws -> Latent {
    try Latent(
      channels: extents[0], height: extents[1], width: extents[2], values: values,
      logVariance: logVariance, flipped: flipped, units: units,
      posterior: logVariance == nil ? nil : .moments)
  }
}
