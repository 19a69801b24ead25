import TestSupport
import Testing

@testable import VAE

/// Where the tensors of real models lie, against what must not overlap.
@Suite struct MemoryPlanTests {
  private static let models = [
    "kl-sd", "kl-sd3", "kl-no-attention", "kl-every-width", "kl-one-level", "tiny", "tiny-16",
  ]

  @Test(arguments: models, [true, false])
  func `no two tensors that are alive at the same time overlap`(
    name: String, encodes: Bool
  ) throws {
    let files = try ModelFiles(path: Fixtures.path("models/\(name)"))
    for (height, width) in [(1, 1), (5, 7), (32, 16)] {
      let factor = encodes ? files.config.spatialFactor : 1
      let graph = try Self.graph(files, encodes, height: height * factor, width: width * factor)
      try expectDisjoint(graph)
    }
  }

  @Test(arguments: [true, false])
  func `the full-size autoencoder of Stable Diffusion needs what must be alive`(
    encodes: Bool
  ) throws {
    let folder = try TemporaryFolder()
    try folder.writeStableDiffusion()
    let files = try ModelFiles(path: folder.path)
    let side = encodes ? 512 : 64
    let graph = try Self.graph(files, encodes, height: side, width: side)
    try expectDisjoint(graph)
    let plan = try Self.plan(graph)
    // To decode: 256 channels of 512x512, and two tensors of 128, are alive in up_blocks.3.resnets.0.
    // To encode: three tensors of 128 channels, or two where the residual is written over.
    let floor = (encodes ? 256 : 512) << 20
    #expect(plan.byteCount >= floor && plan.byteCount <= floor + (8 << 20))
    // The work of the network, in multiply-adds, as counted from the shapes of its layers.
    let work = graph.multiplyAdds
    #expect(abs(Double(work) / 1e9 - (encodes ? 558.33 : 1257.26)) < 0.006)
    #expect(try Autoencoder(files).hasEncoder)
  }

  @Test func `a sum is formed where a residual lies that nobody needs afterwards`() throws {
    let files = try ModelFiles(path: Fixtures.path("models/kl-sd"))
    let graph = try Self.graph(files, false, height: 4, width: 4)
    let plan = try Self.plan(graph)
    let last = Self.lastUses(of: graph)
    var shared = 0
    for (time, node) in graph.nodes.enumerated() where Self.addsResidual(node) {
      let residual = node.inputs[1]
      let isOver = last[residual.index] == time
      let isInPlace = plan.places[residual.index] == plan.places[node.output.index]
      #expect(isOver == isInPlace, "\(node.name)")
      shared += isInPlace ? 1 : 0
    }
    #expect(shared > 10)
  }

  @Test func `a residual that is needed later is left alone`() throws {
    var graph = Graph()
    let input = graph.addInput("input", Self.shape)
    let hidden = Self.append("a", &graph, [input])
    let sum = Self.append("b", &graph, [hidden, input])
    let last = Self.append("c", &graph, [sum, input])
    graph.addOutput("output", last)
    let plan = try Self.plan(graph)
    #expect(plan.places[sum.index] != plan.places[input.index])
    #expect(plan.places[last.index] == plan.places[input.index])
  }

  @Test func `a tensor that is added to its own convolution is left alone`() throws {
    var graph = Graph()
    let input = graph.addInput("input", Self.shape)
    let sum = Self.append("a", &graph, [input, input])
    graph.addOutput("output", sum)
    let plan = try Self.plan(graph)
    #expect(plan.places[sum.index] != plan.places[input.index])
    #expect(plan.byteCount == 2 * 4 * 4 * 8 * 4)
  }

  @Test func `an output that is not the last tensor is kept until the end`() throws {
    var graph = Graph()
    let first = graph.addInput("first", Self.shape)
    let second = graph.addInput("second", Self.shape)
    let middle = Self.append("a", &graph, [first, second])
    let last = Self.append("b", &graph, [middle])
    graph.addOutput("middle", middle)
    graph.addOutput("last", last)
    let plan = try Self.plan(graph)
    // The first sum takes the place of the second input, the last tensor that of the first.
    #expect(plan.places[middle.index] == plan.places[second.index])
    #expect(plan.places[last.index] != plan.places[middle.index])
    #expect(plan.byteCount == 2 * 4 * 4 * 8 * 4)
  }

  @Test func `a graph of no operations needs room for its input`() throws {
    var graph = Graph()
    let input = graph.addInput("input", TensorShape(height: 1, width: 1, channels: 3))
    graph.addOutput("output", input)
    #expect(try Self.plan(graph).byteCount == Arena.alignment)
  }

  // MARK: Graphs

  private static let shape = TensorShape(height: 4, width: 4, channels: 8)

  /// A plan whose nodes need nothing besides their tensors, and may write over a residual.
  private static func plan(_ graph: Graph) throws -> MemoryPlan {
    try MemoryPlan(
      graph, demands: graph.nodes.map { .init(replaceableInputs: addsResidual($0) ? [1] : []) })
  }

  private static func graph(
    _ files: ModelFiles, _ encodes: Bool, height: Int, width: Int
  ) throws -> Graph {
    let model = try Autoencoder(files)
    return encodes
      ? try model.encoderGraph(height: height, width: width)
      : try model.decoderGraph(height: height, width: width)
  }

  private static func append(
    _ name: String, _ graph: inout Graph, _ inputs: [Graph.Value]
  ) -> Graph.Value {
    let convolution = Convolution(
      inChannels: 8, outChannels: 8, kernelSize: 3, padding: .all(1), weight: .unread, bias: nil)
    return graph.append(name, convolution, inputs: inputs)
  }

  private static func addsResidual(_ node: Graph.Node) -> Bool {
    node.operation is Convolution && node.inputs.count == 2
  }

  /// The number of the last node that reads each tensor, computed from the end.
  private static func lastUses(of graph: Graph) -> [Int] {
    graph.shapes.indices.map { index in
      graph.nodes.lastIndex { $0.inputs.contains { $0.index == index } } ?? -1
    }
  }

  /// Checks at each node that what is alive has places of its own, inside the arena, and that the
  /// arena is little larger than what is alive at the worst moment.
  private func expectDisjoint(_ graph: Graph) throws {
    let plan = try Self.plan(graph)
    let last = Self.lastUses(of: graph)
    func range(_ index: Int) -> Range<Int> {
      let place = plan.places[index]
      return place.arena..<place.arena + place.residentByteCount
    }
    var worst = 0
    for (time, node) in graph.nodes.enumerated() {
      // Tensors are numbered in the order they are written; the output of this node is the newest.
      let alive = (0...node.output.index).filter { last[$0] >= time || $0 == node.output.index }
      var total = 0
      for (position, index) in alive.enumerated() {
        #expect(range(index).lowerBound % Arena.alignment == 0)
        #expect(range(index).upperBound <= plan.byteCount)
        total += range(index).count
        for other in alive[..<position] where range(index).overlaps(range(other)) {
          let isInPlace =
            index == node.output.index && Self.addsResidual(node) && other == node.inputs[1].index
            && node.inputs[0] != node.inputs[1] && last[other] == time
            && plan.places[index] == plan.places[other]
          #expect(isInPlace, "\(node.name): tensor \(index) lies over tensor \(other)")
          total -= range(other).count
        }
      }
      worst = max(worst, total)
    }
    // Rounding to cache lines adds less than one for each of a few tensors.
    #expect(plan.byteCount >= worst && plan.byteCount <= worst * 5 / 4 + 8 * Arena.alignment)
  }
}
