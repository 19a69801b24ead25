/// The names of the tensors of an `AutoencoderTiny`: diffusers', and those of the original TAESD in two
/// files or one.
///
/// - SeeAlso: madebyollin/taesd `taesd.py`, whose decoder counts a clamp as layer 0, and whose class has both halves;
///   ComfyUI `comfy/taesd/taesd.py` for the one file.
extension AutoencoderTinyConfig {
  package static let nameRules = [
    NameRule(.start, "taesd_encoder.#", "encoder.layers.#"),
    NameRule(.start, "taesd_decoder.+", "decoder.layers.+"),
    NameRule(.start, "encoder.#", "encoder.layers.#"),
    NameRule(.start, "decoder.+", "decoder.layers.+"),
  ]

  package static let originalStyle: NameStyle? = NameStyle(name: "taesd", place: .start)

  /// Units of its own that a file may have.
  package static let companions: Set<String> = ["vae_scale", "vae_shift"]

  /// What may follow the number of a layer. Other models have layers too.
  private static let layerParts: Set<String> = ["weight", "bias", "conv", "skip", "pool"]

  /// The last layer of a decoder of the published list.
  private static let lastDecoderLayer = 18

  /// Of a decoder that ends elsewhere, tensors may be missing.
  package static func pictureLayer(of half: AutoencoderHalf, among names: [String]) -> String? {
    let layers = names.lazy.filter { $0.hasPrefix("\(half.rawValue).layers.") }.compactMap {
      String($0.split(separator: ".")[2]).pathNumber
    }
    if half == .encoder { return layers.min().map { "encoder.layers.\($0)" } }
    return layers.max() == lastDecoderLayer ? "decoder.layers.\(lastDecoderLayer)" : nil
  }

  package static func isPart(_ name: [String]) -> Bool {
    guard name.count > 3, ["weight", "bias"].contains(name[name.count - 1]) else { return false }
    return AutoencoderHalf(rawValue: name[0]) != nil && name[1] == "layers"
      && name[2].pathNumber != nil && layerParts.contains(name[3])
  }

  /// The original files name layers by their numbers alone, of which the decoder's begin at 1.
  package static func impliedHalf(_ first: Set<String>) -> ImpliedHalf? {
    guard first.isDisjoint(with: ["encoder", "decoder", "taesd_encoder", "taesd_decoder"]),
      first.contains(where: { $0.pathNumber != nil })
    else { return nil }
    let half: AutoencoderHalf = first.contains("0") ? .encoder : .decoder
    return ImpliedHalf(half: half, component: "taesd_\(half.rawValue)", isPaired: true)
  }

  package static func sibling(of name: String, _ half: AutoencoderHalf) -> String? {
    let changed = name.replacing("_\(half.rawValue).", with: "_\(half.other.rawValue).")
    return changed == name ? nil : changed
  }
}
