/// The fields of config.json, and what they may be.
extension AutoencoderKLConfig {
  enum CodingKeys: String, CodingKey {
    case inChannels = "in_channels"
    case outChannels = "out_channels"
    case downBlockTypes = "down_block_types"
    case upBlockTypes = "up_block_types"
    case blockOutChannels = "block_out_channels"
    case layersPerBlock = "layers_per_block"
    case activation = "act_fn"
    case latentChannels = "latent_channels"
    case normNumGroups = "norm_num_groups"
    case scalingFactor = "scaling_factor"
    case shiftFactor = "shift_factor"
    case latentsMean = "latents_mean"
    case latentsStd = "latents_std"
    case useQuantConv = "use_quant_conv"
    case usePostQuantConv = "use_post_quant_conv"
    case midBlockAddAttention = "mid_block_add_attention"
    case decoderBlockOutChannels = "decoder_block_out_channels"
    case downBlockOutChannels = "down_block_out_channels"
    case upBlockOutChannels = "up_block_out_channels"
    case layersPerDownBlock = "layers_per_down_block"
    case layersPerUpBlock = "layers_per_up_block"
    case batchNormEpsilon = "batch_norm_eps"
    case patchSize = "patch_size"
    case className = "_class_name"
  }

  package init(from decoder: any Decoder) throws {
    let fields = try ConfigFields<CodingKeys>(decoder)
    let className = try fields.value(.className, default: "")
    let isFlux2 = className == Self.flux2ClassName
    // An asymmetric model's `block_out_channels` is a copy of its decoder's.
    let isAsymmetric = className == Self.asymmetricClassName
    let keys: (encoder: CodingKeys, decoder: CodingKeys) =
      isAsymmetric
      ? (.downBlockOutChannels, .upBlockOutChannels) : (.blockOutChannels, .decoderBlockOutChannels)
    blockOutChannels = try fields.value(
      keys.encoder, default: isFlux2 ? [128, 256, 512, 512] : [64])
    decoderBlockOutChannels = try fields.value(
      keys.decoder, default: isAsymmetric ? [64] : blockOutChannels)
    let layers: (encoder: CodingKeys, decoder: CodingKeys) =
      isAsymmetric ? (.layersPerDownBlock, .layersPerUpBlock) : (.layersPerBlock, .layersPerBlock)
    layersPerBlock = try fields.value(layers.encoder, default: isFlux2 ? 2 : 1)
    decoderLayersPerBlock = try fields.value(layers.decoder, default: isFlux2 ? 2 : 1)
    latentChannels = try fields.value(.latentChannels, default: isFlux2 ? 32 : 4)
    normNumGroups = try fields.value(.normNumGroups, default: 32)
    useQuantConv = try isAsymmetric || fields.value(.useQuantConv, default: true)
    usePostQuantConv = try isAsymmetric || fields.value(.usePostQuantConv, default: true)
    midBlockAddAttention = try isAsymmetric || fields.value(.midBlockAddAttention, default: true)
    scalingFactor = isFlux2 ? nil : try fields.value(.scalingFactor, default: 0.18215)
    shiftFactor = isFlux2 ? 0 : try fields.value(.shiftFactor, default: 0)
    latentsMean = try fields.value(.latentsMean, default: [])
    latentsStd = try fields.value(.latentsStd, default: [])
    batchNormEpsilon =
      isFlux2
      ? try fields.value(.batchNormEpsilon, default: Self.publishedBatchNormEpsilon) : nil
    try check(fields, widths: keys, layers: layers, defaultTypeCount: isFlux2 ? 4 : 1)
  }

  private func check(
    _ fields: ConfigFields<CodingKeys>, widths: (encoder: CodingKeys, decoder: CodingKeys),
    layers: (encoder: CodingKeys, decoder: CodingKeys), defaultTypeCount: Int
  ) throws {
    try fields.require(.inChannels, in: 3...3, default: 3)
    try fields.require(.outChannels, in: 3...3, default: 3)
    try fields.require(.activation, among: ["silu", "swish"], default: "silu")
    for (key, type) in [
      (CodingKeys.downBlockTypes, "DownEncoderBlock2D"), (.upBlockTypes, "UpDecoderBlock2D"),
    ] {
      let types = try fields.value(
        key, default: [String](repeating: type, count: defaultTypeCount))
      for found in types where found != type {
        throw fields.unsupported(
          key,
          found.hasPrefix("Attn")
            ? "'\(found.escapedForTerminal)' has attention in its level, which is not supported"
            : "'\(found.escapedForTerminal)' is not supported, only '\(type)' is")
      }
      guard types.count == blockOutChannels.count else {
        throw fields.unsupported(
          key,
          "\(types.count) entries do not fit the \(blockOutChannels.count) of "
            + widths.encoder.stringValue)
      }
    }
    try fields.check(blockOutChannels, widths.encoder)
    try fields.check(decoderBlockOutChannels, widths.decoder)
    guard decoderBlockOutChannels.count == blockOutChannels.count else {
      throw fields.unsupported(
        widths.decoder,
        "\(decoderBlockOutChannels.count) levels do not fit the encoder's "
          + "\(blockOutChannels.count)")
    }
    try fields.require(layers.encoder, in: 1...64, default: 1)
    try fields.require(layers.decoder, in: 1...64, default: 1)
    try fields.require(.latentChannels, in: 1...1024, default: 4)
    try fields.require(.normNumGroups, in: 1...4096, default: 32)
    for channels in blockOutChannels + decoderBlockOutChannels
    where channels % normNumGroups != 0 {
      throw fields.unsupported(
        .normNumGroups, "\(normNumGroups) groups do not divide \(channels) channels")
    }
    guard (batchNormEpsilon ?? 1).isFinite, batchNormEpsilon ?? 1 >= 0 else {
      throw fields.unsupported(.batchNormEpsilon, "it must be finite and not negative")
    }
    let patchSize = try fields.value(.patchSize, default: [2, 2])
    guard patchSize == [Self.patchSize, Self.patchSize] else {
      throw fields.unsupported(.patchSize, "\(patchSize.prefix(4)) is not supported, [2, 2] is")
    }
    try checkScaling(fields)
  }

  private func checkScaling(_ fields: ConfigFields<CodingKeys>) throws {
    let factor = scalingFactor ?? 1
    guard factor.isFinite, factor != 0, shiftFactor.isFinite else {
      throw fields.unsupported(.scalingFactor, "factor and shift must be finite, the factor not 0")
    }
    guard latentsMean.count == latentsStd.count, [0, latentChannels].contains(latentsMean.count)
    else {
      throw fields.unsupported(
        .latentsMean,
        "\(latentsMean.count) means and \(latentsStd.count) deviations do not fit "
          + "\(latentChannels) latent channels")
    }
    guard latentsMean.allSatisfy(\.isFinite), latentsStd.allSatisfy({ $0.isFinite && $0 != 0 })
    else {
      throw fields.unsupported(.latentsStd, "statistics must be finite, no deviation 0")
    }
  }
}
