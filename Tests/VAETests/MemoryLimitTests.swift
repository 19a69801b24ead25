import TestSupport
import Testing

@testable import VAE

/// Runs in little memory, against runs in as much as they want.
@Suite struct MemoryLimitTests {
  /// Pixels of the picture: several bands of tiles in the first layers.
  private static let extents = (height: 200, width: 176)

  @Test(arguments: ["kl-sd", "tiny-16"], [1, 2])
  func `memory changes no bit`(name: String, threads: Int) throws {
    let seed: UInt64 = 41
    var random = SeededGenerator(seed: seed)
    let model = try ModelRun.open(name)
    let factor = model.config.spatialFactor
    let (height, width) = (Self.extents.height / factor, Self.extents.width / factor)
    let pixels = random.floats(height * width * factor * factor * 3)
    let latent = random.floats(model.config.latentChannels * height * width, in: -2...2)
    var options = try ModelRun.options(threads: threads)
    func encode() throws -> [Float] {
      try ModelRun.encode(
        model, pixels, height: height * factor, width: width * factor, options)
    }
    func decode() throws -> [Float] {
      try ModelRun.decode(model, latent, height: height, width: width, options)
    }
    let whole = (try encode(), try decode())
    for limit in try Self.limits(
      { try model.encodingCost(height: height * factor, width: width * factor, $0) }, options)
    {
      options.memoryLimit = limit
      #expect(try encode().map(\.bitPattern) == whole.0.map(\.bitPattern), "\(limit), seed \(seed)")
    }
    options.memoryLimit = nil
    for limit in try Self.limits(
      { try model.decodingCost(height: height, width: width, $0) }, options)
    {
      options.memoryLimit = limit
      #expect(try decode().map(\.bitPattern) == whole.1.map(\.bitPattern), "\(limit), seed \(seed)")
    }
  }

  /// Limits from a little less than what is wanted down to the least that will do.
  private static func limits(
    _ cost: (ExecutionOptions) throws -> NetworkCost, _ options: ExecutionOptions
  ) throws -> [Int] {
    let wanted = try cost(options).memoryByteCount
    var options = options
    options.memoryLimit = 0
    let least = #expect(throws: MemoryPlan.LimitTooLow.self) { try cost(options) }?.byteCount ?? 0
    #expect(least < wanted, "\(least) of \(wanted) bytes: there is something to save")
    let limits = [wanted - 1, (wanted + least) / 2, (wanted + 7 * least) / 8, least]
    for limit in limits {
      options.memoryLimit = limit
      let limited = try cost(options)
      #expect(limited.memoryByteCount <= limit)
      #expect(limited.fileByteCount > 0)
    }
    return limits
  }

  @Test func `a convolution that writes over its input reads it first`() throws {
    for (inChannels, outChannels) in [(64, 32), (48, 32), (33, 33), (40, 17)] {
      let plain = ConvolutionMethodTests.Case(
        height: 57, width: 53, inChannels: inChannels, outChannels: outChannels, kernelSize: 1,
        padding: .all(0), hasNorm: true, inputActivation: .silu)
      let apart = try ConvolutionMethodTests.values(plain, seed: 42, isInPlace: false)
      #expect(try ConvolutionMethodTests.values(plain, seed: 42, isInPlace: true) == apart)
    }
  }

  @Test func `a file has no room for more than the disk`() throws {
    #expect(throws: SpillFile.Failure.self) { try SpillFile(byteCount: 1 << 55) }
  }
}
