/// The channels of the pictures that a model reads and writes: three, or the model is refused.
enum PictureChannels {
  /// Checks the layers of `family` at the picture.
  ///
  /// - Throws: `FamilyError.unsupported`.
  static func check(_ weights: WeightStore, _ family: any AutoencoderFamily.Type) throws {
    for (half, verb, axis) in [(AutoencoderHalf.encoder, "reads", 1), (.decoder, "writes", 0)] {
      guard let layer = family.pictureLayer(of: half, among: weights.names),
        let channels = weights.kernelShape(of: layer)?[axis], channels != 3
      else { continue }
      throw FamilyError.unsupported(
        path: weights.path,
        what: "its \(half.rawValue) \(verb) pictures of \(inWords(channels)); only RGB is supported"
      )
    }
  }

  private static func inWords(_ channels: Int) -> String {
    switch channels {
    case 1: "1 channel (grey)"
    case 4: "4 channels (RGBA)"
    case 12: "12 channels (RGB in squares of 2x2 pixels)"
    case 48: "48 channels (RGB in squares of 4x4 pixels)"
    default: "\(channels) channels"
    }
  }
}
