/// The configuration of an `AutoencoderTiny`: the fields of its config.json that change the numbers.
///
/// Absent fields have the values that diffusers gives them, which are those of TAESD.
///
/// - SeeAlso: diffusers `models/autoencoders/autoencoder_tiny.py`, the constructor's defaults.
package struct AutoencoderTinyConfig: Sendable, Equatable {
  /// Channels of the encoder's levels, from the picture's resolution down.
  package var encoderBlockOutChannels: [Int]
  /// Channels of the decoder's levels, from the latent's resolution up.
  package var decoderBlockOutChannels: [Int]
  /// Blocks of each encoder level.
  package var numEncoderBlocks: [Int]
  /// Blocks of each decoder level.
  package var numDecoderBlocks: [Int]
  /// Channels of the latent.
  package var latentChannels: Int
  /// The activation inside the blocks; the one after a block's addition is always ReLU.
  package var activation: Activation

  /// The configuration of the original TAESD files, which have none, for a latent of
  /// `latentChannels` channels.
  package init(latentChannels: Int) {
    encoderBlockOutChannels = [64, 64, 64, 64]
    decoderBlockOutChannels = [64, 64, 64, 64]
    numEncoderBlocks = [1, 3, 3, 3]
    numDecoderBlocks = [3, 3, 3, 1]
    self.latentChannels = latentChannels
    activation = .relu
  }

  /// Half the range of the latents: the decoder clamps softly to -3...3 (`latent_magnitude` of
  /// diffusers; written as a constant in its decoder).
  package static let latentMagnitude: Float = 3

  /// Pixels of a side that one latent covers.
  package var spatialFactor: Int { 1 << (encoderBlockOutChannels.count - 1) }
}

extension AutoencoderTinyConfig {
  enum CodingKeys: String, CodingKey {
    case className = "_class_name"
    case inChannels = "in_channels"
    case outChannels = "out_channels"
    case encoderBlockOutChannels = "encoder_block_out_channels"
    case decoderBlockOutChannels = "decoder_block_out_channels"
    case activation = "act_fn"
    case upsampling = "upsample_fn"
    case latentChannels = "latent_channels"
    case upsamplingScalingFactor = "upsampling_scaling_factor"
    case numEncoderBlocks = "num_encoder_blocks"
    case numDecoderBlocks = "num_decoder_blocks"
    case scalingFactor = "scaling_factor"
    case shiftFactor = "shift_factor"
  }

  package init(from decoder: any Decoder) throws {
    let fields = try ConfigFields<CodingKeys>(decoder)
    self.init(latentChannels: try fields.value(.latentChannels, default: 4))
    encoderBlockOutChannels = try fields.value(
      .encoderBlockOutChannels, default: encoderBlockOutChannels)
    decoderBlockOutChannels = try fields.value(
      .decoderBlockOutChannels, default: decoderBlockOutChannels)
    numEncoderBlocks = try fields.value(.numEncoderBlocks, default: numEncoderBlocks)
    numDecoderBlocks = try fields.value(.numDecoderBlocks, default: numDecoderBlocks)
    activation = try fields.value(.activation, default: "relu") == "silu" ? .silu : .relu
    try check(fields)
  }

  private func check(_ fields: ConfigFields<CodingKeys>) throws {
    try fields.require(.inChannels, in: 3...3, default: 3)
    try fields.require(.outChannels, in: 3...3, default: 3)
    try fields.require(.latentChannels, in: 1...1024, default: 4)
    try fields.require(.upsamplingScalingFactor, in: 2...2, default: 2)
    try fields.require(.activation, among: ["relu", "silu"], default: "relu")
    try fields.require(.upsampling, among: ["nearest"], default: "nearest")
    try fields.check(encoderBlockOutChannels, .encoderBlockOutChannels)
    try fields.check(decoderBlockOutChannels, .decoderBlockOutChannels)
    let levels = encoderBlockOutChannels.count
    for (key, count) in [
      (CodingKeys.decoderBlockOutChannels, decoderBlockOutChannels.count),
      (.numEncoderBlocks, numEncoderBlocks.count), (.numDecoderBlocks, numDecoderBlocks.count),
    ] where count != levels {
      throw fields.unsupported(key, "\(count) entries do not fit the \(levels) encoder levels")
    }
    for (key, counts) in [
      (CodingKeys.numEncoderBlocks, numEncoderBlocks), (.numDecoderBlocks, numDecoderBlocks),
    ] where !counts.allSatisfy((0...64).contains) {
      throw fields.unsupported(key, "block counts \(counts) are out of range 0...64")
    }
    let scaling = (
      try fields.value(.scalingFactor, default: 1.0), try fields.value(.shiftFactor, default: 0.0)
    )
    guard scaling == (1, 0) else {
      throw fields.unsupported(
        .scalingFactor, "\(scaling.0) with shift \(scaling.1) is not supported, only 1 with 0 is")
    }
  }
}
