import VAE

/// Measures the machine, the kernels, the coding of latents, the layers of a model and steps of training, and
/// prints what each reaches.
struct Benchmark {
  private let settings: BenchmarkSettings
  private let options: ExecutionOptions

  /// The benchmark that `arguments` ask for.
  ///
  /// - Throws: `BenchmarkSettings.Mistake`.
  init(arguments: [String]) throws {
    settings = try BenchmarkSettings(arguments)
    options = ExecutionOptions(
      parallel: Parallel(threads: settings.threads), kernels: settings.kernels)
  }

  /// Runs what is asked for and prints a table for each part.
  ///
  /// - Throws: what a model throws that cannot be opened or run.
  func run() throws {
    let machine = try Machine(options)
    print(machine.description)
    // First, while there is little in memory that is not its own.
    if measures(.training) {
      print(try TrainingBenchmark(runs: settings.runs, options: options).table())
    }
    if measures(.kernels) {
      let kernels = try KernelBenchmark(settings.kernels, runs: settings.runs)
      print(KernelTable(kernels.rows(), machine))
    }
    if measures(.latents) { print(try LatentBenchmark(runs: settings.runs).table()) }
    if measures(.layers) { try printLayers(machine) }
  }

  private func measures(_ part: BenchmarkSettings.Part) -> Bool {
    settings.part == nil || settings.part == part
  }

  private func printLayers(_ machine: Machine) throws {
    let model = try settings.model.map { try ModelFiles(path: $0) } ?? SyntheticModel.files()
    let network = try NetworkBenchmark(
      Autoencoder(model), size: settings.size, runs: settings.runs, options: options)
    for (title, layers) in [
      ("encoder", try network.encoder()), ("decoder", try network.decoder()),
      ("decoder and its gradient", try network.decoderGradient()),
    ] {
      guard let layers else { continue }
      print(LayerTable(title: "\(title), \(settings.size)x\(settings.size)", layers, machine))
    }
  }
}
