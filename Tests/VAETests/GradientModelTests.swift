import TestSupport
import Testing

@testable import VAE

/// Gradients of whole encoders and decoders with respect to input and all parameters.
@Suite struct GradientModelTests {
  /// A half of a model of the fixtures, and the size of its input.
  struct Half: CustomStringConvertible, Sendable {
    let model: String
    let isEncoder: Bool
    let size: (height: Int, width: Int)

    var description: String { "\(isEncoder ? "encoder" : "decoder") of \(model)" }

    func graph() throws -> Graph {
      let model = try ModelRun.open(model)
      return isEncoder
        ? try model.encoderGraph(height: size.height, width: size.width)
        : try model.decoderGraph(height: size.height, width: size.width)
    }
  }

  private static let halves = [
    Half(model: "tiny", isEncoder: true, size: (11, 13)),
    Half(model: "tiny", isEncoder: false, size: (2, 3)),
    Half(model: "tiny-pooled", isEncoder: true, size: (24, 17)),
    Half(model: "tiny-pooled", isEncoder: false, size: (3, 2)),
    Half(model: "kl-sd", isEncoder: true, size: (16, 24)),
    Half(model: "kl-sd", isEncoder: false, size: (2, 3)),
    Half(model: "kl-no-attention", isEncoder: true, size: (13, 10)),
    Half(model: "kl-no-attention", isEncoder: false, size: (3, 2)),
    Half(model: "kl-flux2", isEncoder: true, size: (16, 16)),
    Half(model: "kl-flux2", isEncoder: false, size: (2, 2)),
    Half(model: "kl-one-level", isEncoder: true, size: (5, 4)),
  ]

  @Test(arguments: halves)
  func `the gradients of a model are those of plain loops in f64`(half: Half) throws {
    var random = SeededGenerator(seed: 21)
    let run = try GradientRun(half.graph(), &random)
    try run.expectRight(within: 1e-4)
  }

  @Test(arguments: [
    Half(model: "tiny", isEncoder: true, size: (43, 40)),
    Half(model: "tiny", isEncoder: false, size: (6, 5)),
    Half(model: "kl-no-attention", isEncoder: true, size: (37, 32)),
    Half(model: "kl-no-attention", isEncoder: false, size: (10, 8)),
  ])
  func `gradients have the same bytes on one thread and in little memory`(half: Half) throws {
    var random = SeededGenerator(seed: 22)
    let run = try GradientRun(half.graph(), &random)
    let whole = try run.found()
    let least = #expect(throws: MemoryPlan.LimitTooLow.self) { try run.found(limit: 0) }
    let limit = try #require(least?.byteCount)
    #expect(try run.found(threads: 1, limit: limit) == whole)
  }
}
