/// The configuration of an `AutoencoderKL` or an `AutoencoderKLFlux2`: the fields of its config.json
/// that change the numbers.
///
/// Absent fields have the values that diffusers gives them.
///
/// - SeeAlso: diffusers `models/autoencoders/autoencoder_kl.py` and `autoencoder_kl_flux2.py`, the
///   constructors' defaults.
package struct AutoencoderKLConfig: Sendable, Equatable {
  /// Channels of a level's feature maps, from the picture's resolution down.
  package var blockOutChannels: [Int]
  /// The same of the decoder, which may be a smaller one.
  package var decoderBlockOutChannels: [Int]
  /// Resnet blocks of an encoder level; a decoder level has one more.
  package var layersPerBlock: Int
  /// Channels of the latent.
  package var latentChannels: Int
  /// Groups of every group norm.
  package var normNumGroups: Int
  /// Whether a 1x1 convolution follows the encoder.
  package var useQuantConv: Bool
  /// Whether a 1x1 convolution precedes the decoder.
  package var usePostQuantConv: Bool
  /// Whether the middle blocks have an attention layer.
  package var midBlockAddAttention: Bool
  /// Multiplies raw latents where diffusion models use them (`scaling_factor`); nil where it
  /// is not known, and where statistics of packed latents stand in for it.
  package var scalingFactor: Float?
  /// Taken from raw latents before they are multiplied (`shift_factor`).
  package var shiftFactor: Float
  /// The mean of each channel of raw latents, empty where the model has none.
  package var latentsMean: [Float]
  /// The standard deviation of each channel of raw latents, empty where the model has none.
  package var latentsStd: [Float]

  /// Added to the variances of packed latents (`batch_norm_eps`), which the tensors `bn` hold; nil
  /// but for FLUX.2's models.
  package var batchNormEpsilon: Float?

  /// The `batch_norm_eps` of every published model for FLUX.2.
  static let publishedBatchNormEpsilon: Float = 1e-4

  /// Side of the squares of latents that FLUX.2 packs into channels (`patch_size`).
  package static let patchSize = 2

  /// The eps of every group norm (diffusers passes `eps=1e-6` throughout `vae.py`).
  package static let normEpsilon: Float = 1e-6

  /// Pixels of a side that one latent covers.
  package var spatialFactor: Int { 1 << (blockOutChannels.count - 1) }
}

extension AutoencoderKLConfig {
  private enum CodingKeys: String, CodingKey {
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
    case batchNormEpsilon = "batch_norm_eps"
    case patchSize = "patch_size"
    case className = "_class_name"
  }

  package init(from decoder: any Decoder) throws {
    let fields = try ConfigFields<CodingKeys>(decoder)
    let isFlux2 = try fields.value(.className, default: "") == Self.flux2ClassName
    blockOutChannels = try fields.value(
      .blockOutChannels, default: isFlux2 ? [128, 256, 512, 512] : [64])
    decoderBlockOutChannels = try fields.value(
      .decoderBlockOutChannels, default: blockOutChannels)
    layersPerBlock = try fields.value(.layersPerBlock, default: isFlux2 ? 2 : 1)
    latentChannels = try fields.value(.latentChannels, default: isFlux2 ? 32 : 4)
    normNumGroups = try fields.value(.normNumGroups, default: 32)
    useQuantConv = try fields.value(.useQuantConv, default: true)
    usePostQuantConv = try fields.value(.usePostQuantConv, default: true)
    midBlockAddAttention = try fields.value(.midBlockAddAttention, default: true)
    scalingFactor = isFlux2 ? nil : try fields.value(.scalingFactor, default: 0.18215)
    shiftFactor = isFlux2 ? 0 : try fields.value(.shiftFactor, default: 0)
    latentsMean = try fields.value(.latentsMean, default: [])
    latentsStd = try fields.value(.latentsStd, default: [])
    batchNormEpsilon =
      isFlux2
      ? try fields.value(.batchNormEpsilon, default: Self.publishedBatchNormEpsilon) : nil
    try check(fields, defaultTypeCount: isFlux2 ? 4 : 1)
  }

  private func check(_ fields: ConfigFields<CodingKeys>, defaultTypeCount: Int) throws {
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
          key, "'\(found.escapedForTerminal)' is not supported, only '\(type)' is")
      }
      guard types.count == blockOutChannels.count else {
        throw fields.unsupported(
          key,
          "\(types.count) entries do not fit the \(blockOutChannels.count) of block_out_channels")
      }
    }
    try fields.check(blockOutChannels, .blockOutChannels)
    try fields.check(decoderBlockOutChannels, .decoderBlockOutChannels)
    guard decoderBlockOutChannels.count == blockOutChannels.count else {
      throw fields.unsupported(
        .decoderBlockOutChannels,
        "\(decoderBlockOutChannels.count) levels do not fit the encoder's "
          + "\(blockOutChannels.count)")
    }
    try fields.require(.layersPerBlock, in: 1...64, default: 1)
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
