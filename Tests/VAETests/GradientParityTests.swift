import TestSupport
import Testing

@testable import VAE

/// Gradients of diffusers' blocks, and of the halves of small models with respect to input and every parameter,
/// against those of PyTorch.
@Suite struct GradientParityTests {
  /// What PyTorch computed of one graph.
  private struct Reference {
    let path: String
    /// Stands before the names of its tensors.
    let prefix: String

    init(_ file: String, prefix: String = "") {
      path = Fixtures.path("gradients/\(file).safetensors")
      self.prefix = prefix
    }

    func tensor(_ name: String) throws -> ReferenceTensor {
      try ReferenceTensor(prefix + name, in: path)
    }

    /// The extents of the input.
    func shape() throws -> TensorShape {
      let shape = try tensor("input").shape
      return TensorShape(height: shape[2], width: shape[3], channels: shape[1])
    }

    /// Expects the gradients of `graph` to be those of the file.
    func expectGradients(of graph: Graph, within tolerance: Double) throws {
      let run = try GradientRun(
        graph, [ModelRun.channelsLast(tensor("input"))],
        seed: ModelRun.channelsLast(tensor("seed")))
      let parameters = try graph.allParameters.map { parameter in
        let name = graph[parameter].name
        return try tensor(
          "gradient." + (prefix.isEmpty ? name : String(name.dropFirst(prefix.count)))
        )
        .values
      }
      let expected = [ModelRun.channelsLast(try tensor("gradient.input"))] + parameters
      #expect(expected.count > 1)
      GradientRun.expect(
        try run.found(), expected.map { $0.map(Double.init) }, within: tolerance)
    }
  }

  private static let blocks =
    ["convolution", "pointwise", "doubling", "doubling-16", "resnet", "resnet-wider"]
    + ["attention", "clamp", "tiny-relu", "tiny-silu", "tiny-wider"]
    + ["below", "around"].flatMap { padding in
      ["6-8x6", "16-8x6", "6-7x9", "16-7x9"].map { "halving-\(padding)-\($0)" }
    }

  @Test(arguments: blocks)
  func `the gradients of a block are those of PyTorch`(name: String) throws {
    let reference = Reference("operations", prefix: "\(name).")
    let weights = try WeightStore(
      path: reference.path, files: [WeightsFile(path: reference.path)],
      canonicalName: { name, _ in name }, fileName: { $0 })
    var builder = GraphBuilder(input: "input", try reference.shape(), weights: weights)
    let output = try Self.append(name, to: &builder)
    try reference.expectGradients(of: builder.finished("output", output), within: 1e-5)
  }

  /// Appends a block as the networks do, and the convolution before it.
  private static func append(
    _ name: String, to builder: inout GraphBuilder
  ) throws -> Graph.Value {
    func extent(_ tensor: String, _ index: Int) -> Int {
      builder.shape(of: "\(name).\(tensor)")?[index] ?? 0
    }
    if name == "clamp" {
      return try builder.convolution(
        "\(name).1", builder.input, outChannels: extent("1.weight", 0), kernelSize: 3
      ) { $0.inputActivation = .softClamp(limit: 3) }
    }
    let first = try builder.convolution(
      "\(name).first", builder.input, outChannels: extent("first.weight", 0), kernelSize: 3)
    switch name.prefix(while: { $0 != "-" }) {
    case "halving" where name.contains("below"):
      return try builder.convolution(
        "\(name).conv", first, outChannels: extent("conv.weight", 0), kernelSize: 3
      ) {
        $0.stride = 2
        $0.padding = .bottomRight
      }
    case "halving":
      return try builder.convolution(
        name, first, outChannels: extent("weight", 0), kernelSize: 3, hasBias: false
      ) { $0.stride = 2 }
    case "doubling":
      return try builder.convolution(
        "\(name).conv", first, outChannels: extent("conv.weight", 0), kernelSize: 3
      ) { $0.upsampling = .nearest }
    case "resnet":
      let block = ResnetBlock(
        name: name, outChannels: extent("conv1.weight", 0), groups: 4, epsilon: 1e-6)
      return try block(first, in: &builder)
    case "attention":
      return try AttentionBlock(name: name, groups: 4, epsilon: 1e-6)(first, in: &builder)
    case "tiny":
      let block = TinyBlock(
        name: name, outChannels: extent("conv.0.weight", 0),
        activation: name == "tiny-silu" ? .silu : .relu)
      return try block(first, in: &builder)
    default:
      return try builder.convolution(
        name, first, outChannels: extent("weight", 0), kernelSize: extent("weight", 3))
    }
  }

  @Test(arguments: ["tiny", "tiny-pooled", "kl-sdxl", "kl-no-attention"], [true, false])
  func `the gradients of a model are those of PyTorch`(name: String, isEncoder: Bool) throws {
    let reference = Reference("\(name)-\(isEncoder ? "encoder" : "decoder")")
    let model = try ModelRun.open(name)
    let shape = try reference.shape()
    let graph =
      isEncoder
      ? try model.encoderGraph(height: shape.height, width: shape.width)
      : try model.decoderGraph(height: shape.height, width: shape.width)
    try reference.expectGradients(of: graph, within: 1e-4)
  }
}
