/// How one file calls the tensors of an autoencoder: maps its names to the canonical ones, those of
/// diffusers, and back.
///
/// A file may hold much besides: with a prefix that sets the autoencoder apart, everything without
/// it is passed over. Spellings may be mixed; each name is understood by itself.
package struct TensorNaming: Sendable {
  /// What stands before every name of the autoencoder: "first_stage_model.", "vae." or nothing.
  package let prefix: String
  /// What the names leave out at their beginning because the file holds one half only.
  private let impliedHalf: String?
  /// Levels of the decoder, which some files count from its end.
  private let decoderLevels: Int
  /// Levels of the decoder that the names of either style tell, latent-diffusion's and diffusers',
  /// where they disagree: then nobody can tell which level is which.
  let disputedLevels: (latentDiffusion: Int, diffusers: Int)?
  /// The rules that the file's own names follow.
  private let rules: [NameRule]
  /// Whether the names are those of a tiny autoencoder.
  package let isTiny: Bool

  /// Prefixes of the autoencoder in checkpoints that hold more.
  private static let prefixes = ["first_stage_model.", "vae."]
  /// Halves of a tiny autoencoder whose names leave them out.
  private static let tinyHalves = ["encoder": "taesd_encoder", "decoder": "taesd_decoder"]

  /// The naming of a file whose tensors are called `names`, or nil if it holds no autoencoder.
  package init?(_ names: some Collection<String>) {
    let prefix = Self.prefixes.first { prefix in names.contains { $0.hasPrefix(prefix) } } ?? ""
    let own = names.filter { $0.hasPrefix(prefix) }.map {
      Self.components(of: $0.dropFirst(prefix.count))
    }
    let implied = Self.impliedHalf(own)
    var (used, isTiny, isEmpty) = (Set<NameRule>(), false, true)
    let whole = own.map { Self.completed($0, implied) }
    let (levels, others) = (Self.levels(whole, "up"), Self.levels(whole, "up_blocks"))
    for name in whole {
      let canonical = Self.canonical(name, levels: levels, used: &used)
      guard Self.isPart(canonical) else { continue }
      isEmpty = false
      isTiny = isTiny || canonical[1] == "layers"
    }
    guard !isEmpty else { return nil }
    self.prefix = prefix
    impliedHalf = implied
    decoderLevels = levels
    disputedLevels =
      levels > 0 && others > 0 && levels != others ? (levels, others) : nil
    rules = NameRule.table.filter(used.contains)
    self.isTiny = isTiny
  }

  /// The half of a tiny autoencoder that the file holds under the original names, which do not say
  /// it; nil for all other files.
  package var tinyHalf: String? { Self.tinyHalves.first { $0.value == impliedHalf }?.key }

  /// The code base whose names the file uses, and the prefix.
  package var summary: String {
    let isLatentDiffusion = rules.contains { $0.place == .half }
    let style = isLatentDiffusion ? "latent-diffusion" : "diffusers"
    let isOriginalTiny = isTiny && (impliedHalf != nil || !rules.isEmpty)
    return (isOriginalTiny ? "taesd" : style) + (prefix.isEmpty ? "" : ", prefix \(prefix)")
  }

  /// The canonical name of the tensor `name` of the file, or nil if it is no part of the autoencoder.
  package func canonicalName(_ name: String) -> String? {
    if Self.companions.contains(name) { return name }
    guard name.hasPrefix(prefix) else { return nil }
    var used = Set<NameRule>()
    let own = Self.completed(Self.components(of: name.dropFirst(prefix.count)), impliedHalf)
    let canonical = Self.canonical(own, levels: decoderLevels, used: &used)
    return Self.isPart(canonical) ? canonical.joined(separator: ".") : nil
  }

  /// The name that the file would give to the tensor `canonical`.
  package func fileName(_ canonical: String) -> String {
    var components = Self.components(of: canonical[...])
    for place in [NameRule.Place.resnet, .attention, .half, .start] {
      guard let index = Self.index(of: place, in: components) else { continue }
      components =
        rules.lazy.filter { $0.place == place }.compactMap {
          $0.rewriting(components, at: index, .toFile, levels: decoderLevels)
        }.first ?? components
    }
    if let impliedHalf, components.first == impliedHalf { components.removeFirst() }
    return prefix + components.joined(separator: ".")
  }

  // MARK: Parts of a name

  /// Tensors that stand beside an autoencoder and tell how its latents are scaled: Playground's, and
  /// those of the one-file TAESD.
  private static let companions: Set<String> = ["edm_mean", "edm_std", "vae_scale", "vae_shift"]
  /// Parts of a network that belong to neither half.
  private static let outerParts: Set<String> = ["quant_conv", "post_quant_conv", "bn"]
  /// What follows "encoder" or "decoder" in canonical names.
  private static let innerParts: Set<String> = [
    "conv_in", "conv_out", "conv_norm_out", "mid_block", "down_blocks", "up_blocks", "layers",
  ]
  /// What may follow the number of a layer of a tiny autoencoder. Other models have layers too.
  private static let tinyParts: Set<String> = ["weight", "bias", "conv", "skip", "pool"]

  private static func components(of name: Substring) -> [String] {
    name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
  }

  /// The half that names without one belong to: that of an original TAESD file, whose names are layer
  /// numbers, or that of a file of one half in latent-diffusion's names.
  private static func impliedHalf(_ names: [[String]]) -> String? {
    let first = Set(names.filter { $0.count > 1 }.map { $0[0] })
    guard first.isDisjoint(with: ["encoder", "decoder"]), first.isDisjoint(with: tinyHalves.values)
    else { return nil }
    if first.contains(where: { $0.pathNumber != nil }) {
      return first.contains("0") ? "taesd_encoder" : "taesd_decoder"
    }
    guard first.isSuperset(of: ["conv_in", "mid"]) else { return nil }
    return first.contains("up") ? "decoder" : first.contains("down") ? "encoder" : nil
  }

  /// Levels of the decoder whose blocks are called `blocks` and a number; 0 if none are.
  private static func levels(_ names: [[String]], _ blocks: String) -> Int {
    names.lazy.filter { $0.count > 2 && $0.starts(with: ["decoder", blocks]) }
      .map { ($0[2].pathNumber ?? 0) + 1 }.max() ?? 0
  }

  private static func completed(_ components: [String], _ half: String?) -> [String] {
    guard let half, let first = components.first, !outerParts.contains(first) else {
      return components
    }
    return [half] + components
  }

  private static func canonical(
    _ components: [String], levels: Int, used: inout Set<NameRule>
  ) -> [String] {
    var components = components
    for place in [NameRule.Place.start, .half, .resnet, .attention] {
      guard let index = index(of: place, in: components) else { continue }
      for rule in NameRule.table where rule.place == place {
        if let rewritten = rule.rewriting(components, at: index, .toCanonical, levels: levels) {
          components = rewritten
          used.insert(rule)
          break
        }
      }
    }
    return components
  }

  /// Where in a name the runs of `place` stand; nil if it has no such place.
  private static func index(of place: NameRule.Place, in components: [String]) -> Int? {
    func follows(_ block: String) -> Int? {
      components.firstIndex(of: block).map { $0 + 2 }
    }
    switch place {
    case .start: return 0
    case .half: return ["encoder", "decoder"].contains(components.first) ? 1 : nil
    case .resnet: return follows("resnets")
    case .attention: return follows("attentions")
    }
  }

  /// Whether a canonical name is one of an autoencoder's tensors.
  private static func isPart(_ components: [String]) -> Bool {
    guard components.count > 1, let first = components.first, let last = components.last else {
      return false
    }
    if first == "bn" { return ["running_mean", "running_var"].contains(last) }
    guard ["weight", "bias"].contains(last) else { return false }
    if outerParts.contains(first) { return components.count == 2 }
    guard ["encoder", "decoder"].contains(first), innerParts.contains(components[1]) else {
      return false
    }
    guard components[1] == "layers" else { return components.count > 2 }
    return components.count > 3 && components[2].pathNumber != nil
      && tinyParts.contains(components[3])
  }
}
