import Synchronization
import VAE

/// Times the layers of a model's networks.
struct NetworkBenchmark {
  private let autoencoder: Autoencoder
  private let latentSide: Int
  private let runs: Int
  private let options: ExecutionOptions

  /// The timings of a layer in all runs.
  struct Layer {
    /// The layer as it was timed first.
    let timing: LayerTiming
    /// Its seconds.
    let sample: Sample
  }

  /// A benchmark of `runs` runs over pictures of `size` x `size` pixels.
  init(_ autoencoder: Autoencoder, size: Int, runs: Int, options: ExecutionOptions) {
    self.autoencoder = autoencoder
    latentSide = max(1, size / autoencoder.config.spatialFactor)
    self.runs = runs
    self.options = options
  }

  /// The layers of the encoder, or nil if the model has none.
  ///
  /// - Throws: what the run throws.
  func encoder() throws -> [Layer]? {
    guard autoencoder.hasEncoder else { return nil }
    let side = latentSide * autoencoder.config.spatialFactor
    return try layers { options in
      _ = try autoencoder.encode(height: side, width: side, options, progress: { _ in }) { input in
        for index in input.indices { input[index] = wave(index) }
      }
    }
  }

  /// The layers of the decoder, or nil if the model has none.
  ///
  /// - Throws: what the run throws.
  func decoder() throws -> [Layer]? {
    guard autoencoder.hasDecoder else { return nil }
    let latent = latent
    return try layers { options in
      try autoencoder.decode(
        latent, height: latentSide, width: latentSide, options, progress: { _ in }
      ) { _ in }
    }
  }

  /// The layers of the decoder and of the way back through it, or nil if the model has none.
  ///
  /// - Throws: what the run throws.
  func decoderGradient() throws -> [Layer]? {
    guard autoencoder.hasDecoder else { return nil }
    let latent = latent
    return try layers { options in
      _ = try autoencoder.decodeWithGradient(
        latent, height: latentSide, width: latentSide, options, progress: { _ in }
      ) { picture in picture.indices.map(wave) }
    }
  }

  private func layers(_ run: (ExecutionOptions) throws -> Void) throws -> [Layer] {
    var all: [[LayerTiming]] = []
    for _ in 0..<runs {
      let recorder = Recorder()
      var options = options
      options.observer = { recorder.add($0) }
      try run(options)
      all.append(recorder.timings)
    }
    return all[0].indices.map { index in
      Layer(timing: all[0][index], sample: Sample(all.map { $0[index].seconds }))
    }
  }

  private var latent: [Float] {
    (0..<autoencoder.config.latentChannels * latentSide * latentSide).map(wave)
  }

  /// A picture that is neither flat nor random: -1...1.
  private func wave(_ index: Int) -> Float {
    Float(index % 251) / 125 - 1
  }
}

/// Keeps the timings of one run.
private final class Recorder: Sendable {
  private let kept = Mutex<[LayerTiming]>([])

  /// The timings in the order of the layers.
  var timings: [LayerTiming] { kept.withLock { $0 } }

  /// Keeps one more.
  func add(_ timing: LayerTiming) { kept.withLock { $0.append(timing) } }
}
