import TestSupport
import Testing
import VAE

@testable import VAECodec

/// Distributions in arrays of twice the channels: how they are read, and what is written of them.
@Suite struct LatentMomentsTests {
  private static let mean: [Float] = [1, -2, 0.1, 4]
  private static let logVariance: [Float] = [-6.25, -0.3, 0.5, -12]

  private func moments(space: LatentSpace? = nil) throws -> Latent {
    try Latent(
      channels: 2, height: 1, width: 2, values: Self.mean, logVariance: Self.logVariance,
      units: .raw, posterior: .moments, space: space)
  }

  private func array(_ second: [Float]) -> [UInt8] {
    NumpyFile.bytes(of: Self.mean + second, shape: [4, 1, 2])
  }

  private func latent(
    _ bytes: [UInt8], _ layout: Latent.MomentsLayout?, name: String = "", channels: Int? = nil
  ) throws -> Latent {
    var file = try LatentFile(decoding: bytes)
    file.fileName = name
    return try file.latent(arrangement: LatentArrangement(layout: layout, channels: channels))
  }

  @Test func `means stand before log-variances in an array, bit by bit`() throws {
    let bytes = try moments().encoded(as: .npy)
    #expect(try LatentFile(decoding: bytes).entries[0].extents == [4, 1, 2])
    let plain = try Latent(decoding: bytes)
    #expect(plain.values == Self.mean + Self.logVariance && plain.logVariance == nil)
    let read = try latent(bytes, .meanAndLogVariance)
    #expect(read.values == Self.mean && read.logVariance == Self.logVariance)
    #expect(read.posterior == .moments && read.units == .raw)
  }

  @Test func `an archive calls them moments and is read without being asked`() throws {
    let bytes = try moments().encoded(as: .npz)
    #expect(try ZipArchive(bytes).members.map(\.name).contains("moments.npy"))
    let read = try Latent(decoding: bytes)
    #expect(read.values == Self.mean && read.logVariance == Self.logVariance)
    #expect(try read.sampled(seed: 3).values == moments().sampled(seed: 3).values)
  }

  @Test(arguments: ["moments_flip", "moments_flipped"])
  func `other programs' moments have the mean of the mirrored picture`(name: String) throws {
    let mirrored: [Float] = [-2, 1, 4, 0.1] + Self.logVariance
    let archive = try ZipWriter.bytes([
      ("moments.npy", array(Self.logVariance)),
      ("\(name).npy", NumpyFile.bytes(of: mirrored, shape: [4, 1, 2])),
    ])
    let tensors = SafetensorsBuilder.file([
      .init("moments", [4, 1, 2], Self.mean + Self.logVariance), .init(name, [4, 1, 2], mirrored),
    ])
    for bytes in [archive, tensors] {
      let read = try Latent(decoding: bytes)
      #expect(read.values == Self.mean && read.logVariance == Self.logVariance)
      #expect(read.flipped == [-2, 1, 4, 0.1])
      #expect(read.losses(as: .npz) == ["the flipped latent"])
    }
  }

  @Test(arguments: ["img-mean-std-00000000.npy", "cat_mean_std.npy"])
  func `deviations become log-variances where a name says that they are some`(
    name: String
  ) throws {
    let bytes = array([1, 0.5, 2, 0])
    let expected: [Float] = [0, -1.3862944, 1.3862944, -30]
    for read in [
      try latent(bytes, nil, name: name, channels: 2), try latent(bytes, nil, name: name),
      try latent(bytes, .meanAndDeviation),
    ] {
      #expect(read.values == Self.mean && read.logVariance == expected)
    }
    // A model of four channels takes it for what it is.
    #expect(try latent(bytes, nil, name: name, channels: 4).channels == 4)
  }

  @Test func `what can be no moments is refused`() throws {
    #expect(throws: LatentError.negativeDeviation(index: 4)) {
      try latent(array(Self.logVariance), .meanAndDeviation)
    }
    let odd = NumpyFile.bytes(of: [1, 2, 3], shape: [3, 1, 1])
    #expect(throws: LatentError.oddMoments(channels: 3)) { try latent(odd, .meanAndLogVariance) }
    let file = try LatentFile(decoding: array(Self.logVariance))
    let layout = LatentArrangement(layout: .meanAndLogVariance)
    #expect(throws: LatentError.scaledMoments) {
      try file.latent(units: .scaled, arrangement: layout)
    }
  }

  @Test func `a batch in an archive is as many latents, mirrored ones too`() throws {
    let values = (0..<24).map { Float($0) }
    let bytes = try ZipWriter.bytes([
      ("latents.npy", NumpyFile.bytes(of: values, shape: [3, 2, 2, 2])),
      ("latents_flip.npy", NumpyFile.bytes(of: values.map { -$0 }, shape: [3, 2, 2, 2])),
      ("labels.npy", NumpyFile.bytes(of: [Double](repeating: 1, count: 3))),
    ])
    let file = try LatentFile(decoding: bytes)
    #expect(file.entries.map(\.key) == ["latents[0]", "latents[1]", "latents[2]"])
    for key in ["latents[1]", "1"] {
      let latent = try file.latent(key: key)
      #expect(latent.values == Array(values[8..<16]))
      #expect(latent.flipped == values[8..<16].map { -$0 })
    }
    #expect(throws: ContainerError.self) { try file.latent(key: "3") }
  }

  @Test func `npz and safetensors know the same names`() throws {
    for name in LatentArrayName.usual where name != "moments" {
      let archive = try ZipWriter.bytes([
        ("\(name).npy", NumpyFile.bytes(of: Self.mean, shape: [2, 1, 2])),
        ("weights.npy", NumpyFile.bytes(of: [Double](repeating: 1, count: 3))),
      ])
      let tensors = SafetensorsBuilder.file([
        .init(name, [2, 1, 2], Self.mean), .init("weights", [1], [1]),
      ])
      #expect(try Latent(decoding: archive).values == Self.mean)
      // That name without a version is one of ComfyUI's first files, whose values are scaled.
      guard name != "latent_tensor" else { continue }
      #expect(try Latent(decoding: tensors).values == Self.mean)
    }
    let only = try ZipWriter.bytes([("z.npy", NumpyFile.bytes(of: Self.mean, shape: [2, 1, 2]))])
    #expect(try Latent(decoding: only).values == Self.mean)
  }

  @Test(arguments: ["<V2", "|V2", "V2"])
  func `the upper halves of floats are read as ml_dtypes keeps them`(type: String) throws {
    let header = "{'descr': '\(type)', 'fortran_order': False, 'shape': (2, 1, 2), }"
    let words = Self.mean.map { UInt16($0.bitPattern >> 16) }
    let bytes =
      NumpyFile.magic + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8)
      + words.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
    let expected = words.map { Float(bitPattern: UInt32($0) << 16) }
    #expect(try Latent(decoding: bytes).values == expected)
  }
}
