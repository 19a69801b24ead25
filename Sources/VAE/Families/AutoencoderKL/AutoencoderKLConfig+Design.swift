/// New models.
extension AutoencoderKLConfig {
  /// The configuration of a new `AutoencoderKL`, whose latents are taken as they are.
  ///
  /// - Parameters:
  ///   - widths: channels of the levels, from the picture's resolution down, 1 to 8 numbers in 1...16384.
  ///   - layersPerBlock: Resnet blocks of a level, in 1...64.
  ///   - latentChannels: channels of the latent, in 1...1024.
  ///   - groups: of every norm; if nil, `usualGroups(of: widths)`.
  ///   - hasAttention: whether the middle blocks have an attention layer.
  /// - Precondition: the numbers are in their ranges, and the groups divide all widths.
  package init(
    widths: [Int], layersPerBlock: Int, latentChannels: Int, groups: Int? = nil, hasAttention: Bool
  ) {
    precondition(
      (1...8).contains(widths.count) && widths.allSatisfy((1...16384).contains)
        && (1...64).contains(layersPerBlock) && (1...1024).contains(latentChannels),
      "no model has widths of \(widths)")
    let groups = groups ?? Self.usualGroups(of: widths)
    precondition(
      groups > 0 && widths.allSatisfy { $0.isMultiple(of: groups) },
      "\(groups) groups do not divide \(widths)")
    blockOutChannels = widths
    decoderBlockOutChannels = widths
    self.layersPerBlock = layersPerBlock
    decoderLayersPerBlock = layersPerBlock
    self.latentChannels = latentChannels
    normNumGroups = groups
    useQuantConv = true
    usePostQuantConv = true
    midBlockAddAttention = hasAttention
    scalingFactor = 1
    shiftFactor = 0
    latentsMean = []
    latentsStd = []
    batchNormEpsilon = nil
  }

  /// Groups of the norms for levels of some widths: 32, as published models have, or the largest smaller power of
  /// two that divides all of them and leaves two channels in a group where it can.
  package static func usualGroups(of widths: [Int]) -> Int {
    let narrowest = widths.min() ?? 1
    return [32, 16, 8, 4, 2].first { groups in
      2 * groups <= narrowest && widths.allSatisfy { $0.isMultiple(of: groups) }
    } ?? 1
  }
}
