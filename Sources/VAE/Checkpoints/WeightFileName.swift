/// The names that the files of a model's weights have, and which of a folder's is meant.
package enum WeightFileName {
  /// Ends of the names of safetensors files; Black Forest Labs' code and ComfyUI have the short one.
  private static let safetensorsSuffixes = [".safetensors", ".sft"]
  /// Ends of the names of pickles.
  private static let pickleSuffixes = [".bin", ".ckpt", ".pt", ".pth"]
  /// What the names that diffusers writes begin with.
  private static let stem = "diffusion_pytorch_model"
  /// The variant that stands in for the plain one without being asked for.
  private static let usualVariant = "fp16"

  /// Whether the name is that of a safetensors file.
  package static func isSafetensors(_ name: String) -> Bool {
    safetensorsSuffixes.contains { name.hasSuffix($0) }
  }

  /// Whether the name is that of a file which PyTorch wrote.
  static func isPickle(_ name: String) -> Bool { pickleSuffixes.contains { name.hasSuffix($0) } }

  /// Whether a config.json beside the file is its own: the names that libraries write beside one, with
  /// whatever a variant, a shard or a copy adds.
  static func hasConfiguration(_ name: String) -> Bool {
    name.hasPrefix(stem) || name.hasPrefix("model.") || name.hasPrefix("model-")
  }

  /// Whether the name is that of an index of several files.
  package static func isIndex(_ name: String) -> Bool {
    let parts = name.split(separator: ".")
    return parts.last == "json" && parts.contains("safetensors") && parts.contains("index")
  }

  /// Those of `names` that are the usual ones: the one to take, several if nothing decides, or none.
  ///
  /// The plain name comes before those of variants, an index before a file.
  static func usual(among names: [String]) -> [String] {
    func name(_ variant: String?) -> String? { usual(variant).first(where: names.contains) }
    if let name = name(nil) ?? name(usualVariant) { return [name] }
    let others = Set(names.compactMap(variant)).sorted().compactMap(name)
    // The files of an index have names like those of variants.
    let indexes = others.filter(isIndex)
    return indexes.isEmpty ? others : indexes
  }

  /// The names of the weights of a variant, the preferred first.
  ///
  /// - SeeAlso: diffusers `utils/hub_utils.py`, `_add_variant`, and `models/model_loading_utils.py`,
  ///   `_fetch_index_file_legacy`, whose names have the variant before the word "index".
  private static func usual(_ variant: String?) -> [String] {
    let part = variant.map { "." + $0 } ?? ""
    return [
      "\(stem).safetensors.index\(part).json", "\(stem).safetensors\(part).index.json",
      "model.safetensors.index\(part).json", "\(stem)\(part).safetensors",
    ]
  }

  /// The variant in a name, or nil if it is not one of `usual`.
  private static func variant(_ name: String) -> String? {
    name.split(separator: ".").map(String.init).first { usual($0).contains(name) }
  }
}
