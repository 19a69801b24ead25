/// Kinds of models whose tensors resemble those of other autoencoders. A file that shows signs of one is
/// refused by what it is, unless its family claims the kind.
///
/// - SeeAlso: diffusers `models/autoencoders`, the classes for video, `vq_model.py` and
///   `autoencoder_dc.py`.
package enum ForeignModel: String, CaseIterable, Sendable {
  case video = "a video autoencoder, which has a time axis; only those of pictures are supported"
  case quantizedLatents = "a VQ model, which has a codebook; only KL autoencoders are supported"
  case deepCompression = "a deep-compression autoencoder (DC-AE), which is not supported"
  case quantizedWeights =
    "a quantised checkpoint, whose weights have scales of their own; only plain ones are supported"

  /// Components of names that give a kind away.
  private static let words: [(ForeignModel, Set<String>)] = [
    (
      .video,
      ["time_mix", "time_mixer", "mix_factor", "gamma", "per_channel_statistics", "time_conv"]
    ),
    (.quantizedLatents, ["quantize", "quantizer", "vquantizer", "codebook"]),
    (.deepCompression, ["project_in", "project_out", "stages"]),
    (
      .quantizedWeights,
      ["scaled_fp8", "absmax", "quant_map", "quant_state", "qweight", "qzeros", "comfy_quant"]
    ),
  ]

  /// The kind of the model that `entries` are the tensors of, or nil if it is none of these.
  ///
  /// - Parameters:
  ///   - prefix: stands before the names of the tensors that count.
  ///   - claimed: kinds that do not count.
  init?(
    _ entries: [String: WeightsFile.Entry], prefix: String, except claimed: Set<ForeignModel>
  ) {
    var kinds: Set<ForeignModel> = []
    for (name, entry) in entries where name.hasPrefix(prefix) {
      let components = name.dropFirst(prefix.count).split(separator: ".").map(String.init)
      kinds.formUnion(Self.kinds(of: components, entry))
    }
    kinds.subtract(claimed)
    guard let kind = Self.allCases.first(where: kinds.contains) else { return nil }
    self = kind
  }

  /// The kinds that a tensor shows signs of.
  ///
  /// - Parameters:
  ///   - name: the components of its name.
  ///   - entry: nil where the name is all that is known.
  static func kinds(of name: [String], _ entry: WeightsFile.Entry?) -> Set<ForeignModel> {
    var kinds: Set<ForeignModel> = []
    for (kind, words) in words where !words.isDisjoint(with: name) { kinds.insert(kind) }
    if name.contains(where: { $0.hasPrefix("temporal") }) { kinds.insert(.video) }
    if isDeepCompression(name) { kinds.insert(.deepCompression) }
    // "weight_scale", "scale_input", "weight.scale", "weight_zero_point" and more of the kind.
    if name.dropFirst().contains(where: { $0.contains("scale") || $0.contains("zero_point") }) {
      kinds.insert(.quantizedWeights)
    }
    if let entry, name.last == "weight" {
      if entry.shape.count == 5 { kinds.insert(.video) }
      if ["U8", "I8"].contains(entry.dtype) { kinds.insert(.quantizedWeights) }
    }
    return kinds
  }

  /// Whether a name is one that diffusers gives to a DC-AE, whose levels have their blocks right inside:
  /// a number after that of the level.
  private static func isDeepCompression(_ name: [String]) -> Bool {
    name.count > 3 && ["encoder", "decoder"].contains(name[0])
      && ["down_blocks", "up_blocks"].contains(name[1])
      && name[2].pathNumber != nil && name[3].pathNumber != nil
  }
}
