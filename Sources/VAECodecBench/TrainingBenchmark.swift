import FoundationEssentials
import TestSupport
import VAE
import VAECodec

/// Times whole steps of training: a batch from pictures to changed weights.
///
/// Tests/Reference/bench_training.py does the same with PyTorch.
struct TrainingBenchmark {
  /// A model with random weights, and a batch for it.
  private struct Subject {
    let name: String
    let widths: [Int]
    let batch: Int
    /// Pixels of a side of the pictures.
    let side: Int
  }

  private static let subjects = [
    Subject(name: "textbook", widths: [16, 32, 64, 64], batch: 64, side: 32),
    Subject(name: "built-in", widths: [32, 64, 128, 128], batch: 8, side: 128),
  ]

  private let runs: Int
  private let options: ExecutionOptions

  /// A benchmark of `runs` steps of each model, after one that is not counted.
  init(runs: Int, options: ExecutionOptions) {
    self.runs = runs
    self.options = options
  }

  /// A table with a line for each model.
  ///
  /// - Throws: what a run throws.
  func table() throws -> String {
    var rows = [["training step", "batch", "ms", "spread", "pictures/s", "peak MB"]]
    for subject in Self.subjects {
      // Starts the peak of the process again from what it has now.
      try Data("5".utf8).write(to: URL(filePath: "/proc/self/clear_refs"))
      let sample = try sample(subject)
      rows.append([
        subject.name, "\(subject.batch) of \(subject.side)x\(subject.side)",
        Text.fixed(sample.median * 1e3, 0), Text.fixed(sample.spread * 100, 0) + " %",
        Text.fixed(Double(subject.batch) / sample.median, 1),
        Text.fixed(Double(ProcessMemory.peakByteCount ?? 0) / 1e6, 0),
      ])
    }
    return "\n" + Text.table(rows, numbers: 4)
  }

  private func sample(_ subject: Subject) throws -> Sample {
    var random = SeededGenerator(seed: 1)
    let config = try config(subject)
    let weights = try TrainableWeights(name: subject.name, config, using: &random)
    var settings = TrainingSettings()
    (settings.side, settings.batch, settings.warmUp) = (subject.side, subject.batch, 0)
    var learner = Learner(config, weights, settings, scale: 20)
    let pictures = (0..<subject.batch).map { _ in
      (0..<subject.side * subject.side * 3).map { _ in
        UInt8.random(in: .min ... .max, using: &random)
      }
    }
    let examples = pictures.map { picture in
      TrainingNetwork.Example(
        input: picture.map { Float($0) / 127.5 - 1 },
        noise: (0..<settings.noiseCount(config)).map { _ in Float.random(in: -2...2, using: &random)
        })
    }
    func step() throws {
      _ = try learner.step(0, pictures: pictures, examples, options)
    }
    try step()
    return Sample(try (0..<runs).map { _ in try Sample.measure { try step() } })
  }

  private func config(_ subject: Subject) throws -> AutoencoderKLConfig {
    func blocks(_ name: String) -> String {
      Array(repeating: "\"\(name)\"", count: subject.widths.count).joined(separator: ", ")
    }
    let json = """
      {"_class_name": "AutoencoderKL", "block_out_channels": \(subject.widths),
       "down_block_types": [\(blocks("DownEncoderBlock2D"))],
       "up_block_types": [\(blocks("UpDecoderBlock2D"))],
       "layers_per_block": 1, "latent_channels": 4, "norm_num_groups": 8,
       "mid_block_add_attention": false}
      """
    return try JSONDecoder().decode(AutoencoderKLConfig.self, from: Data(json.utf8))
  }
}
