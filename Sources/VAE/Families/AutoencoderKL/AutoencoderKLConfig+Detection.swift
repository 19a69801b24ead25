/// The configuration of an `AutoencoderKL` read from its tensors, for files without a config.json.
extension AutoencoderKLConfig {
  /// Groups of every published model (`norm_num_groups`).
  private static let publishedGroups = 32

  package init(detectedIn weights: WeightStore, groups: Int?) throws {
    try self.init(weights, groups: groups)
    try checkQuantConvolutions(weights)
  }

  package var assumedGroups: Int? { isPublished ? nil : normNumGroups }

  package func check(_ weights: WeightStore, configPath path: String) throws {
    guard let held = try? Self(weights, groups: normNumGroups) else { return }
    let (levels, own) = (held.blockOutChannels.count, blockOutChannels.count)
    let differences = [
      levels > own ? "\(levels) levels, it says \(own)" : nil,
      held.layersPerBlock > layersPerBlock
        ? "\(held.layersPerBlock) layers a block, it says \(layersPerBlock)" : nil,
      held.decoderLayersPerBlock > decoderLayersPerBlock
        ? "\(held.decoderLayersPerBlock) layers a decoder block, it says \(decoderLayersPerBlock)"
        : nil,
      held.midBlockAddAttention && !midBlockAddAttention
        ? "an attention layer, it says none" : nil,
    ]
    guard let difference = differences.compactMap(\.self).first else { return }
    throw FamilyError.malformedConfig(path: path, reason: "the tensors have \(difference)")
  }

  package func fits(_ weights: WeightStore) -> Bool {
    guard var held = try? Self(weights, groups: normNumGroups) else { return false }
    held.scalingFactor = scalingFactor
    held.shiftFactor = shiftFactor
    held.latentsMean = latentsMean
    held.latentsStd = latentsStd
    if held.batchNormEpsilon != nil { held.batchNormEpsilon = batchNormEpsilon }
    // Of a half that is not there nothing is shown.
    if !weights.hasNames(beginningWith: ["encoder."]) {
      held.blockOutChannels = blockOutChannels
      held.layersPerBlock = layersPerBlock
      held.useQuantConv = useQuantConv
    }
    if !weights.hasNames(beginningWith: ["decoder."]) {
      held.decoderBlockOutChannels = decoderBlockOutChannels
      held.decoderLayersPerBlock = decoderLayersPerBlock
      held.usePostQuantConv = usePostQuantConv
    }
    return held == self
  }

  /// What the names and shapes imply; of the scaling of latents they imply nothing.
  private init(_ weights: WeightStore, groups: Int?) throws {
    let encoder = DetectedHalf(weights, blocks: "encoder.down_blocks", extraLayers: 0)
    let decoder = DetectedHalf(weights, blocks: "decoder.up_blocks", extraLayers: 1)
    guard let half = encoder ?? decoder else {
      throw WeightsError.missingTensor(
        path: weights.path,
        name: weights.fileName("encoder.down_blocks.0.resnets.0.conv1.weight"))
    }
    let decoderWidths = decoder.map { Array($0.widths.reversed()) }
    self.init(
      blockOutChannels: encoder?.widths ?? decoderWidths ?? [],
      decoderBlockOutChannels: decoderWidths ?? half.widths,
      layersPerBlock: half.layers, decoderLayersPerBlock: decoder?.layers ?? half.layers,
      latentChannels: try Self.latentChannels(weights),
      normNumGroups: groups ?? Self.publishedGroups,
      useQuantConv: weights.shape(of: "quant_conv.weight") != nil,
      usePostQuantConv: weights.shape(of: "post_quant_conv.weight") != nil,
      midBlockAddAttention: ["encoder", "decoder"].contains {
        weights.shape(of: "\($0).mid_block.attentions.0.to_q.weight") != nil
      },
      scalingFactor: nil, shiftFactor: 0, latentsMean: [], latentsStd: [],
      batchNormEpsilon: weights.shape(of: "bn.running_mean") == nil
        ? nil : Self.publishedBatchNormEpsilon)
    try check(encoder, decoder, weights, groupsAreKnown: groups != nil)
  }

  /// Whether the widths are those of a published model, which are known to have 32 groups.
  private var isPublished: Bool {
    let published = [
      [128, 256, 512, 512], [128, 256, 512], [128, 512, 1024, 1024], [96, 192, 384, 384],
    ]
    return published.contains(blockOutChannels)
  }

