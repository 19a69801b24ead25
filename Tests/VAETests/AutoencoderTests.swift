import Synchronization
import TestSupport
import Testing

@testable import VAE

/// Whole runs: damaged weights, cancellation and progress.
@Suite struct AutoencoderTests {
  private static let weights = "diffusion_pytorch_model.safetensors"

  // MARK: Damage

  @Test(arguments: [
    ("encoder.conv_in.weight", "encoder.conv_in"),
    ("encoder.down_blocks.1.resnets.0.conv1.bias", "encoder.down_blocks.1.resnets.0.conv1"),
    // A norm is applied by the convolution that reads through it.
    ("encoder.down_blocks.2.resnets.0.norm2.weight", "encoder.down_blocks.2.resnets.0.conv2"),
    (
      "encoder.down_blocks.2.resnets.0.conv_shortcut.weight",
      "encoder.down_blocks.2.resnets.0.conv_shortcut"
    ),
    (
      "encoder.down_blocks.0.downsamplers.0.conv.weight",
      "encoder.down_blocks.0.downsamplers.0.conv"
    ),
    ("encoder.mid_block.attentions.0.to_k.weight", "encoder.mid_block.attentions.0.to_k"),
    ("encoder.mid_block.attentions.0.to_out.0.bias", "encoder.mid_block.attentions.0.to_out.0"),
    ("encoder.conv_norm_out.bias", "encoder.conv_out"), ("quant_conv.weight", "quant_conv"),
    ("post_quant_conv.bias", "post_quant_conv"),
    ("decoder.up_blocks.0.upsamplers.0.conv.weight", "decoder.up_blocks.0.upsamplers.0.conv"),
    ("decoder.conv_out.bias", "decoder.conv_out"),
  ])
  func `a weight that is no number is reported by the layer it reaches first`(
    tensor: String, layer: String
  ) throws {
    for bad in [Float.nan, .infinity] {
      let folder = try TemporaryFolder()
      try damage("kl-sd", in: folder) { $0 == tensor ? bad : nil }
      #expect(throws: NonFiniteActivation(layer: layer)) { try run(folder, layer) }
    }
  }

  @Test func `scores that overflow are reported by the attention`() throws {
    let folder = try TemporaryFolder()
    let attention = "decoder.mid_block.attentions.0"
    try damage("kl-sd", in: folder) { name in
      ["\(attention).to_q.bias", "\(attention).to_k.bias"].contains(name) ? 1e30 : nil
    }
    #expect(throws: NonFiniteActivation(layer: attention)) { try run(folder, "decoder") }
  }

