/// The names that tensors of tiny autoencoders go by, and the canonical ones: those of diffusers.
enum TensorNames {
  /// Which halves of a tiny autoencoder a file holds.
  enum TinyFile {
    /// Names as diffusers writes them, or a re-pack of both halves in one file.
    case whole
    /// The original encoder file: names are layer numbers.
    case encoder
    /// The original decoder file: names are layer numbers, and number 0, a clamp, has no tensors.
    case decoder
  }

  /// What the names of a file tell about it, or nil if it holds no tiny autoencoder.
  static func tinyFile(_ names: some Sequence<String>) -> TinyFile? {
    var isNumbered = false
    var hasFirst = false
    for name in names {
      let components = name.split(separator: ".")
      if let prefix = components.first, wholePrefixes[String(prefix)] != nil { return .whole }
      if components.count > 2, components[1] == "layers" { return .whole }
      if let number = components.first.flatMap({ Int($0) }), components.count > 1 {
        isNumbered = true
        hasFirst = hasFirst || number == 0
      }
    }
    return isNumbered ? (hasFirst ? .encoder : .decoder) : nil
  }

  /// The canonical name of a tensor of a tiny autoencoder, or nil for names that mean nothing here.
  static func canonicalTinyName(_ name: String, in file: TinyFile) -> String? {
    let components = name.split(separator: ".")
    switch file {
    case .encoder: return numbered(components, half: "encoder")
    case .decoder: return numbered(components, half: "decoder")
    case .whole:
      guard let prefix = components.first, let half = wholePrefixes[String(prefix)] else {
        return name
      }
      return numbered(components.dropFirst(), half: half)
    }
  }

  /// Prefixes of the re-pack of both halves in one file.
  private static let wholePrefixes = ["taesd_encoder": "encoder", "taesd_decoder": "decoder"]

  private static func numbered(_ components: some Collection<Substring>, half: String) -> String? {
    guard let number = components.first.flatMap({ Int($0) }) else { return nil }
    // The decoder's clamp counts as a layer in the original files, and is none in diffusers.
    let layer = half == "decoder" ? number - 1 : number
    return (["\(half).layers.\(layer)"] + components.dropFirst().map(String.init))
      .joined(separator: ".")
  }
}
