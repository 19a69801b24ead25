import TestSupport
import VAE
import VAECodec

/// Times what stands between a latent and its latent.bin, one thread, at each way of keeping it.
struct LatentBenchmark {
  /// The latent of a picture of 512x512 pixels.
  private static let (channels, side) = (4, 64)
  /// A step of the values from their neighbours, a little smoother than what photographs have.
  private static let roughness: Float = 0.6

  private let latent: Latent
  private let runs: Int

  /// A benchmark that codes and decodes `runs` times, at least 15.
  ///
  /// - Throws: `LatentError`.
  init(runs: Int) throws {
    self.runs = max(runs, 15)
    latent = try Latent(
      channels: Self.channels, height: Self.side, width: Self.side, values: Self.values(),
      units: .scaled, space: LatentSpace(.sd))
  }

  /// Values that hang together with those to the left and above, with a deviation of about 1.
  private static func values() -> [Float] {
    var random = SeededGenerator(seed: 1)
    var values: [Float] = []
    for index in 0..<channels * side * side {
      let place = index % (side * side)
      let west = place % side > 0 ? values[index - 1] : 0
      let north = place >= side ? values[index - side] : 0
      values.append(0.5 * (west + north) + Float.random(in: -1...1, using: &random) * roughness)
    }
    return values
  }

  /// A table with a line for each way of keeping the latent.
  ///
  /// - Throws: `ContainerError`.
  func table() throws -> String {
    var rows = [
      [
        "latent.bin of \(Self.channels)x\(Self.side)x\(Self.side)", "bytes", "code ms",
        "decode ms",
      ]
    ]
    let qualities: [(name: String, quality: Quality)] = [
      ("-q 50", 50), ("-q 75", 75), ("-q 100", 100), ("--lossless", .lossless),
    ]
    for (name, quality) in qualities {
      let bytes = try latent.serialized(quality: quality)
      let coding = Sample(
        try (0..<runs).map { _ in
          try Sample.measure { _ = try latent.serialized(quality: quality) }
        })
      let decoding = Sample(
        try (0..<runs).map { _ in try Sample.measure { _ = try Latent(decoding: bytes) } })
      rows.append(
        [name, "\(bytes.count)"]
          + [coding, decoding].map { Text.fixed($0.median * 1e3, 2) })
    }
    return "\n" + Text.table(rows, numbers: 3)
  }
}
