import FoundationEssentials
import TestSupport
import Testing

@testable import VAE

/// Runs of one model after another: what is kept between them, and that it changes nothing.
@Suite struct SessionTests {
  @Test(arguments: ["kl-sd", "tiny"])
  func `runs that find kept memory and weights give the same bits`(name: String) throws {
    var random = SeededGenerator(seed: 81)
    let model = try ModelRun.open(name)
    let factor = model.config.spatialFactor
    let (height, width) = (4 * factor, 3 * factor)
    let pixels = random.floats(height * width * 3)
    let latent = random.floats(model.config.latentChannels * 12)
    let options = try ModelRun.options()
    func both(_ model: Autoencoder) throws -> [UInt32] {
      try
        (ModelRun.encode(model, pixels, height: height, width: width, options)
        + ModelRun.decode(model, latent, height: 4, width: 3, options)).map(\.bitPattern)
    }
    let first = try both(model)
    #expect(model.idleByteCount > 0)
    for _ in 0..<2 { #expect(try both(model) == first) }
    // Another size takes the memory of the first.
    let small = random.floats(factor * factor * 3)
    let alone = try ModelRun.encode(
      ModelRun.open(name), small, height: factor, width: factor, options)
    #expect(
      try ModelRun.encode(model, small, height: factor, width: factor, options) == alone)
    #expect(try both(model) == first)
  }

  @Test func `nothing is kept where the options say so`() throws {
    let model = try ModelRun.open("tiny")
    var options = try ModelRun.options()
    options.keepsMemory = false
    let factor = model.config.spatialFactor
    _ = try ModelRun.encode(
      model, [Float](repeating: 0, count: factor * factor * 3), height: factor, width: factor,
      options)
    #expect(model.idleByteCount == 0)
  }

  @Test func `an arena is used again where it is large enough, and given back where it is not`()
    throws
  {
    let pool = MemoryPool()
    let small = try pool.arena(byteCount: 1000)
    let large = try pool.arena(byteCount: 5000)
    pool.keep(large)
    pool.keep(small)
    #expect(pool.idleByteCount == 5000)
    let again = try pool.arena(byteCount: 3000)
    #expect(again === large && pool.idleByteCount == 0)
    pool.keep(again)
    #expect(try pool.arena(byteCount: 6000).byteCount == 6000)
    #expect(pool.idleByteCount == 0)
  }

  @Test func `weights are kept if there is room`() throws {
    let pool = MemoryPool()
    var preparations = 0
    func weights(_ name: String, room: Int) throws -> Float? {
      try unsafe pool.weights(named: name, byteCount: 64, room: room) { memory in
        preparations += 1
        unsafe memory.storeBytes(of: Float(preparations), as: Float.self)
      }.map { unsafe $0.load(as: Float.self) }
    }
    #expect(try weights("a", room: 63) == nil)
    #expect(try weights("a", room: 64) == 1)
    #expect(try weights("a", room: 0) == 1)
    #expect(try weights("b", room: 100) == nil)
    #expect(try weights("b", room: 128) == 2)
    #expect(preparations == 2)
  }

  @Test func `weights whose preparation fails are not kept`() throws {
    struct Failure: Error {}
    let pool = MemoryPool()
    #expect(throws: Failure.self) {
      _ = try unsafe pool.weights(named: "a", byteCount: 64, room: 64) { _ in throw Failure() }
    }
    let kept = try unsafe pool.weights(named: "a", byteCount: 64, room: 64) { _ in }
    #expect(unsafe kept != nil)
  }

  @Test func `the features of this CPU are those that the system lists`() throws {
    // Not mapped: the system makes the file up as it is read.
    let text = try Data(contentsOf: URL(filePath: "/proc/cpuinfo"))
    let line = String(decoding: text, as: UTF8.self).split(separator: "\n")
      .first { $0.hasPrefix("flags") }
    guard let line else { return }
    let flags = Set(line.split(separator: " ").map(String.init))
    for (feature, name) in [
      (CPUFeatures.avx2, "avx2"), (.fma, "fma"), (.f16c, "f16c"), (.avx512f, "avx512f"),
      (.avx512bw, "avx512bw"), (.avx512dq, "avx512dq"), (.avx512vl, "avx512vl"),
      (.avx512vnni, "avx512_vnni"), (.avx512bf16, "avx512_bf16"), (.avx512fp16, "avx512_fp16"),
    ] {
      #expect(CPUFeatures.ofThisCPU.contains(feature) == flags.contains(name), "\(name)")
    }
  }
}
