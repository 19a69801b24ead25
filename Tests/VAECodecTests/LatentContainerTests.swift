import TestSupport
import Testing
import VAE

@testable import VAECodec

/// latent.bin: what is written is read, and what is damaged is refused.
@Suite struct LatentContainerTests {
  // MARK: Round trips

  @Test(arguments: LatentSamples.all)
  func `what is written without loss is read with every bit`(sample: LatentSamples.Sample) throws {
    let read = try Latent(decoding: sample.latent.serialized(quality: .lossless))
    #expect(read == sample.latent)
    #expect(read.values.map(\.bitPattern) == sample.latent.values.map(\.bitPattern))
  }

  @Test(arguments: LatentSamples.all)
  func `quality 100 rounds values to 16-bit floats and nothing else`(sample: LatentSamples.Sample)
    throws
  {
    let latent = sample.latent
    let read = try Latent(decoding: latent.serialized(quality: 100))
    #expect(read.values == latent.values.map { Float(Float16($0)) })
    #expect(read.logVariance == latent.logVariance.map { $0.map { Float(Float16($0)) } })
    #expect(read.picture == latent.picture && read.space == latent.space)
    #expect(read.posterior == latent.posterior && read.units == latent.units)
    #expect(read.encoderFingerprint == latent.encoderFingerprint)
    // What was read is written again as it was.
    #expect(try read.serialized(quality: 100) == latent.serialized(quality: 100))
  }

  @Test func `a latent without a picture fills it`() throws {
    let latent = try Latent(
      channels: 4, height: 2, width: 3, values: [Float](repeating: 1, count: 24),
      units: .raw, space: LatentSamples.space)
    let read = try Latent(decoding: latent.serialized())
    #expect(read.picture == PictureInfo(width: 24, height: 16))
  }

  @Test func `a latent of random values of any bits survives`() throws {
    let seed: UInt64 = 51
    var random = SeededGenerator(seed: seed)
    let values = (0..<4 * 5 * 7).map { _ in
      // Any finite pattern, denormal numbers included.
      Float(bitPattern: UInt32.random(in: 0..<0x7F80_0000, using: &random))
    }
    let latent = try Latent(
      channels: 4, height: 5, width: 7, values: values, units: .scaled,
      space: LatentSamples.space, picture: PictureInfo(width: 50, height: 33))
    #expect(try Latent(decoding: latent.serialized(quality: .lossless)) == latent, "seed \(seed)")
  }

  // MARK: What is not written

  @Test(arguments: [
    LatentSpace(family: "x", channels: 5, spatialFactor: 8, scaling: nil),
    LatentSpace(family: "x", channels: 4, spatialFactor: 0, scaling: nil),
    LatentSpace(family: "x", channels: 4, spatialFactor: 257, scaling: nil),
    LatentSpace(family: "x", channels: 4, spatialFactor: 8, scaling: LatentScaling(factor: 0)),
    LatentSpace(
      family: String(repeating: "x", count: 256), channels: 4, spatialFactor: 8, scaling: nil),
  ])
  func `a space that no reader takes is not written`(space: LatentSpace) throws {
    let latent = try Latent(
      channels: 4, height: 1, width: 1, values: [1, 2, 3, 4], units: .raw, space: space)
    #expect(throws: ContainerError.self) { try latent.serialized() }
  }

  @Test func `a latent that does not know its space is not written`() throws {
    let latent = try Latent(channels: 1, height: 1, width: 1, values: [0], units: .raw)
    #expect(throws: ContainerError.unknownSpace) { try latent.serialized() }
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity])
  func `a value that is no number is not written`(bad: Float) {
    #expect(throws: ContainerError.nonFinite(index: 2)) {
      try latent([0, 1, bad, 2]).serialized(quality: .lossless)
    }
  }

  @Test(arguments: [Float(65520), -1e10])
  func `a value beyond half precision is not written in it`(value: Float) throws {
    #expect(throws: ContainerError.outOfRange(value: Double(value), index: 1, bits: 16)) {
      try latent([0, value, 1, 2]).serialized(quality: 100)
    }
    #expect(try latent([0, 65504, 65519, -65504]).serialized(quality: 100).count > 0)
  }

  private func latent(_ values: [Float]) throws -> Latent {
    try Latent(
      channels: 4, height: 1, width: 1, values: values, units: .raw,
      space: LatentSamples.space)
  }

  // MARK: Golden bytes

  /// Files of version 1 with plain floats, written once and for ever.
  @Test(arguments: LatentSamples.golden)
  func `golden files of plain floats are read as ever`(sample: LatentSamples.Sample) throws {
    let bytes = try Fixtures.bytes(at: Fixtures.path("golden/\(sample.name).latent.bin"))
    let read = try Latent(decoding: bytes)
    #expect(read == sample.latent)
    #expect(read.values.map(\.bitPattern) == sample.latent.values.map(\.bitPattern))
  }

  /// Range-coded files: both directions to the last bit.
  @Test(arguments: GoldenStreams.all)
  func `golden streams are read and written as ever`(golden: GoldenStreams.Golden) throws {
    let bytes = try Fixtures.bytes(at: Fixtures.path("golden/\(golden.name).latent.bin"))
    if golden.isWritten {
      #expect(try golden.latent.serialized(quality: golden.quality) == bytes)
    }
    let read = try Latent(decoding: bytes)
    var checksum = ByteWriter()
    for value in read.values + (read.logVariance ?? []) { checksum.write(value) }
    let expected = try GoldenStreams.checksums()[golden.name]
    #expect(Deflate.checksum(checksum.bytes) == expected)
  }

  // MARK: Damage

  @Test(arguments: LatentSamples.all)
  func `every truncation is refused`(sample: LatentSamples.Sample) throws {
    let bytes = try sample.latent.serialized()
    for count in bytes.indices {
      #expect(throws: ContainerError.self, "\(count) bytes") {
        try Latent(decoding: Array(bytes.prefix(count)))
      }
    }
  }

  @Test(arguments: LatentSamples.all)
  func `every change of a byte is refused`(sample: LatentSamples.Sample) throws {
    let bytes = try sample.latent.serialized()
    for index in bytes.indices {
      for flip: UInt8 in [1, 2, 4, 8, 16, 32, 64, 128, 255] {
        var damaged = bytes
        damaged[index] ^= flip
        #expect(throws: ContainerError.self, "byte \(index) with \(flip)") {
          try Latent(decoding: damaged)
        }
      }
    }
  }

  @Test func `random bytes after the magic are refused`() {
    let seed: UInt64 = 52
    var random = SeededGenerator(seed: seed)
    for round in 0..<500 {
      let count = Int.random(in: 0...60, using: &random)
      let rest = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
      #expect(throws: ContainerError.self, "round \(round) of seed \(seed)") {
        try Latent(decoding: LatentFormat.magic + [1, 0, 0, 0] + rest)
      }
    }
  }

  @Test(arguments: [[], [0x89], Array("PNG or something".utf8), [0x93, 0x4E, 0x55, 0x4D]])
  func `what begins as no latent file is of no known format`(bytes: [UInt8]) {
    #expect(throws: ContainerError.unknownFormat(firstBytes: bytes)) {
      try Latent(decoding: bytes)
    }
  }
}
