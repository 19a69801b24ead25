extension Autoencoder {
  /// Decodes a latent and carries a gradient back through the decoder.
  ///
  /// - Parameters:
  ///   - latent: `[latentChannels, height, width]`, row-major, in the model's own units.
  ///   - progress: called after each layer; may throw to end the run.
  ///   - pictureGradient: gets the picture, `[height · f, width · f, 3]`, about -1...1, not clamped; returns the
  ///     gradient of a number with respect to it, of the same shape.
  /// - Returns: the gradient of that number with respect to the latent, of the latent's shape.
  /// - Throws: as `decode`.
  /// - Precondition: both have as many values as their shapes say.
  /// - Complexity: the multiply-adds of two decodes.
  package func decodeWithGradient(
    _ latent: [Float], height: Int, width: Int, _ options: ExecutionOptions,
    progress: ProgressHandler, pictureGradient: (_ picture: Span<Float>) throws -> [Float]
  ) throws -> [Float] {
    let channels = config.latentChannels
    precondition(
      latent.count == channels * height * width,
      "\(latent.count) values for a latent of [\(channels), \(height), \(width)]")
    let session = try gradientSession(height: height, width: width, options)
    var seed: [Float] = []
    var gradient: [Float] = []
    try session.run(
      options,
      fill: { name, input in
        if name == Self.latentName {
          input.fill(channelsFirst: latent, channels)
        } else {
          input.fill(seed)
        }
      }, progress: progress
    ) { name, output in
      if name == Self.gradientName {
        gradient = output.channelsFirst(channels)
      } else {
        seed = try pictureGradient(output)
      }
    }
    return gradient
  }

  /// What decoding a latent of this size and the way back would take.
  ///
  /// - Throws: `CheckpointError.noModel` if there is no decoder, `MemoryPlan.LimitTooLow`.
  package func decodingGradientCost(
    height: Int, width: Int, _ options: ExecutionOptions
  ) throws -> NetworkCost {
    try gradientSession(height: height, width: width, options).cost(limit: options.memoryLimit)
  }

  private func gradientSession(
    height: Int, width: Int, _ options: ExecutionOptions
  ) throws -> Session {
    try sessions.session("decoder gradient", height: height, width: width, options) {
      try decoderGradientGraph(height: height, width: width)
    }
  }

  private static let gradientName = "latent gradient"

  /// The decoder, and behind it the way back.
  func decoderGradientGraph(height: Int, width: Int) throws -> Graph {
    var graph = try decoderGraph(height: height, width: width)
    let (latent, picture) = (graph.inputs[0].value, graph.outputs[0].value)
    let seed = graph.addInput("picture gradient", graph.shape(of: picture), of: picture)
    graph.addOutput(
      Self.gradientName,
      graph.appendGradients(of: picture, seed, withRespectTo: [latent]).values[0])
    return graph
  }
}
