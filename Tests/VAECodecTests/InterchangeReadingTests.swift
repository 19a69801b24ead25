import TestSupport
import Testing

@testable import VAECodec

/// Latent files as numpy and safetensors write them for other programs: what is read of each.
@Suite struct InterchangeReadingTests {
  private static let read = InterchangeFixtures.entries.filter { $0.refused == nil }
  private static let refused = InterchangeFixtures.entries.filter { $0.refused != nil }

  @Test func `the index has all files`() {
    #expect(Self.read.count == 25 && Self.refused.count == 10)
  }

  @Test(arguments: read) func `a file holds what its program wrote`(
    entry: InterchangeFixtures.Entry
  ) throws {
    let file = try LatentFile(decoding: entry.bytes())
    #expect(file.format.identifier == entry.format && file.dialect == entry.dialect)
    #expect(file.entries[0].extents == entry.extents)
    if let keys = entry.keys {
      #expect(file.entries.map(\.key) == keys)
      #expect(throws: ContainerError.severalLatents(keys)) { try file.latent() }
    }
    let latent = try file.latent(
      key: entry.keys?[0], units: entry.unstated == true ? .scaled : nil)
    #expect([latent.channels, latent.height, latent.width] == entry.extents)
    let expected = InterchangeFixtures.values(entry.extents.reduce(1, *))
    #expect(
      zip(latent.values, expected).allSatisfy { abs($0 - $1) <= (entry.tolerance ?? 0) * 4 })
    // musubi-tuner names Z-Image, which has the latents of FLUX.1.
    #expect(latent.posterior == nil)
    #expect(latent.space == (entry.format == "musubi" ? LatentSpace(.flux1) : nil))
    #expect(latent.units == (entry.unstated == true ? .scaled : .raw))
    #expect(latent.picture.map { [$0.width, $0.height] } == entry.picture)
    #expect(latent.cache?.originalSize == entry.original_size)
    #expect(latent.cache?.crop == entry.crop)
  }

  @Test(arguments: refused) func `a file without a latent is refused in words`(
    entry: InterchangeFixtures.Entry
  ) throws {
    let bytes = try entry.bytes()
    let error = #expect(throws: ContainerError.self) { try Latent(decoding: bytes) }
    #expect("\(error.map { "\($0)" } ?? "")".contains(entry.refused ?? "-"))
  }

  @Test(arguments: ["kohya-flipped.npz", "kohya-several.npz"])
  func `the flipped latent and the mask are kept`(name: String) throws {
    let key = name == "kohya-several.npz" ? "latents_3x5" : nil
    let latent = try Latent(decoding: InterchangeFixtures.bytes(name), key: key)
    #expect(
      latent.flipped == InterchangeFixtures.mirrored(latent.values, width: latent.width))
    let mask: [Float] = (0..<960).map { Float(Double($0 % 256) / 255) }
    #expect(latent.cache?.alphaMask == mask)
  }

  @Test func `a key chooses among resolutions and batches`() throws {
    let several = try InterchangeFixtures.bytes("kohya-several.npz")
    #expect(try Latent(decoding: several, key: "latents_1x2").width == 2)
    let keys = ["latents_3x5", "latents_1x2"]
    #expect(throws: ContainerError.noSuchLatent("latents", keys: keys)) {
      try Latent(decoding: several, key: "latents")
    }
    let batch = try InterchangeFixtures.bytes("comfyui-batch.latent")
    let second = try Latent(decoding: batch, key: "latent_tensor[1]")
    #expect(second.values == InterchangeFixtures.values(60).map { $0 + 1 })
  }

  @Test func `units that files do not state must be given`() throws {
    let file = try LatentFile(decoding: InterchangeFixtures.bytes("musubi-image.safetensors"))
    #expect(file.units == nil)
    #expect(throws: ContainerError.unsettledUnits(format: "musubi-tuner's .safetensors")) {
      try file.latent()
    }
    #expect(try file.latent(units: .raw).units == .raw)
  }

  @Test func `units that a file states are not overruled`() throws {
    let latent = LatentSamples.golden[0].latent
    for format in [LatentFileFormat.bin, .comfyUI, .safetensors] {
      let bytes = try latent.encoded(as: format)
      #expect(try Latent(decoding: bytes, units: .raw).units == .raw)
      #expect(throws: ContainerError.statedUnits("raw")) {
        try Latent(decoding: bytes, units: .scaled)
      }
    }
  }

  @Test func `the earliest files of ComfyUI are made raw as it does`() throws {
    let bytes = try InterchangeFixtures.bytes("comfyui-2023-05.latent")
    let scaled = InterchangeFixtures.values(60).map { $0 * Float(0.18215) }
    #expect(try Latent(decoding: bytes).values == scaled.map { $0 * Float(1 / 0.18215) })
  }

  @Test func `raw floats are read by their shape alone`() throws {
    let values = InterchangeFixtures.values(60)
    var writer = ByteWriter()
    for value in values { writer.write(value) }
    let latent = try LatentFile(rawFloats: writer.bytes, extents: [4, 3, 5]).latent()
    #expect(latent.values == values && latent.units == .scaled)
    for extents in [[4, 3, 4], [4, 3, 6], [.max, 2, 2]] {
      #expect(throws: ContainerError.self) {
        try LatentFile(rawFloats: writer.bytes, extents: extents)
      }
    }
  }
}
