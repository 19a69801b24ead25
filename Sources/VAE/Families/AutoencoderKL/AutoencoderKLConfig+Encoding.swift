/// The fields of config.json, as diffusers writes them.
extension AutoencoderKLConfig {
  package func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: CodingKeys.self)
    let levels = blockOutChannels.count
    try fields.encode(className, forKey: .className)
    try fields.encode(3, forKey: .inChannels)
    try fields.encode(3, forKey: .outChannels)
    try fields.encode(
      [String](repeating: "DownEncoderBlock2D", count: levels), forKey: .downBlockTypes)
    try fields.encode([String](repeating: "UpDecoderBlock2D", count: levels), forKey: .upBlockTypes)
    try fields.encode("silu", forKey: .activation)
    try fields.encode(latentChannels, forKey: .latentChannels)
    try fields.encode(normNumGroups, forKey: .normNumGroups)
    if className == Self.asymmetricClassName {
      try fields.encode(blockOutChannels, forKey: .downBlockOutChannels)
      try fields.encode(decoderBlockOutChannels, forKey: .upBlockOutChannels)
      try fields.encode(layersPerBlock, forKey: .layersPerDownBlock)
      try fields.encode(decoderLayersPerBlock, forKey: .layersPerUpBlock)
    } else {
      try fields.encode(blockOutChannels, forKey: .blockOutChannels)
      try fields.encode(layersPerBlock, forKey: .layersPerBlock)
      try fields.encode(useQuantConv, forKey: .useQuantConv)
      try fields.encode(usePostQuantConv, forKey: .usePostQuantConv)
      try fields.encode(midBlockAddAttention, forKey: .midBlockAddAttention)
    }
    if let batchNormEpsilon {
      try fields.encode(decoderBlockOutChannels, forKey: .decoderBlockOutChannels)
      try fields.encode(batchNormEpsilon, forKey: .batchNormEpsilon)
      try fields.encode([Self.patchSize, Self.patchSize], forKey: .patchSize)
    }
    try encodeScaling(to: &fields)
  }

  private func encodeScaling(to fields: inout KeyedEncodingContainer<CodingKeys>) throws {
    guard let scalingFactor else { return }
    try fields.encode(scalingFactor, forKey: .scalingFactor)
    if shiftFactor != 0 { try fields.encode(shiftFactor, forKey: .shiftFactor) }
    guard !latentsMean.isEmpty else { return }
    try fields.encode(latentsMean, forKey: .latentsMean)
    try fields.encode(latentsStd, forKey: .latentsStd)
  }
}
