import TestSupport
import Testing
import VAE

/// Holds whole networks against what diffusers computed with the same weights.
struct ParityTests {
  /// The bound of the plain kernels: two correct f32 networks differ by the order of their sums.
  private static let bound = 1e-5

  private static let klModels = [
    "kl-bf16", "kl-encoder-quant", "kl-every-width", "kl-large-mean", "kl-no-attention",
    "kl-one-level", "kl-sd", "kl-sd3", "kl-statistics",
  ]

  private static func options(_ set: InstructionSet = .best, threads: Int = 2) throws
    -> ExecutionOptions
  {
    ExecutionOptions(
      parallel: Parallel(threads: threads), kernels: try #require(Kernels(set)))
  }

  private static func open(_ name: String) throws -> Autoencoder {
    try Autoencoder(ModelFiles(path: Fixtures.path("models/\(name)")))
  }

  /// `[channels, height, width]` values in the order of a channels-last tensor.
  private static func channelsLast(_ tensor: ReferenceTensor) -> [Float] {
    let (channels, pixels) = (tensor.shape[1], tensor.shape[2] * tensor.shape[3])
    return (0..<channels * pixels).map {
      tensor.values[$0 % channels * pixels + $0 / channels]
    }
  }

  private static func encode(
    _ model: Autoencoder, _ image: ReferenceTensor, _ options: ExecutionOptions
  ) throws -> [Float] {
    let pixels = channelsLast(image)
    return try model.encode(
      height: image.shape[2], width: image.shape[3], options, progress: { _ in }
    ) { input in
      for index in pixels.indices { input[index] = pixels[index] }
    }
  }

  private static func decode(
    _ model: Autoencoder, _ latent: [Float], _ shape: [Int], _ options: ExecutionOptions
  ) throws -> [Float] {
    try model.decode(
      latent, height: shape[2], width: shape[3], options, progress: { _ in }
    ) { output in output.indices.map { output[$0] } }
  }

  @Test("a small AutoencoderKL has the moments and the picture of diffusers", arguments: klModels)
  func klParity(name: String) throws {
    let model = try Self.open(name)
    let reference = Fixtures.path("models/\(name)/reference.safetensors")
    let image = try ReferenceTensor("image", in: reference)
    let moments = try ReferenceTensor("moments", in: reference)
    let decoded = try ReferenceTensor("decoded", in: reference)
    for set in InstructionSet.available {
      let options = try Self.options(set)
      let encoded = try Self.encode(model, image, options)
      #expect(relativeError(encoded, moments.values) <= Self.bound, "\(set)")
      let mean = Array(moments.values.prefix(moments.values.count / 2))
      let picture = try Self.decode(model, mean, moments.shape, options)
      #expect(relativeError(picture, Self.channelsLast(decoded)) <= Self.bound, "\(set)")
    }
  }
}
