import TestSupport
import Testing
import VAE

@testable import VAECodec

/// Latent files for other programs: the bytes that their libraries write, and what comes back.
@Suite struct InterchangeWritingTests {
  /// Formats that other programs read.
  private static let formats = LatentFileFormat.all.filter { $0 != .bin && $0.isWritten }

  /// Files whose bytes follow from what they hold: the libraries choose no order for metadata.
  @Test(arguments: [
    "kohya-2023-07.npz", "kohya-flipped.npz", "kohya-resized.npz", "comfyui.latent",
  ])
  func `what is written is what the library writes`(name: String) throws {
    let bytes = try InterchangeFixtures.bytes(name)
    let latent = try Latent(decoding: bytes)
    let format = try #require(LatentFileFormat(fileName: name))
    // ComfyUI's file has no size, so that none is written.
    #expect(try latent.encoded(as: format) == bytes)
  }

  @Test func `a cache of sixteen channels has the size in its names`() throws {
    let latent = try Latent(decoding: InterchangeFixtures.bytes("kohya-flux.npz"))
    let archive = try ZipArchive(latent.encoded(as: .npz))
    #expect(
      archive.members.map(\.name) == [
        "latents_2x3.npy", "original_size_2x3.npy", "crop_ltrb_2x3.npy",
      ])
  }

  @Test func `a picture's size and alpha go into a cache as they are`() throws {
    let alpha = (0..<187).map { UInt8($0) }
    let latent = try Latent(
      channels: 4, height: 2, width: 3, values: InterchangeFixtures.values(24), units: .raw,
      space: LatentSamples.space,
      picture: PictureInfo(width: 17, height: 11, alpha: .bits8(alpha)))
    let read = try Latent(decoding: latent.encoded(as: .npz))
    #expect(read.picture.map { [$0.width, $0.height] } == [17, 11])
    #expect(read.cache?.originalSize == [17, 11] && read.cache?.crop == [0, 0, 17, 11])
    let mask = try #require(read.cache?.alphaMask)
    #expect(mask.count == 16 * 24)
    for (x, y) in [(0, 0), (16, 10), (5, 7), (23, 0), (0, 15), (23, 15)] {
      let opacity = alpha[min(y, 10) * 17 + min(x, 16)]
      #expect(mask[y * 24 + x] == Float(opacity) / 255)
    }
  }

  @Test(arguments: formats) func `values and sizes come back`(format: LatentFileFormat) throws {
    let latent = try Latent(
      channels: 4, height: 2, width: 3, values: InterchangeFixtures.values(24), units: .raw,
      posterior: .sample(seed: 9), space: LatentSamples.space, encoderFingerprint: 77,
      picture: PictureInfo(width: 17, height: 11))
    let bytes = try latent.encoded(
      as: format, LatentFileOptions(units: .raw, architecture: "z_image"))
    let file =
      format.isRecognizable
      ? try LatentFile(decoding: bytes) : try LatentFile(rawFloats: bytes, extents: [4, 2, 3])
    #expect(file.format == format)
    let read = try file.latent(units: .raw)
    #expect(read.values == latent.values && read.units == .raw)
    switch format {
    case .comfyUI, .safetensors: #expect(read == latent)
    case .npz: #expect(read.picture == latent.picture)
    case .musubi: #expect(read.cache?.originalSize == [17, 11])
    default: #expect(read.picture == nil)
    }
  }

  @Test(arguments: LatentSamples.golden) func `safetensors keep what latent.bin does`(
    sample: LatentSamples.Sample
  ) throws {
    let options = LatentFileOptions(units: sample.latent.units)
    #expect(
      try Latent(decoding: sample.latent.encoded(as: .safetensors, options)) == sample.latent)
  }

  @Test func `the scale is converted for formats that fix it, flipped latents too`() throws {
    let scaled = try Latent(
      channels: 1, height: 1, width: 2, values: [1, 2], flipped: [2, 1], units: .scaled,
      space: LatentSpace(
        family: "custom", channels: 1, spatialFactor: 8,
        scaling: LatentScaling(factor: 0.5, shift: 1)))
    for format in [LatentFileFormat.npz, .comfyUI] {
      #expect(try Latent(decoding: scaled.encoded(as: format)).values == [3, 5])
    }
    #expect(try Latent(decoding: scaled.encoded(as: .npz)).flipped == [5, 3])
    let raw = try LatentFile(rawFloats: scaled.encoded(as: .raw), extents: [1, 1, 2])
    #expect(try raw.latent().values == [1, 2])
  }

  @Test func `a value that becomes infinite in the other units is not written`() throws {
    let latent = try Latent(
      channels: 16, height: 1, width: 1, values: [Float](repeating: 3e38, count: 16),
      units: .raw, space: LatentSpace(.sd3))
    #expect(throws: ContainerError.nonFinite(index: 0)) {
      try latent.encoded(as: .npy, LatentFileOptions(units: .scaled))
    }
  }

  // MARK: What cannot be said

  @Test(arguments: formats.filter { !$0.holdsMoments })
  func `moments are refused where they have no place`(format: LatentFileFormat) throws {
    let options = LatentFileOptions(units: .raw, architecture: "z_image")
    let moments = LatentSamples.golden[2].latent
    #expect(throws: ContainerError.cannotHoldMoments(format: format.name)) {
      try moments.encoded(as: format, options)
    }
    #expect(throws: Never.self) { try moments.withoutVariance.encoded(as: format, options) }
  }

  @Test(arguments: [
    ("z_image", "latents_1x18x20_float32", [16, 18, 20]),
    ("qwen_image", "latents_1x18x20_float32", [16, 1, 18, 20]),
    ("flux_2_dev", "latents_18x20_float32", [16, 18, 20]),
  ])
  func `a cache of musubi-tuner's is laid out as its architecture wants it`(
    architecture: String, name: String, shape: [Int]
  ) throws {
    let latent = GoldenStreams.latent(channels: 16)
    let bytes = try latent.encoded(
      as: .musubi, LatentFileOptions(units: .scaled, architecture: architecture))
    let arrays = try SafetensorsArrays(bytes).arrays
    #expect(arrays.keys.sorted() == [name])
    #expect(arrays[name]?.shape == shape)
    #expect(try Latent(decoding: bytes, units: .scaled).channels == 16)
  }

  @Test func `a cache of a video of one frame is a picture's`() throws {
    let values = InterchangeFixtures.values(60)
    let bytes = SafetensorsWriter.bytes(
      [.init(name: "latents_1x3x5_float32", shape: [1, 4, 1, 3, 5], values: values)],
      metadata: [("architecture", "wan")])
    let latent = try Latent(decoding: bytes, units: .scaled)
    #expect([latent.channels, latent.height, latent.width] == [4, 3, 5])
    #expect(latent.values == values)
  }

  @Test func `what nobody said is asked for`() throws {
    let latent = LatentSamples.golden[0].latent
    let name = LatentFileFormat.musubi.name
    #expect(throws: ContainerError.unsettledUnits(format: name)) {
      try latent.encoded(as: .musubi)
    }
    #expect(throws: ContainerError.mustState("an architecture", format: name)) {
      try latent.encoded(as: .musubi, LatentFileOptions(units: .raw))
    }
    #expect(throws: ContainerError.cannotHold("scaled values", format: "kohya's .npz")) {
      try latent.encoded(as: .npz, LatentFileOptions(units: .scaled))
    }
    let spaceless = try Latent(decoding: latent.encoded(as: .npy))
    #expect(throws: ContainerError.unknownSpace) { try spaceless.encoded(as: .bin) }
    #expect(throws: LatentError.unknownScaling(nil)) { try spaceless.encoded(as: .raw) }
    let other = LatentSpace(family: "custom", channels: 4, spatialFactor: 4, scaling: nil)
    let small = try spaceless.placed(in: other)
    #expect(throws: ContainerError.cannotHold("a spatial factor of 4", format: "kohya's .npz")) {
      try small.encoded(as: .npz)
    }
  }

  @Test func `a latent is placed in a space that it fits`() throws {
    let latent = try Latent(decoding: InterchangeFixtures.bytes("kohya-2023-07.npz"))
    #expect(try latent.placed(in: LatentSpace(.sd)).space == LatentSpace(.sd))
    #expect(throws: LatentError.self) { try latent.placed(in: LatentSpace(.flux1)) }
    let half = LatentSpace(family: "custom", channels: 4, spatialFactor: 4, scaling: nil)
    #expect(
      throws: LatentError.sizeMismatch(picture: [37, 20], latent: [5, 3], factor: 4)
    ) { try latent.placed(in: half) }
    let stated = LatentSamples.golden[0].latent
    #expect(throws: LatentError.self) { try stated.placed(in: LatentSpace(.sdxl)) }
  }

  @Test func `losses are named`() {
    let latent = LatentSamples.all.first { $0.name == "alpha of 8 bits" }?.latent
    #expect(
      latent?.losses(as: .npy) == ["the picture's size", "the alpha plane", "the matte"])
    #expect(latent?.losses(as: .comfyUI) == ["the alpha plane", "the matte"])
    #expect(latent?.losses(as: .bin) == [])
  }
}
