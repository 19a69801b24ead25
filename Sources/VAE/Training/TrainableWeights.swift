import Synchronization

/// The weights of both networks of a model in one memory, where they may be changed between runs.
///
/// The tensors lie one after another as f32: those of the encoder, then those of the decoder, each half sorted by
/// name. An optimiser sees one long vector.
package final class TrainableWeights: Sendable {
  /// A tensor's place.
  package struct Tensor: Sendable, Equatable {
    /// Its canonical name.
    package let name: String
    /// Extents, outermost first, as diffusers stores it.
    package let shape: [Int]
    /// Its elements among all, row-major.
    package let range: Range<Int>
  }

  /// All tensors, in order.
  package let tensors: [Tensor]
  /// The elements of the encoder's tensors, which those of the decoder follow.
  private let encoderCount: Int
  private let memory: MappedFile
  /// Sees the memory, whatever is in it.
  let store: WeightStore
  /// How often the weights were changed; the lock keeps changes out of runs.
  private let changes = Mutex(0)

  /// A tensor without a place.
  private typealias Form = (name: String, shape: [Int])

  private init(
    path: String, _ halves: (encoder: [Form], decoder: [Form]), values: [Float]
  ) throws {
    var end = 0
    func places(_ half: [Form]) -> [Tensor] {
      half.map { name, shape in
        defer { end += shape.reduce(1, *) }
        return Tensor(name: name, shape: shape, range: end..<end + shape.reduce(1, *))
      }
    }
    let encoder = places(halves.encoder)
    encoderCount = end
    tensors = encoder + places(halves.decoder)
    memory = MappedFile(name: path, elements: values.map(\.bitPattern))
    store = try Self.store(path: path, memory, tensors)
  }

  private static func store(
    path: String, _ memory: MappedFile, _ tensors: [Tensor]
  ) throws -> WeightStore {
    try WeightStore(
      path: path, files: [WeightsFile(memory, tensors: tensors.map { ($0.name, $0.shape) })],
      canonicalName: { name, _ in name }, fileName: { $0 })
  }

  /// A copy of the weights of a model's networks; tensors beside the networks are left out.
  ///
  /// - Throws: `WeightsError`.
  package convenience init(copying model: Autoencoder, _ kernels: Kernels) throws {
    let weights = model.weights
    var values: [Float] = []
    func half(_ half: AutoencoderHalf) throws -> [Form] {
      let prefixes = type(of: model.config).prefixes(of: half)
      return try weights.names.compactMap { name in
        guard prefixes.contains(where: name.hasPrefix), let shape = weights.shape(of: name) else {
          return nil
        }
        values += kernels.floats(of: try weights.tensor(name, shape: shape))
        return (name, shape)
      }
    }
    let halves = (encoder: try half(.encoder), decoder: try half(.decoder))
    try self.init(path: weights.path, halves, values: values)
  }

  /// The weights of a new model, drawn as PyTorch does: kernels and biases uniformly within 1 / √(values under a
  /// kernel), norms 1 and 0.
  ///
  /// - Parameters:
  ///   - name: what messages call the model.
  ///   - random: makes the numbers, one for each element in order but for norms.
  /// - Throws: `WeightsError`.
  /// - SeeAlso: `torch.nn.Conv2d.reset_parameters`: Kaiming's uniform distribution with a = √5.
  package convenience init(
    name: String, _ config: any AutoencoderFamily, using random: inout SeededGenerator
  ) throws {
    let halves = try (
      encoder: Self.tensors(of: .encoder, config), decoder: Self.tensors(of: .decoder, config)
    )
    let shapes = Dictionary(uniqueKeysWithValues: halves.encoder + halves.decoder)
    var values: [Float] = []
    for (name, shape) in halves.encoder + halves.decoder {
      let count = shape.reduce(1, *)
      let layer = name.prefix(through: name.lastIndex(of: ".") ?? name.startIndex)
      let kernel = shapes["\(layer)weight"] ?? shape
      guard kernel.count > 1 else {
        values += Array(repeating: name.hasSuffix("weight") ? 1 : 0, count: count)
        continue
      }
      let bound = 1 / Float(kernel.dropFirst().reduce(1, *)).squareRoot()
      for _ in 0..<count { values.append(.random(in: -bound...bound, using: &random)) }
    }
    try self.init(path: name, halves, values: values)
  }

  /// The tensors that a network needs, sorted by name.
  private static func tensors(
    of half: AutoencoderHalf, _ config: any AutoencoderFamily
  ) throws -> [Form] {
    let side = half == .encoder ? config.spatialFactor : 1
    let channels = half == .encoder ? 3 : config.latentChannels
    var builder = GraphBuilder(
      input: "input", TensorShape(height: side, width: side, channels: channels), weights: nil)
    _ =
      half == .encoder
      ? try config.appendEncoder(builder.input, to: &builder)
      : try config.appendDecoder(builder.input, to: &builder)
    return builder.graph.parameters.map { ($0.name, $0.shape) }.sorted { $0.0 < $1.0 }
  }
}

extension TrainableWeights {
  /// Elements of all tensors.
  package var count: Int { tensors.last?.range.upperBound ?? 0 }

  /// The elements of a half.
  package func range(of half: AutoencoderHalf) -> Range<Int> {
    half == .encoder ? 0..<encoderCount : encoderCount..<count
  }

  /// A copy of all elements.
  package var values: [Float] { values(in: 0..<count) }

  /// A copy of some elements.
  package func values(in range: Range<Int>) -> [Float] {
    changes.withLock { _ in
      memory.update { span in range.map { span[$0] } }
    }
  }

  /// A checkpoint of other elements in the places of these.
  ///
  /// - Throws: `WeightsError`.
  /// - Precondition: `values` has as many elements.
  package func store(of values: [Float]) throws -> WeightStore {
    precondition(values.count == count, "\(values.count) values for \(count) weights")
    return try Self.store(
      path: store.path, MappedFile(name: store.path, elements: values.map(\.bitPattern)), tensors)
  }

  /// Changes the elements; waits until no network runs with them.
  ///
  /// - Throws: what `body` throws.
  package func update(_ body: (inout MutableSpan<Float>) throws -> Void) rethrows {
    try changes.withLock { count in
      count += 1
      try memory.update(body)
    }
  }

  /// Calls `body` while nobody changes the elements, with the number of changes until now.
  ///
  /// - Throws: what `body` throws.
  func reading(_ body: (_ changes: Int) throws -> Void) rethrows {
    try changes.withLock { try body($0) }
  }
}
