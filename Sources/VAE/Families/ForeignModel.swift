/// Kinds of models whose tensors resemble those of the autoencoders that there are networks for.
///
/// - SeeAlso: diffusers `models/autoencoders`, the classes for video, `vq_model.py` and
///   `autoencoder_dc.py`.
enum ForeignModel: String {
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
  /// - Parameter prefix: stands before the names of the tensors that count.
  init?(_ entries: [String: SafetensorsFile.Entry], prefix: String) {
    var kinds: Set<ForeignModel> = []
    for (name, entry) in entries where name.hasPrefix(prefix) {
      let components = name.dropFirst(prefix.count).split(separator: ".").map(String.init)
      for (kind, words) in Self.words where !words.isDisjoint(with: components) {
        kinds.insert(kind)
      }
      if components.contains(where: { $0.hasPrefix("temporal") }) { kinds.insert(.video) }
      if Self.isDeepCompression(components) { kinds.insert(.deepCompression) }
      // "weight_scale", "scale_input", "weight.scale", "weight_zero_point" and more of the kind.
      if components.dropFirst().contains(where: {
        $0.contains("scale") || $0.contains("zero_point")
      }) {
        kinds.insert(.quantizedWeights)
      }
      guard components.last == "weight" else { continue }
      if entry.shape.count == 5 { kinds.insert(.video) }
      if ["U8", "I8"].contains(entry.dtype) { kinds.insert(.quantizedWeights) }
    }
    guard let kind = Self.words.map(\.0).first(where: kinds.contains) else { return nil }
    self = kind
  }

  /// Whether a name is one that diffusers gives to a DC-AE, whose levels have their blocks right inside:
  /// a number after that of the level.
  private static func isDeepCompression(_ name: [String]) -> Bool {
    name.count > 3 && ["encoder", "decoder"].contains(name[0])
      && ["down_blocks", "up_blocks"].contains(name[1])
      && name[2].pathNumber != nil && name[3].pathNumber != nil
  }
}
