/// The run of one example.
struct TrainingRun {
  let example: TrainingNetwork.Example
  /// Whether the input is a latent.
  let beginsWithLatent: Bool
  let latentChannels: Int
  let lossOfMoments: (_ moments: [Float]) throws -> TrainingNetwork.Loss
  let lossOfPicture: (_ picture: [Float]) throws -> TrainingNetwork.Loss

  // What the graph calls its inputs and outputs, besides the gradients of weights, which have the weights' names.
  static let (inputName, noiseName, momentsName, pictureName) = (
    "input", "noise", "moments", "picture"
  )
  static let (momentsGradientName, pictureGradientName) = ("moments gradient", "picture gradient")

  /// Runs the example and adds to `lane`.
  ///
  /// - Parameter places: where the gradients of weights are added, by name.
  func callAsFunction(
    _ session: Session, _ options: ExecutionOptions, _ places: [String: Int], _ lane: inout Lane
  ) throws {
    var momentsGradient: [Float] = []
    var pictureGradient: [Float] = []
    try session.run(
      options,
      fill: { name, input in
        switch name {
        case Self.noiseName:
          input.fill(channelsFirst: example.noise, latentChannels)
        case Self.momentsGradientName:
          input.fill(channelsFirst: momentsGradient, 2 * latentChannels)
        case Self.pictureGradientName: input.fill(pictureGradient)
        default:
          if beginsWithLatent {
            input.fill(channelsFirst: example.input, latentChannels)
          } else {
            input.fill(example.input)
          }
        }
      }, progress: { _ in }
    ) { name, output in
      switch name {
      case Self.momentsName:
        let loss = try lossOfMoments(output.channelsFirst(2 * latentChannels))
        lane.momentsNumbers.append(loss.numbers)
        momentsGradient = loss.gradient
      case Self.pictureName:
        let loss = try lossOfPicture(output.values)
        lane.pictureNumbers.append(loss.numbers)
        pictureGradient = loss.gradient
      default: lane.add(output, at: places[name], options.kernels)
      }
    }
  }
}

/// A sum of examples, which are added in order.
struct Lane: Sendable {
  private(set) var gradient: [Float]
  fileprivate(set) var momentsNumbers: [[Double]] = []
  fileprivate(set) var pictureNumbers: [[Double]] = []

  /// A sum of nothing for `count` weights.
  init(count: Int) { gradient = [Float](repeating: 0, count: count) }

  /// Adds the gradient of a tensor, whose first element is the sum's at `place`.
  fileprivate mutating func add(_ part: Span<Float>, at place: Int?, _ kernels: Kernels) {
    guard let place else { preconditionFailure("a gradient of an unknown tensor") }
    var sum = gradient.mutableSpan
    kernels.add(part, to: &sum, at: place)
  }

  /// Adds another sum.
  mutating func add(_ other: Lane, _ kernels: Kernels) {
    add(other.gradient.span, at: 0, kernels)
  }
}