  @Test(arguments: ["kl-sd", "tiny-16"], [Float.nan, .infinity])
  func `a picture that is no number is reported by the first layer`(name: String, bad: Float) throws
  {
    let model = try ModelRun.open(name)
    var pixels = [Float](repeating: 0, count: 16 * 16 * 3)
    pixels[100] = bad
    let first = name == "kl-sd" ? "encoder.conv_in" : "encoder.layers.0"
    #expect(throws: NonFiniteActivation(layer: first)) {
      try ModelRun.encode(model, pixels, height: 16, width: 16, ModelRun.options())
    }
    #expect(
      NonFiniteActivation(layer: first).description
        == "layer `\(first)` produced a NaN or infinite value: the weights or the input are damaged"
    )
  }

  /// Writes a copy of an f32 model, in which the first element of some tensors is another.
  private func damage(
    _ name: String, in folder: TemporaryFolder, _ value: (_ tensor: String) -> Float?
  ) throws {
    let path = Fixtures.path("models/\(name)/\(Self.weights)")
    var bytes = try Fixtures.bytes(at: path)
    for (tensor, entry) in try SafetensorsFile(path: path).entries {
      guard let value = value(tensor) else { continue }
      for offset in 0..<4 {
        bytes[entry.byteRange.lowerBound + offset] = UInt8(
          truncatingIfNeeded: value.bitPattern >> (8 * UInt32(offset)))
      }
    }
    try folder.write(bytes, to: Self.weights)
    try folder.copy("models/\(name)/config.json", to: "config.json")
  }

  /// Runs the half of the model in `folder` that `layer` belongs to.
  private func run(_ folder: TemporaryFolder, _ layer: String) throws {
    let model = try Autoencoder(ModelFiles(path: folder.path))
    let seed: UInt64 = 8
    var random = SeededGenerator(seed: seed)
    if layer.hasPrefix("decoder") || layer.hasPrefix("post") {
      _ = try ModelRun.decode(
        model, random.floats(4 * 3 * 5), height: 3, width: 5, ModelRun.options())
    } else {
      _ = try ModelRun.encode(
        model, random.floats(24 * 40 * 3), height: 24, width: 40, ModelRun.options())
    }
  }

  // MARK: Cancellation and progress

  @Test func `a cancelled task ends before it begins`() async throws {
    let model = try ModelRun.open("kl-sd")
    let options = try ModelRun.options()
    let task = Task {
      unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
      return try ModelRun.encode(
        model, [Float](repeating: 0, count: 64 * 64 * 3), height: 64, width: 64, options)
    }
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  @Test func `a task that is cancelled on its way ends after the layer`() async throws {
    let model = try ModelRun.open("kl-sd")
    let options = try ModelRun.options()
    let calls = Mutex(0)
    let task = Task {
      try ModelRun.decode(
        model, [Float](repeating: 0, count: 4 * 64), height: 8, width: 8, options
      ) { _ in
        calls.withLock { $0 += 1 }
        unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
      }
    }
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(calls.withLock { $0 } == 1)
  }

  @Test func `an error of the progress closure ends the run and is thrown`() throws {
    struct Stop: Error {}
    let model = try ModelRun.open("tiny-16")
    var calls = 0
    #expect(throws: Stop.self) {
      try ModelRun.encode(
        model, [Float](repeating: 0, count: 16 * 16 * 3), height: 16, width: 16,
        ModelRun.options()
      ) { _ in
        calls += 1
        if calls == 3 { throw Stop() }
      }
    }
    #expect(calls == 3)
  }

  @Test(arguments: ["kl-sd", "kl-one-level", "tiny"])
  func `progress grows with each layer and ends at 1`(name: String) throws {
    let model = try ModelRun.open(name)
    let factor = model.config.spatialFactor
    var steps: [[Double]] = [[], []]
    _ = try ModelRun.encode(
      model, [Float](repeating: 0, count: 4 * factor * factor * 3), height: 2 * factor,
      width: 2 * factor, ModelRun.options()
    ) { steps[0].append($0) }
    _ = try ModelRun.decode(
      model, [Float](repeating: 0, count: 4 * model.config.latentChannels), height: 2, width: 2,
      ModelRun.options()
    ) { steps[1].append($0) }
    for half in steps {
      #expect(half.count > 5 && half.first ?? 0 > 0 && half.last == 1)
      #expect(zip(half, half.dropFirst()).allSatisfy { $0 < $1 })
    }
  }

  // MARK: Fingerprint

  @Test func `encoders are distinguished by their fingerprint and not by their names`() throws {
    let kernels = try #require(Kernels(.best))
    let names = ["kl-sd", "kl-sd3", "kl-names", "tiny", "tiny-16"]
    let prints = try names.map { try ModelRun.open($0).fingerprint(of: .encoder, kernels) }
    #expect(Set(prints).count == names.count && !prints.contains(0))
    for other in ["tiny-halves", "tiny-one-file/taesd.safetensors"] {
      #expect(try ModelRun.open(other).fingerprint(of: .encoder, kernels) == prints[3])
    }
    for set in InstructionSet.available {
      let kernels = try #require(Kernels(set))
      #expect(try ModelRun.open("kl-sd").fingerprint(of: .encoder, kernels) == prints[0])
    }
  }

  @Test func `a model without an encoder has no fingerprint`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.copy(
      "models/tiny-halves/taesd_decoder.safetensors", to: "taesd_decoder.safetensors")
    let kernels = try #require(Kernels(.best))
    #expect(try Autoencoder(ModelFiles(path: path)).fingerprint(of: .encoder, kernels) == 0)
  }
}
