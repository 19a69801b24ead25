/// The names that the files of a model's weights have, and which of a folder's is meant.
package enum WeightFileName {
  /// What writes the files, the preferred first.
  enum Format: CaseIterable {
    case safetensors
    case pyTorch

    /// Ends of names; Black Forest Labs' code and ComfyUI have the short one of safetensors.
    fileprivate var suffixes: [String] {
      switch self {
      case .safetensors: [".safetensors", ".sft"]
      case .pyTorch: [".ckpt", ".pt", ".pth", ".bin"]
      }
    }

    /// What messages call such files.
    var noun: String { self == .safetensors ? ".safetensors" : "PyTorch" }

    /// The files of this format among `names`.
    func files(among names: [String]) -> [String] {
      names.filter { name in suffixes.contains { name.hasSuffix($0) } }
    }
  }

  /// What the names that diffusers writes begin with.
  private static let stem = "diffusion_pytorch_model"
  /// The variant that stands in for the plain one without being asked for.
  private static let usualVariant = "fp16"

  /// All ends of names, for messages.
  static var suffixes: String {
    Format.allCases.flatMap(\.suffixes).joined(separator: ", ")
  }

  /// Whether the name is that of a file of weights.
  package static func isWeights(_ name: String) -> Bool {
    Format.allCases.contains { !$0.files(among: [name]).isEmpty }
  }

  /// Whether the name is that of a safetensors file.
  package static func isSafetensors(_ name: String) -> Bool {
    !Format.safetensors.files(among: [name]).isEmpty
  }

  /// Whether a config.json beside the file is its own: the names that libraries write beside one, with
  /// whatever a variant, a shard or a copy adds.
  static func hasConfiguration(_ name: String) -> Bool {
    name.hasPrefix(stem) || name.hasPrefix("model.") || name.hasPrefix("model-")
  }

  /// Whether the name is that of an index of several files.
  package static func isIndex(_ name: String) -> Bool {
    let parts = name.split(separator: ".")
    return parts.last == "json" && parts.contains("index")
      && (parts.contains("safetensors") || parts.contains("bin"))
  }

  /// Those of `names` that are the usual ones of a format: the one to take, several if nothing decides,
  /// or none.
  ///
  /// The plain name comes before those of variants, an index before a file.
  static func usual(among names: [String], _ format: Format) -> [String] {
    func name(_ variant: String?) -> String? {
      usual(variant, format).first(where: names.contains)
    }
    if let name = name(nil) ?? name(usualVariant) { return [name] }
    let others = Set(names.compactMap { variant($0, format) }).sorted().compactMap(name)
    // The files of an index have names like those of variants.
    let indexes = others.filter(isIndex)
    return indexes.isEmpty ? others : indexes
  }

  /// The names of the weights of a variant, the preferred first.
  ///
  /// - SeeAlso: diffusers `utils/hub_utils.py`, `_add_variant`, and `models/model_loading_utils.py`,
  ///   `_fetch_index_file_legacy`, whose names have the variant before the word "index".
  private static func usual(_ variant: String?, _ format: Format) -> [String] {
    let part = variant.map { "." + $0 } ?? ""
    switch format {
    case .safetensors:
      return [
        "\(stem).safetensors.index\(part).json", "\(stem).safetensors\(part).index.json",
        "model.safetensors.index\(part).json", "\(stem)\(part).safetensors",
      ]
    case .pyTorch:
      return [
        "\(stem).bin.index\(part).json", "\(stem).bin\(part).index.json", "\(stem)\(part).bin",
        // What latent-diffusion calls the checkpoints of its autoencoders.
        "model\(part).ckpt",
      ]
    }
  }

  /// The variant in a name, or nil if it is not one of `usual`.
  private static func variant(_ name: String, _ format: Format) -> String? {
    name.split(separator: ".").map(String.init).first { usual($0, format).contains(name) }
  }
}
