/// A model that is ready to run: a picture to a latent and back, as tensors.
///
/// It never scales latents: they are in the units of the model's family. All calls may run at the same
/// time.
package struct Autoencoder: Sendable {
  /// Called with the part of the work that is done, in 0...1; an error it throws ends the run.
  package typealias ProgressHandler = (_ fraction: Double) throws -> Void

  /// The configuration.
  package let config: any AutoencoderFamily
  let weights: WeightStore
  let sessions: SessionCache
  /// Whether the files hold an encoder.
  package let hasEncoder: Bool
  /// Whether the files hold a decoder.
  package let hasDecoder: Bool

  /// The model of `files`, whose tensors are checked against its configuration.
  ///
  /// - Parameter runCount: runs at the same time whose memory is kept for the next ones.
  /// - Throws: `ModelFileError`.
  package init(_ files: ModelFiles, runCount: Int = 1) throws {
    try self.init(files.config, files.weights, runCount: runCount)
  }

  /// The model of `weights`, which are checked against its configuration.
  ///
  /// - Throws: `ModelFileError`.
  package init(
    _ config: any AutoencoderFamily, _ weights: WeightStore, runCount: Int = 1
  ) throws {
    sessions = SessionCache(MemoryPool(arenaCount: runCount))
    self.config = config
    self.weights = weights
    let prefixes = (
      encoder: type(of: config).prefixes(of: .encoder),
      decoder: type(of: config).prefixes(of: .decoder)
    )
    hasEncoder = weights.hasNames(beginningWith: prefixes.encoder.prefix(1))
    hasDecoder = weights.hasNames(beginningWith: prefixes.decoder.prefix(1))
    guard hasEncoder || hasDecoder else {
      throw CheckpointError.noModel(
        path: weights.path, reason: "holds no tensor of an \(config.className)")
    }
    let side = config.spatialFactor
    if hasEncoder {
      try check(encoderGraph(height: side, width: side), readsAllOf: prefixes.encoder)
    }
    if hasDecoder {
      try check(decoderGraph(height: 1, width: 1), readsAllOf: prefixes.decoder)
    }
  }

  /// Checks that `graph` leaves no tensor of its half out: where it does, others may be missing that the
  /// shape of the network would have followed from.
  private func check(_ graph: Graph, readsAllOf prefixes: [String]) throws {
    let used = Set(graph.parameters.map(\.name))
    if let name = weights.fileNames(beginningWith: prefixes, besides: used).first {
      throw FamilyError.unsupported(
        path: weights.path,
        what: "`\(name)` has no place in the network that \(config.className) makes of the "
          + "configuration or of the other tensors: some may be missing")
    }
  }

  /// Channels that the encoder writes: the means and then the log-variances where the model makes a
  /// posterior, else the latent.
  package var encodedChannels: Int { config.latentChannels * (config.hasPosterior ? 2 : 1) }

  /// Numbers that the tensors hold.
  package var parameterCount: Int {
    weights.entries.reduce(0) { $0 + $1.shape.reduce(1, *) }
  }

  /// Bytes that the tensors take in their files.
  package var byteCount: Int { weights.entries.reduce(0) { $0 + $1.byteRange.count } }

  /// The types of element of the tensors, sorted.
  package var elementTypes: [String] { Set(weights.entries.map(\.dtype)).sorted() }

  /// The tensors whose canonical names are not in `names`, with these names; those of a type that networks do not
  /// compute with are left out.
  package func tensors(
    besides names: Set<String>
  ) -> [(name: String, shape: [Int], values: StoredTensor)] {
    weights.names.filter { !names.contains($0) }.compactMap { name in
      guard let shape = weights.shape(of: name),
        let tensor = try? weights.tensor(name, shape: shape)
      else { return nil }
      return (name, shape, tensor)
    }
  }

  /// The statistics of the latents that the files hold; nil where they hold none.
  ///
  /// - Throws: `ModelFileError`, also for tensors that state units which are not supported.
  package func latentStatistics(_ kernels: Kernels) throws -> LatentStatistics? {
    try config.latentStatistics(in: weights, kernels)
  }

  /// Encodes a picture.
  ///
  /// - Parameters:
  ///   - height: rows of the picture, a multiple of the spatial factor.
  ///   - width: columns of the picture, a multiple of the spatial factor.
  ///   - fill: writes the picture, `[height, width, 3]` in -1...1, all of it.
  ///   - progress: called after each layer; may throw to end the run.
  /// - Returns: `[encodedChannels, height / f, width / f]`, row-major.
  /// - Throws: `CheckpointError.noModel` if there is no encoder, `NonFiniteActivation`, `OutOfMemory`,
  ///   `CancellationError`, and what the closures throw.
  package func encode(
    height: Int, width: Int, _ options: ExecutionOptions, progress: ProgressHandler,
    fill: (inout MutableSpan<Float>) throws -> Void
  ) throws -> [Float] {
    let session = try encoder(height: height, width: width, options)
    var result: [Float] = []
    try session.run(options, fill: { try fill(&$1) }, progress: progress) { _, output in
      result = output.channelsFirst(encodedChannels)
    }
    return result
  }

  /// Decodes a latent.
  ///
  /// - Parameters:
  ///   - latent: `[latentChannels, height, width]`, row-major, in the model's own units.
  ///   - progress: called after each layer; may throw to end the run.
  ///   - read: gets the picture, `[height · f, width · f, 3]`, about -1...1, not clamped.
  /// - Returns: what `read` returns.
  /// - Throws: `CheckpointError.noModel` if there is no decoder, `NonFiniteActivation`, `OutOfMemory`,
  ///   `CancellationError`, and what the closures throw.
  /// - Precondition: `latent` has `latentChannels · height · width` values.
  package func decode<Result>(
    _ latent: [Float], height: Int, width: Int, _ options: ExecutionOptions,
    progress: ProgressHandler, read: (Span<Float>) throws -> Result
  ) throws -> Result {
    let channels = config.latentChannels
    precondition(
      latent.count == channels * height * width,
      "\(latent.count) values for a latent of [\(channels), \(height), \(width)]")
    let session = try decoder(height: height, width: width, options)
    var result: Result?
    try session.run(
      options,
      fill: { _, input in input.fill(channelsFirst: latent, channels) }, progress: progress
    ) { _, output in result = try read(output) }
    guard let result else { preconditionFailure("a decoder without an output") }
    return result
  }

  /// What encoding a picture of this size would take.
  ///
  /// - Throws: `CheckpointError.noModel` if there is no encoder, `MemoryPlan.LimitTooLow`.
  package func encodingCost(
    height: Int, width: Int, _ options: ExecutionOptions
  ) throws -> NetworkCost {
    try encoder(height: height, width: width, options).cost(limit: options.memoryLimit)
  }

  /// What decoding a latent of this size would take.
  ///
  /// - Throws: `CheckpointError.noModel` if there is no decoder, `MemoryPlan.LimitTooLow`.
  package func decodingCost(
    height: Int, width: Int, _ options: ExecutionOptions
  ) throws -> NetworkCost {
    try decoder(height: height, width: width, options).cost(limit: options.memoryLimit)
  }

  /// Bytes that are kept for the next run and that nobody uses.
  package var idleByteCount: Int { sessions.pool.idleByteCount }

  private func encoder(
    height: Int, width: Int, _ options: ExecutionOptions
  ) throws -> Session {
    try sessions.session("encoder", height: height, width: width, options) {
      try encoderGraph(height: height, width: width)
    }
  }

  private func decoder(
    height: Int, width: Int, _ options: ExecutionOptions
  ) throws -> Session {
    try sessions.session("decoder", height: height, width: width, options) {
      try decoderGraph(height: height, width: width)
    }
  }

  /// A number by which encoders or decoders are distinguished: an FNV-1a hash over the names and shapes of the half's
  /// tensors and the values of the one-dimensional ones (norms and biases), in f32. Extents of 1 at
  /// the end of a shape are left out, so that a linear layer and a 1x1 convolution are the same.
  ///
  /// Cheap, because the large tensors are not read; 0 where the model has no such half.
  package func fingerprint(of half: AutoencoderHalf, _ kernels: Kernels) throws -> UInt64 {
    guard half == .encoder ? hasEncoder : hasDecoder else { return 0 }
    var hash = FNV1a()
    let prefixes = type(of: config).prefixes(of: half)
    for name in weights.names where prefixes.contains(where: name.hasPrefix) {
      guard let shape = weights.shape(of: name) else { continue }
      hash.add(Array(name.utf8))
      for extent in shape.withoutTrailingOnes { hash.add(UInt64(extent)) }
      if shape.count == 1, let tensor = try? weights.tensor(name, shape: shape) {
        hash.add(kernels.floats(of: tensor))
      }
    }
    return hash.value
  }

  /// What the decoder's graph calls its input.
  static let latentName = "latent"

  func encoderGraph(height: Int, width: Int) throws -> Graph {
    guard hasEncoder else {
      throw CheckpointError.noModel(path: weights.path, reason: "holds a decoder only")
    }
    let picture = TensorShape(height: height, width: width, channels: 3)
    var builder = GraphBuilder(input: "picture", picture, weights: weights)
    let latent = try config.appendEncoder(builder.input, to: &builder)
    return builder.finished("latent", latent)
  }

  /// Checks that there is a decoder.
  ///
  /// - Throws: `CheckpointError.noModel`.
  package func requireDecoder() throws {
    guard hasDecoder else {
      throw CheckpointError.noModel(path: weights.path, reason: "holds an encoder only")
    }
  }

  func decoderGraph(height: Int, width: Int) throws -> Graph {
    try requireDecoder()
    let latent = TensorShape(height: height, width: width, channels: config.latentChannels)
    var builder = GraphBuilder(input: Self.latentName, latent, weights: weights)
    let picture = try config.appendDecoder(builder.input, to: &builder)
    return builder.finished("picture", picture)
  }
}

// Latents outside of graphs are `[channels, height, width]`, tensors in them channels-last.

extension MutableSpan<Float> {
  /// Writes all of `values`, `[channels, pixels]`, as `[pixels, channels]`.
  mutating func fill(channelsFirst values: [Float], _ channels: Int) {
    let pixelCount = values.count / channels
    for index in values.indices {
      let (channel, pixel) = index.quotientAndRemainder(dividingBy: pixelCount)
      self[pixel * channels + channel] = values[index]
    }
  }
}

extension Span<Float> {
  /// The values, `[pixels, channels]`, as `[channels, pixels]`.
  func channelsFirst(_ channels: Int) -> [Float] {
    let pixelCount = count / channels
    return (0..<count).map { index in
      let (channel, pixel) = index.quotientAndRemainder(dividingBy: pixelCount)
      return self[pixel * channels + channel]
    }
  }
}
