import TestSupport
import Testing
import VAE

@testable import VAECodec

/// The published tiny autoencoders against what PyTorch computed with them, where the shared material
/// is at hand.
@Suite(.enabled(if: Fixtures.hasShared, "\(Fixtures.sharedComment)"))
struct TinyReferenceTests {
  private static let crops = ["kodim03", "kodim13", "kodim23"]

  @Test(arguments: ["taesd", "taesdxl", "taesd3", "taef1", "taef2"], crops)
  func `latents and pictures of the published models are those of PyTorch`(
    model: String, crop: String
  ) throws {
    let path = Fixtures.sharedPath("reference/\(model)_kodak_crops128.safetensors")
    let expected = try ReferenceTensor("\(crop).latent", in: path)
    let reconstruction = try ReferenceTensor("\(crop).recon_unclamped", in: path)
    let codec = try open(model)
    // The scaling of FLUX.2 is part of its full-size VAE's weights.
    #expect((codec.latentSpace.scaling == nil) == (model == "taef2"))
    let latent = try codec.encode(input(crop))
    #expect(relativeError(latent.values, expected.values) <= 1e-5)
    let autoencoder = try Autoencoder(ModelFiles(path: half(model)))
    let decoded = try ModelRun.decode(
      autoencoder, expected.values, height: 16, width: 16, ModelRun.options())
    // The reference is in the network's own range, 0...1.
    let exact = ModelRun.channelsLast(reconstruction).map { 2 * $0 - 1 }
    #expect(relativeError(decoded, exact) <= 1e-5)
  }

  @Test func `a latent of Stable Diffusion decodes to the picture of PyTorch`() throws {
    let bytes = try Fixtures.bytes(at: Fixtures.sharedPath("reference/latents_sd14_astronaut.npy"))
    let latent = try Latent(decoding: bytes)
    #expect(latent.units == .raw)
    let decoded = try open("taesd").decode(latent)
    let expected = try Image(
      decoding: Fixtures.bytes(
        at: Fixtures.sharedPath("reference/taesd_decode_of_latents_x0.18215.png")))
    #expect(try Comparison(expected, decoded).maximumDifference <= 1)
  }

  /// The crop of a Kodak picture as the reference files hold it: 8-bit samples `[128, 128, 3]`.
  private func input(_ crop: String) throws -> Image {
    let path = Fixtures.sharedPath("reference/taesd_kodak_crops128.safetensors")
    let file = try SafetensorsFile(path: path)
    let entry = try #require(file.entries["\(crop).input_u8_hwc"])
    return Image(width: 128, height: 128, color: .bits8(file.file.bytes(in: entry.byteRange)))
  }

  private func open(_ model: String) throws -> Codec { try Codec(model: .path(half(model))) }

  private func half(_ model: String) -> String {
    Fixtures.sharedPath("weights/tae/\(model)_encoder.safetensors")
  }
}
