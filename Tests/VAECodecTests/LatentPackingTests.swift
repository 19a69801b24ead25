import TestSupport
import Testing

@testable import VAECodec

/// FLUX.2's latents: normalised by statistics of 2x2 patches, and packed.
@Suite struct LatentPackingTests {
  private static let scaled = LatentFileOptions(units: .scaled)

  @Test(arguments: ["kl-flux2", "kl-flux2-whole"])
  func `packed latents are those of the pipeline`(name: String) throws {
    let codec = try Codec(model: .path(Fixtures.path("models/\(name)")))
    let moments = try reference("moments", of: name)
    let packed = try reference("packed", of: name)
    let raw = try latent(moments, channels: moments.shape[1] / 2, space: codec.latentSpace)
    let scaled = try raw.converted(to: .scaled).packed()
    #expect([1, scaled.channels, scaled.height, scaled.width] == packed.shape)
    // PyTorch's square root is within a unit of the last place, and the division rounds once more.
    #expect(
      zip(scaled.values, packed.values).allSatisfy { abs($0 - $1) <= 2 * 0x1p-23 * abs($1) })
  }

  @Test(arguments: ["kl-flux2", "kl-flux2-whole"])
  func `an array of packed latents decodes as the raw latent does`(name: String) throws {
    let codec = try Codec(model: .path(Fixtures.path("models/\(name)")))
    let moments = try reference("moments", of: name)
    let raw = try latent(moments, channels: moments.shape[1] / 2, space: codec.latentSpace)
    let array = try Latent(decoding: raw.encoded(as: .npy, Self.scaled), units: .scaled)
    #expect(array.channels == 4 * codec.latentSpace.channels && array.space == nil)
    let unpacked = try array.unpacked(for: codec.latentSpace)
    #expect(unpacked.channels == raw.channels && unpacked.width == raw.width)
    let back = try unpacked.values(in: .raw, scaling: codec.latentSpace.scaling)
    // Four roundings of terms not larger than the value and the mean.
    #expect(zip(back, raw.values).allSatisfy { abs($0 - $1) <= 4 * 0x1p-23 * (abs($1) + 1) })
    #expect(try Comparison(codec.decode(array), codec.decode(raw)).maximumDifference <= 1)
  }

  @Test func `a safetensors file of packed latents holds all that is needed`() throws {
    let codec = try Codec(model: .path(Fixtures.path("models/kl-flux2-whole")))
    let raw = try codec.encode(TestPictures.smooth(width: 48, height: 32))
    let bytes = try raw.encoded(as: .safetensors, Self.scaled)
    let entry = try LatentFile(decoding: bytes).entry(nil)
    #expect(entry.extents == [128, 2, 3])
    let stored = try Latent(decoding: bytes)
    #expect(stored == (try raw.converted(to: .scaled)))
    #expect(try Comparison(codec.decode(stored), codec.decode(raw)).maximumDifference <= 1)
    // Raw values are not packed.
    let plain = try raw.encoded(as: .safetensors)
    #expect(try LatentFile(decoding: plain).entry(nil).extents == [32, 4, 6])
    #expect(try Latent(decoding: plain) == raw)
  }

  @Test func `ComfyUI has them packed, with its own metadata and without`() throws {
    let codec = try Codec(model: .path(Fixtures.path("models/kl-flux2-whole")))
    let raw = try codec.encode(TestPictures.smooth(width: 48, height: 32))
    let scaled = try raw.converted(to: .scaled)
    let bytes = try raw.encoded(as: .comfyUI)
    let array = try #require(try SafetensorsArrays(bytes).arrays["latent_tensor"])
    #expect(array.shape == [1, 128, 2, 3])
    #expect(try array.floats() == scaled.packed().values)
    #expect(try Latent(decoding: bytes) == scaled)
    let foreign = SafetensorsWriter.bytes(
      [
        .init(name: "latent_format_version_0", shape: [0], values: []),
        .init(name: "latent_tensor", shape: array.shape, values: try array.floats()),
      ], metadata: [("prompt", "{}")])
    let file = try LatentFile(decoding: foreign)
    #expect(file.units == .scaled && !file.statesUnits)
    #expect(try file.latent().placed(in: codec.latentSpace).values == scaled.values)
    #expect(try Comparison(codec.decode(file.latent()), codec.decode(raw)).maximumDifference <= 1)
    #expect(throws: ContainerError.cannotHold("raw values", format: "ComfyUI's .latent")) {
      try raw.encoded(as: .comfyUI, LatentFileOptions(units: .raw))
    }
  }

  @Test func `raw floats and a named family are unpacked too`() throws {
    let codec = try Codec(model: .path(Fixtures.path("models/kl-flux2-whole")))
    let raw = try codec.encode(TestPictures.smooth(width: 48, height: 32))
    let bytes = try raw.encoded(as: .raw)
    let file = try LatentFile(rawFloats: bytes, extents: [128, 2, 3])
    let placed = try file.latent().placed(in: LatentSpace(.flux2))
    #expect([placed.channels, placed.height, placed.width] == [32, 4, 6])
    #expect(placed.values == (try raw.values(in: .scaled)))
  }

  @Test func `a square of values becomes four channels, row by row`() throws {
    let scaling = LatentScaling(
      factor: 1, shift: 0, mean: [0, 0, 0, 0, 1, 2, 3, 4],
      standardDeviation: [1, 1, 1, 1, 1, 2, 4, 8], patchSize: 2)
    let space = LatentSpace(family: "x", channels: 2, spatialFactor: 8, scaling: scaling)
    let raw = try Latent(
      channels: 2, height: 2, width: 4,
      values: [0, 1, 2, 3, 4, 5, 6, 7, 1, 2, 2, 4, 3, 4, 7, 12], units: .raw, space: space)
    #expect(
      try raw.values(in: .scaled) == [0, 1, 2, 3, 4, 5, 6, 7, 0, 0, 1, 1, 0, 0, 1, 1])
    let packed = try raw.converted(to: .scaled).packed()
    #expect([packed.channels, packed.height, packed.width] == [8, 1, 2])
    #expect(packed.values == [0, 2, 1, 3, 4, 6, 5, 7, 0, 1, 0, 1, 0, 1, 0, 1])
  }

  @Test func `the flipped latent of a cache is packed as the latent is`() throws {
    let codec = try Codec(model: .path(Fixtures.path("models/kl-flux2-whole")))
    let plain = try codec.encode(TestPictures.smooth(width: 48, height: 32))
    let flipped = InterchangeFixtures.mirrored(plain.values, width: plain.width)
    let raw = try Latent(
      channels: plain.channels, height: plain.height, width: plain.width, values: plain.values,
      flipped: flipped, units: .raw, space: plain.space)
    let scaled = try raw.converted(to: .scaled)
    let bytes = try raw.encoded(
      as: .musubi, LatentFileOptions(units: .scaled, architecture: "flux_2_dev"))
    let read = try Latent(decoding: bytes, units: .scaled).placed(in: codec.latentSpace)
    #expect(read.values == scaled.values && read.flipped == scaled.flipped)
    #expect(scaled.flipped == (try raw.converted(flipped, to: .scaled)))
  }

  @Test func `a plan of packed latents is that of the latents`() throws {
    let codec = try Codec(model: .path(Fixtures.path("models/kl-flux2-whole")))
    let raw = try codec.encode(TestPictures.smooth(width: 48, height: 32))
    let packed = try Latent(decoding: raw.encoded(as: .npy, Self.scaled), units: .scaled)
    let plan = try codec.plan(decoding: packed)
    #expect(plan.latentShape == [32, 4, 6])
    #expect(plan.multiplyAdds == (try codec.plan(decoding: raw).multiplyAdds))
    #expect(throws: LatentError.self) { try codec.plan(decoding: packed, maximumPixelCount: 1535) }
  }

  @Test func `steps are those of the channel's own statistics`() throws {
    let deviations: [Float] = (0..<8).map { $0 < 4 ? 1 : 10 }
    let scaling = LatentScaling(
      factor: 1, shift: 0, mean: [Float](repeating: 0, count: 8), standardDeviation: deviations,
      patchSize: 2)
    let latent = try Latent(
      channels: 2, height: 2, width: 2, values: [Float](repeating: 0, count: 8), units: .raw,
      space: LatentSpace(family: "flux2", channels: 2, spatialFactor: 8, scaling: scaling))
    let steps = QuantizationSteps.steps(for: latent, level: 75)
    #expect(steps.count == 2 && abs(steps[1] - 10 * steps[0]) < 1e-6)
  }

  @Test func `odd sides are not packed, and take the whole way all the same`() throws {
    let name = "kl-flux2-whole"
    let codec = try Codec(model: .path(Fixtures.path("models/\(name)")))
    let latent = try codec.encode(TestPictures.smooth(width: 20, height: 36))
    #expect([latent.width, latent.height] == [3, 5])
    let error = LatentError.unpackable(width: 3, height: 5, patchSize: 2)
    #expect(throws: error) { try latent.encoded(as: .npy, Self.scaled) }
    #expect(
      error.description
        == "a latent of 3x5 cannot be packed in squares of 2: the picture's sides must be multiples "
        + "of 16 pixels")
    #expect(try codec.decode(Latent(decoding: latent.serialized())).width == 20)
  }

  @Test func `a tiny autoencoder reads the latents of the large one, whose file shows how`() throws
  {
    let large = try Codec(model: .path(Fixtures.path("models/kl-flux2-whole")))
    let tiny = try Codec(model: .path(Fixtures.path("models/tiny-pooled")))
    #expect(tiny.latentSpace.family == "flux2" && tiny.latentSpace.scaling == nil)
    let raw = try large.encode(TestPictures.smooth(width: 32, height: 16))
    let stored = try Latent(decoding: raw.serialized(quality: .lossless))
    #expect(stored.space?.scaling == large.latentSpace.scaling)
    let fromRaw = try tiny.decode(stored)
    let packed = try Latent(decoding: raw.encoded(as: .npy, Self.scaled), units: .scaled)
    #expect(try tiny.decode(packed).color == fromRaw.color)
    // Without the statistics there is no way from the one to the other.
    let array = try Latent(decoding: raw.encoded(as: .npy))
    #expect(throws: LatentError.unknownScaling(tiny.latentSpace)) { try tiny.decode(array) }
  }

  private func reference(_ name: String, of model: String) throws -> ReferenceTensor {
    try ReferenceTensor(name, in: Fixtures.path("models/\(model)/reference.safetensors"))
  }

  /// The mean of `moments` as a raw latent.
  private func latent(
    _ moments: ReferenceTensor, channels: Int, space: LatentSpace
  ) throws -> Latent {
    try Latent(
      channels: channels, height: moments.shape[2], width: moments.shape[3],
      values: Array(moments.values.prefix(moments.values.count / 2)), units: .raw,
      space: space)
  }
}