  /// Checks that the 1x1 convolutions between the halves and the latent are there if every published
  /// model of as many latent channels has them: SD3's and FLUX.1's 16 come without, all others with.
  ///
  /// Tools that copy the names of the two halves out of a checkpoint lose them, and the network runs
  /// without; the pictures are wrong in a way that nobody would trace to the file. diffusers leaves
  /// the same file with random numbers in their place. A model that was made without them has a
  /// config.json that says so.
  ///
  /// - Throws: `FamilyError.unsupported`.
  private func checkQuantConvolutions(_ weights: WeightStore) throws {
    guard Self.channelsWithQuantConvolutions.contains(latentChannels) else { return }
    for (half, name, exists) in [
      ("encoder", "quant_conv", useQuantConv), ("decoder", "post_quant_conv", usePostQuantConv),
    ] where !exists && weights.names.contains(where: { $0.hasPrefix("\(half).") }) {
      throw FamilyError.unsupported(
        path: weights.path,
        what: "`\(weights.fileName("\(name).weight"))` is missing, which every published model of "
          + "\(latentChannels) latent channels has; without it the result is wrong unless a "
          + "config.json beside the file says \"use_\(name)\": false")
    }
  }

  /// Latent channels of the published models that have `quant_conv` and `post_quant_conv`: Stable
  /// Diffusion's and FLUX.2's.
  private static let channelsWithQuantConvolutions: Set<Int> = [4, 32]

  private static func latentChannels(_ weights: WeightStore) throws -> Int {
    let read = weights.kernelShape(of: "decoder.conv_in").map { $0[1] }
    let moments = weights.kernelShape(of: "encoder.conv_out").map { $0[0] }
    let written = moments.map { $0 / 2 }
    guard let channels = read ?? written else {
      throw WeightsError.missingTensor(
        path: weights.path, name: weights.fileName("decoder.conv_in.weight"))
    }
    guard read == nil || moments != read else {
      throw FamilyError.unsupported(
        path: weights.path,
        what: "its encoder writes the \(channels) channels of a latent and no variances, like a VQ "
          + "model's; only KL autoencoders are supported")
    }
    guard written == nil || written == channels, (1...1024).contains(channels) else {
      throw FamilyError.unsupported(
        path: weights.path,
        what: "the decoder reads \(channels) latent channels, the encoder writes \(written ?? 0)")
    }
    return channels
  }

  private func check(
    _ encoder: DetectedHalf?, _ decoder: DetectedHalf?, _ weights: WeightStore,
    groupsAreKnown: Bool
  ) throws {
    func unsupported(_ what: String) -> FamilyError {
      .unsupported(path: weights.path, what: what)
    }
    if let encoder, let decoder {
      guard encoder.widths.count == decoder.widths.count else {
        throw unsupported(
          "an encoder of \(encoder.widths.count) levels and a decoder of \(decoder.widths.count) are "
            + "no AutoencoderKL")
      }
    }
    let widths = blockOutChannels + decoderBlockOutChannels
    guard (1...8).contains(blockOutChannels.count), widths.allSatisfy((1...16384).contains),
      (1...64).contains(layersPerBlock), (1...64).contains(decoderLayersPerBlock)
    else {
      throw unsupported(
        "levels of \(widths.prefix(16)) channels with \(layersPerBlock) blocks in the encoder and "
          + "\(decoderLayersPerBlock + 1) in the decoder are not supported")
    }
    guard widths.allSatisfy({ $0 % normNumGroups == 0 }) else {
      throw unsupported(
        groupsAreKnown
          ? "\(normNumGroups) groups do not divide levels of \(widths) channels"
          : "no tensor shows the groups of its norms: --groups or a config.json beside it must say them"
      )
    }
  }
}

/// An encoder or a decoder, as far as the shapes of its blocks show it.
private struct DetectedHalf {
  /// Channels of the levels, in the order of their numbers.
  let widths: [Int]
  /// Resnet blocks of a level, as config.json counts them.
  let layers: Int

  /// Reads the levels of `blocks`; nil if there are none.
  ///
  /// - Parameter extraLayers: blocks of a level that config.json does not count.
  init?(_ weights: WeightStore, blocks: String, extraLayers: Int) {
    func width(_ level: Int, _ layer: Int) -> Int? {
      weights.kernelShape(of: "\(blocks).\(level).resnets.\(layer).conv1").map { $0[0] }
    }
    widths = Array((0...).lazy.map { width($0, 0) }.prefix { $0 != nil }.compactMap(\.self))
    guard !widths.isEmpty else { return nil }
    layers = ((0...).first { width(0, $0) == nil } ?? 0) - extraLayers
  }
}
