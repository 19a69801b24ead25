import TestSupport
import Testing
import VAE

/// Results that are the same to the last bit for any number of threads.
@Suite struct DeterminismTests {
  /// Large enough that the first layers have several tiles and the last one rests of them.
  private static let extents = (height: 72, width: 104)

  @Test(arguments: ["kl-sd", "kl-sd3", "kl-no-attention", "tiny-16"], InstructionSet.available)
  func `threads change no bit`(name: String, set: InstructionSet) throws {
    let seed: UInt64 = 5
    var random = SeededGenerator(seed: seed)
    let model = try ModelRun.open(name)
    let (height, width) = Self.extents
    let pixels = random.floats(height * width * 3)
    let (rows, columns) = (19, 33)
    let latent = random.floats(model.config.latentChannels * rows * columns, in: -2...2)
    let results = try [1, 2, 3, 5].map { threads in
      let options = try ModelRun.options(set, threads: threads)
      return (
        try ModelRun.encode(model, pixels, height: height, width: width, options),
        try ModelRun.decode(model, latent, height: rows, width: columns, options)
      )
    }
    for result in results.dropFirst() {
      #expect(result.0.map(\.bitPattern) == results[0].0.map(\.bitPattern), "seed \(seed)")
      #expect(result.1.map(\.bitPattern) == results[0].1.map(\.bitPattern), "seed \(seed)")
    }
  }

  @Test func `a second run changes no bit`() throws {
    let model = try ModelRun.open("kl-sd")
    let options = try ModelRun.options()
    var random = SeededGenerator(seed: 6)
    let pixels = random.floats(64 * 64 * 3)
    let first = try ModelRun.encode(model, pixels, height: 64, width: 64, options)
    #expect(try ModelRun.encode(model, pixels, height: 64, width: 64, options) == first)
  }
}
