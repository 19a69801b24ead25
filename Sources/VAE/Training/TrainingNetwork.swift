/// The networks of a model with the way back to their weights: what a picture's loss says about each weight.
///
/// The losses are the caller's. A picture is encoded, drawn from its posterior and decoded; the caller gets the
/// moments and the decoded picture and gives back the gradients of its loss with respect to both.
package struct TrainingNetwork: Sendable {
  /// What a step learns from.
  package struct Example: Sendable {
    /// A picture, `[height, width, 3]` in -1...1; a latent, `[channels, h, w]`, where the decoder alone is learnt.
    package let input: [Float]
    /// `[channels, h, w]`, of mean 0 and deviation 1; empty where nothing is drawn.
    package let noise: [Float]

    /// An example.
    package init(input: [Float], noise: [Float] = []) {
      self.input = input
      self.noise = noise
    }
  }

  /// A part of an example's loss.
  package struct Loss: Sendable {
    /// Numbers for the caller, such as the loss.
    package let numbers: [Double]
    /// The gradient of the loss with respect to what it was computed of, in that shape.
    package let gradient: [Float]

    /// A part of a loss.
    package init(_ numbers: [Double], gradient: [Float]) {
      self.numbers = numbers
      self.gradient = gradient
    }
  }

  /// The losses of a batch, and what they say.
  package struct Result: Sendable {
    /// Of each example, the numbers of the loss of its moments; empty where there are none.
    package let momentsNumbers: [[Double]]
    /// Of each example, the numbers of the loss of its picture.
    package let pictureNumbers: [[Double]]
    /// The sum of the examples' gradients with respect to the elements of `weightRange`.
    package let gradient: [Float]
  }

  /// The elements of the weights that are learnt.
  package let weightRange: Range<Int>
  private let config: any AutoencoderFamily
  private let weights: TrainableWeights
  /// The half whose weights are learnt; nil for both.
  private let half: AutoencoderHalf?
  /// The shape of pictures.
  private let shape: TensorShape
  /// Each weight is read for every example, in several prepared forms; so many bytes hold those of 20 million.
  private let sessions = SessionCache(
    MemoryPool(arenaCount: laneCount, maximumByteCount: 1 << 30))
  private let memory: WeightChanges

  /// Sums that the examples of a batch are added to, each in order: a number that does not depend on threads.
  private static let laneCount = 4

  /// A network for pictures of one size.
  ///
  /// - Parameter half: the half whose weights are learnt, nil for both. A decoder alone learns from latents, the
  ///   others from pictures; the loss is one of decoded pictures in any case.
  /// - Precondition: the spatial factor divides `height` and `width`.
  package init(
    _ config: any AutoencoderFamily, _ weights: TrainableWeights, only half: AutoencoderHalf? = nil,
    height: Int, width: Int
  ) {
    precondition(
      height.isMultiple(of: config.spatialFactor) && width.isMultiple(of: config.spatialFactor),
      "a picture of \(width)x\(height) for a factor of \(config.spatialFactor)")
    self.config = config
    self.weights = weights
    self.half = half
    shape = TensorShape(height: height, width: width, channels: 3)
    weightRange = half.map(weights.range) ?? 0..<weights.count
    memory = WeightChanges(sessions.pool)
  }

  /// Runs a batch.
  ///
  /// Examples are run side by side, each on as few threads as keeps all busy; the result is the same for any
  /// number of threads.
  ///
  /// - Parameters:
  ///   - ofMoments: gets an example's number and its moments, `[2 · channels, h, w]`. Not called where the decoder
  ///     alone is learnt or the model has no posterior.
  ///   - ofPicture: gets an example's number and the decoded picture, `[height, width, 3]`, about -1...1. Both are
  ///     called on several threads at the same time.
  /// - Throws: `WeightsError`, `NonFiniteActivation`, `OutOfMemory`, `CancellationError`, and what the closures
  ///   throw.
  package func run(
    _ examples: [Example], _ options: ExecutionOptions,
    lossOfMoments ofMoments:
      @escaping @Sendable (_ example: Int, _ moments: [Float]) throws -> Loss,
    lossOfPicture ofPicture: @escaping @Sendable (_ example: Int, _ picture: [Float]) throws -> Loss
  ) throws -> Result {
    let lanes = min(Self.laneCount, examples.count)
    let workers = min(lanes, options.parallel.threads)
    var laneOptions = options
    laneOptions.parallel = Parallel(threads: max(1, options.parallel.threads / max(workers, 1)))
    let places = places
    var sums: [Lane] = []
    try weights.reading { changes in
      memory.prepare(for: changes)
      let session = try sessions.session(
        "training", height: shape.height, width: shape.width, laneOptions, graph: graph)
      try session.prepareWeights(options)
      sums = try Parallel(threads: max(workers, 1)).map(lanes) { [laneOptions] number in
        var lane = Lane(count: weightRange.count)
        for index in stride(from: number, to: examples.count, by: lanes) {
          let run = TrainingRun(
            example: examples[index], beginsWithLatent: half == .decoder,
            latentChannels: config.latentChannels,
            lossOfMoments: { try ofMoments(index, $0) },
            lossOfPicture: { try ofPicture(index, $0) })
          try run(session, laneOptions, places, &lane)
        }
        return lane
      }
    }
    return Self.result(
      sums, count: examples.count, weightCount: weightRange.count, options.kernels)
  }

  private static func result(
    _ lanes: [Lane], count: Int, weightCount: Int, _ kernels: Kernels
  ) -> Result {
    var sum = lanes.first ?? Lane(count: weightCount)
    for lane in lanes.dropFirst() { sum.add(lane, kernels) }
    func inOrder(_ numbers: (Lane) -> [[Double]]) -> [[Double]] {
      let lanes = lanes.map(numbers)
      guard lanes.allSatisfy({ !$0.isEmpty }) else { return [] }
      return (0..<count).map { lanes[$0 % lanes.count][$0 / lanes.count] }
    }
    return Result(
      momentsNumbers: inOrder(\.momentsNumbers), pictureNumbers: inOrder(\.pictureNumbers),
      gradient: sum.gradient)
  }

  /// Where the gradients of tensors are added, by name.
  private var places: [String: Int] {
    weights.tensors.reduce(into: [:]) { places, tensor in
      places[tensor.name] = tensor.range.lowerBound - weightRange.lowerBound
    }
  }

  /// The networks of one example, and behind them the way back.
  private func graph() throws -> Graph {
    let factor = config.spatialFactor
    let latentShape = TensorShape(
      height: shape.height / factor, width: shape.width / factor, channels: config.latentChannels)
    var builder = GraphBuilder(
      input: TrainingRun.inputName, half == .decoder ? latentShape : shape, weights: weights.store)
    var latent = builder.input
    var moments: Graph.Value?
    if half != .decoder {
      latent = try config.appendEncoder(latent, to: &builder)
      if config.hasPosterior {
        moments = latent
        let noise = builder.addInput(TrainingRun.noiseName, latentShape)
        latent = builder.append("posterior", Reparameterisation(), [latent, noise])
      }
    }
    let encoderParameters = Set(builder.graph.allParameters)
    let picture = try config.appendDecoder(latent, to: &builder)
    var graph = builder.finished(TrainingRun.pictureName, picture)
    var outputs = [
      (
        value: picture,
        seed: graph.addInput(TrainingRun.pictureGradientName, graph.shape(of: picture), of: picture)
      )
    ]
    if let moments {
      graph.addOutput(TrainingRun.momentsName, moments)
      outputs.append(
        (
          value: moments,
          seed: graph.addInput(
            TrainingRun.momentsGradientName, graph.shape(of: moments), of: moments)
        ))
    }
    let parameters = graph.allParameters.filter {
      half != .encoder || encoderParameters.contains($0)
    }
    let gradients = graph.appendGradients(of: outputs, withRespectTo: [], parameters: parameters)
    for (parameter, gradient) in zip(parameters, gradients.parameters) {
      graph.addOutput(graph[parameter].name, gradient)
    }
    return graph
  }
}
