import VAE

/// Opens models of the fixtures and runs them on the tensors of reference files.
package enum ModelRun {
  /// The model `name` of Fixtures/models, or a file of it such as "tiny-one-file/taesd.safetensors".
  package static func open(_ name: String) throws -> Autoencoder {
    try Autoencoder(ModelFiles(path: Fixtures.path("models/\(name)")))
  }

  /// Options for `threads` threads and the kernels of `set`, which this machine must have.
  package static func options(
    _ set: InstructionSet = .best, threads: Int = 2
  ) throws -> ExecutionOptions {
    guard let kernels = Kernels(set) else { throw MissingInstructionSet(set: set) }
    return ExecutionOptions(parallel: Parallel(threads: threads), kernels: kernels)
  }

  /// An instruction set that this machine does not have.
  package struct MissingInstructionSet: Error {
    let set: InstructionSet
  }

  /// `[1, channels, height, width]` as a channels-last tensor.
  package static func channelsLast(_ tensor: ReferenceTensor) -> [Float] {
    let (channels, pixels) = (tensor.shape[1], tensor.shape[2] * tensor.shape[3])
    return (0..<channels * pixels).map { tensor.values[$0 % channels * pixels + $0 / channels] }
  }

  /// What `model` encodes `pixels`, `[height, width, 3]`, to.
  package static func encode(
    _ model: Autoencoder, _ pixels: [Float], height: Int, width: Int, _ options: ExecutionOptions,
    progress: Autoencoder.ProgressHandler = { _ in }
  ) throws -> [Float] {
    try model.encode(height: height, width: width, options, progress: progress) { input in
      for index in pixels.indices { input[index] = pixels[index] }
    }
  }

  /// What `model` decodes `latent`, `[channels, height, width]`, to: `[height · f, width · f, 3]`.
  package static func decode(
    _ model: Autoencoder, _ latent: [Float], height: Int, width: Int, _ options: ExecutionOptions,
    progress: Autoencoder.ProgressHandler = { _ in }
  ) throws -> [Float] {
    try model.decode(
      latent, height: height, width: width, options, progress: progress
    ) { $0.values }
  }
}
