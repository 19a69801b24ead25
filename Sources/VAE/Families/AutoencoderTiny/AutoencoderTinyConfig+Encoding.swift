/// The fields of config.json, as diffusers writes them.
extension AutoencoderTinyConfig {
  package func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: CodingKeys.self)
    try fields.encode(className, forKey: .className)
    try fields.encode(3, forKey: .inChannels)
    try fields.encode(3, forKey: .outChannels)
    try fields.encode(encoderBlockOutChannels, forKey: .encoderBlockOutChannels)
    try fields.encode(decoderBlockOutChannels, forKey: .decoderBlockOutChannels)
    try fields.encode(activation == .silu ? "silu" : "relu", forKey: .activation)
    try fields.encode("nearest", forKey: .upsampling)
    try fields.encode(latentChannels, forKey: .latentChannels)
    try fields.encode(2, forKey: .upsamplingScalingFactor)
    try fields.encode(numEncoderBlocks, forKey: .numEncoderBlocks)
    try fields.encode(numDecoderBlocks, forKey: .numDecoderBlocks)
    try fields.encode(Float(1), forKey: .scalingFactor)
    try fields.encode(Float(0), forKey: .shiftFactor)
  }
}
