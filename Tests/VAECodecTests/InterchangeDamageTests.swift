import TestSupport
import Testing

@testable import VAECodec

/// Latent files of other programs that were damaged: a changed byte, a cut, a lie about sizes.
@Suite struct InterchangeDamageTests {

  @Test(arguments: InterchangeFixtures.entries.filter { $0.refused == nil }.map(\.file))
  func `every cut is refused`(name: String) throws {
    let bytes = try InterchangeFixtures.bytes(name)
    for count in bytes.indices {
      #expect(throws: ContainerError.self, "\(count) bytes") {
        try LatentFile(decoding: Array(bytes.prefix(count)))
      }
    }
    #expect(throws: ContainerError.self) { try LatentFile(decoding: bytes + [0]) }
  }

  /// Archives have checksums: what is not refused has changed nothing that is read.
  @Test(arguments: ["kohya-2023-06.npz", "kohya-compressed.npz", "kohya-flipped.npz"])
  func `every changed byte of an archive is refused or changes nothing`(name: String) throws {
    let bytes = try InterchangeFixtures.bytes(name)
    let whole = try Latent(decoding: bytes)
    for index in bytes.indices {
      // Every bit in turn: each place has another one changed.
      let flip: UInt8 = 1 << UInt8(index % 8)
      var damaged = bytes
      damaged[index] ^= flip
      do {
        let latent = try Latent(decoding: damaged)
        #expect(latent.values == whole.values, "byte \(index) by \(flip)")
        #expect(latent.cache == whole.cache, "byte \(index) by \(flip)")
      } catch {
        #expect(error is ContainerError, "byte \(index) by \(flip): \(error)")
      }
    }
  }

  /// Safetensors have no checksum: a changed value is another value.
  @Test(arguments: ["comfyui.latent", "musubi-image.safetensors", "plain-f16.safetensors"])
  func `every changed byte of a safetensors file is read or refused`(name: String) throws {
    let bytes = try InterchangeFixtures.bytes(name)
    for index in bytes.indices {
      for flip: UInt8 in [1, 2, 4, 8, 0x10, 0x20, 0x40, 0x80, 0xFF] {
        var damaged = bytes
        damaged[index] ^= flip
        do {
          let file = try LatentFile(decoding: damaged)
          _ = try file.latent(key: file.entries[0].key, units: .raw)
        } catch {
          #expect(error is ContainerError, "byte \(index) by \(flip): \(error)")
        }
      }
    }
  }

  @Test func `what this program adds to a file is believed only if it can be`() throws {
    let latent = try Latent(
      channels: 4, height: 2, width: 3, values: InterchangeFixtures.values(24), units: .raw,
      space: LatentSamples.space, picture: PictureInfo(width: 17, height: 11))
    let good = LatentMetadata.strings(of: latent)
    func decode(_ name: String, _ value: String) throws -> Latent {
      let strings = good.map { ($0.name, $0.name == name ? value : $0.value) }
      return try Latent(
        decoding: SafetensorsWriter.bytes(
          [.init(name: "latents", shape: [1, 4, 2, 3], values: latent.values)], metadata: strings))
    }
    #expect(try decode("family", "sd") == latent)
    let lies = [
      ("vaecodec", "2"), ("units", "metres"), ("posterior", "median"), ("posterior", "moments"),
      ("width", "0"), ("width", "25"), ("width", "-17"), ("width", "99999999999999999999"),
      ("height", "17"), ("spatial_factor", "0"), ("spatial_factor", "16"),
      ("spatial_factor", "2147483647"), ("bit_depth", "9"),
      ("scaling_factor", "0"), ("scaling_factor", "nan"), ("scaling_factor", "one"),
      ("shift_factor", "inf"),
    ]
    for (name, value) in lies {
      let error = #expect(throws: ContainerError.self, "\(name) \(value)") {
        try decode(name, value)
      }
      #expect("\(error.map { "\($0)" } ?? "")".contains("metadata `"))
    }
  }

  /// Archives whose checksums are right and whose arrays are not.
  @Test func `arrays of an archive that lie are refused by name`() throws {
    let latents = (
      "latents", NumpyFile.bytes(of: [Float](repeating: 0, count: 24), shape: [4, 2, 3])
    )
    let mask = [Float](repeating: 2, count: 16 * 24)
    let none = [Float]()
    let lies: [(name: String, members: [(String, [UInt8])])] = [
      ("latents", [("latents", NumpyFile.bytes(of: none, shape: [4, 1 << 40, 1 << 40]))]),
      ("latents", [("latents", NumpyFile.bytes(of: none, shape: [4, 0, 3]))]),
      ("latents", [("latents", NumpyFile.bytes(of: none, shape: [.max, 2, 3]))]),
      ("latents", [("latents", [])]),
      ("latents_2x2", [("latents_2x2", latents.1)]),
      ("original_size", [latents, ("original_size", NumpyFile.bytes(of: [0, 5]))]),
      ("original_size", [latents, ("original_size", NumpyFile.bytes(of: [24, 1 << 40]))]),
      ("original_size", [latents, ("original_size", NumpyFile.bytes(of: [24, 16, 3]))]),
      ("original_size", [latents, ("original_size", NumpyFile.bytes(of: [23.5, 16]))]),
      ("crop_ltrb", [latents, ("crop_ltrb", NumpyFile.bytes(of: [0, .nan, 24, 16]))]),
      ("crop_ltrb", [latents, ("crop_ltrb", NumpyFile.bytes(of: [0.0, 0]))]),
      ("latents_flipped", [latents, ("latents_flipped", NumpyFile.bytes(of: none, shape: [4]))]),
      (
        "latents_flipped",
        [
          latents,
          ("latents_flipped", NumpyFile.bytes(of: Array(mask.prefix(24)), shape: [4, 3, 2])),
        ]
      ),
      ("alpha_mask", [latents, ("alpha_mask", NumpyFile.bytes(of: mask, shape: [16, 24]))]),
      ("alpha_mask", [latents, ("alpha_mask", NumpyFile.bytes(of: mask, shape: [24, 16]))]),
    ]
    for (name, members) in lies {
      let bytes = try ZipWriter.bytes(members.map { ("\($0.0).npy", $0.1) })
      let error = #expect(throws: ContainerError.self, "\(name)") { try Latent(decoding: bytes) }
      #expect("\(error.map { "\($0)" } ?? "")".hasPrefix("member `\(name).npy`"), "\(name)")
    }
  }

  @Test func `an infinite value of an archive is named by its place`() throws {
    let values: [Float] = [0, 1, -.infinity, 3]
    let bytes = try ZipWriter.bytes([
      ("latents.npy", NumpyFile.bytes(of: values, shape: [4, 1, 1]))
    ])
    #expect(throws: ContainerError.nonFinite(index: 2)) { try Latent(decoding: bytes) }
  }
}
