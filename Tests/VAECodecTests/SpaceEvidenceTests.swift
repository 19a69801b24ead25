import TestSupport
import Testing

@testable import VAECodec

/// What the files of other programs show of a latent's space.
@Suite struct SpaceEvidenceTests {
  /// A file of one latent of `channels` channels.
  private func file(
    _ channels: Int, tensor: String = "latent_tensor", frames: Bool = false,
    metadata: [String: String] = [:], name: String = ""
  ) throws -> LatentFile {
    let shape = [1, channels] + (frames ? [1] : []) + [1, 2]
    let values = [Float](repeating: 1, count: channels * 2)
    let isArchive = name.hasSuffix(".npz")
    var file = try LatentFile(
      decoding: isArchive
        ? ZipWriter.bytes([("latents.npy", NumpyFile.bytes(of: values, shape: shape))])
        : SafetensorsBuilder.file(
          [.init(tensor, shape, values), .init("latent_format_version_0", [0], [])],
          metadata: metadata))
    file.fileName = name
    return file
  }

  private func family(_ file: LatentFile) throws -> String? {
    let latent = try file.latent()
    #expect((latent.space == nil) == (latent.spaceEvidence == nil))
    return latent.space?.family
  }

  @Test(
    arguments: [
      ("stable-diffusion-xl-v1-base", 4, "sdxl"), ("stable-diffusion-v1", 4, "sd"),
      ("sd1", 4, "sd"),
      ("sdxl", 4, "sdxl"), ("sd3", 16, "sd3"), ("flux1", 16, "flux1"), ("Flux.1-dev", 16, "flux1"),
      ("z_image", 16, "flux1"), ("chroma", 16, "flux1"), ("hidream", 16, "flux1"),
      ("qwen_image", 16, "qwen-image"), ("wan21", 16, "wan"), ("wan22_5b", 48, "wan2.2"),
      ("hunyuan_video", 16, "hunyuan-video"), ("cosmos", 16, "cosmos"),
      ("somebodys-model", 16, "somebodys-model"),
    ] as [(String, Int, String)])
  func `an architecture in the metadata is the latent's`(
    text: String, channels: Int, family: String
  ) throws {
    for key in ["architecture", "latent_space_version", "modelspec.architecture"] {
      let file = try file(channels, metadata: [key: text])
      #expect(try self.family(file) == family)
      #expect(try file.latent().spaceEvidence?.description.contains("'\(text)'") == true)
    }
    // A word that goes with other channels is none for these.
    if text == "sdxl" {
      #expect(try self.family(file(16, metadata: ["architecture": text])) == nil)
    }
  }

  @Test(
    arguments: [
      ("ckpt_name", "sd_xl_base_1.0.safetensors", 4, "sdxl"),
      ("ckpt_name", "SDXL/juggernautXL_v9.safetensors", 4, "sdxl"),
      ("ckpt_name", "v1-5-pruned-emaonly.safetensors", 4, "sd"),
      ("ckpt_name", "PixArt-XL-2-512x512.safetensors", 4, "sd"),
      ("ckpt_name", "sd3.5_large.safetensors", 16, "sd3"),
      ("unet_name", "flux1-dev-fp8.safetensors", 16, "flux1"),
      ("vae_name", "ae.safetensors", 16, "flux1"),
      ("vae_name", "wan_2.1_vae.safetensors", 16, "wan"),
      ("vae_name", "qwen_image_vae.safetensors", 16, "qwen-image"),
      ("model_name", "hunyuan_video_vae_bf16.safetensors", 16, "hunyuan-video"),
      ("ckpt_name", "dreamshaper_8.safetensors", 4, nil),
      ("clip_name", "flux1_clip.safetensors", 16, nil),
      ("ckpt_name", "flux1-dev.safetensors", 4, nil),
    ] as [(String, String, Int, String?)])
  func `the models of a prompt and of a workflow show it`(
    input: String, model: String, channels: Int, family: String?
  ) throws {
    let prompt =
      #"{"3":{"class_type":"KSampler","inputs":{"seed":8,"cfg":NaN}},"#
      + #""4":{"class_type":"Loader","inputs":{"\#(input)":"\#(model)"}}}"#
    let escaped = prompt.replacing("\"", with: "\\\"")
    #expect(try self.family(file(channels, metadata: ["prompt": escaped])) == family)
    guard input != "clip_name" else { return }
    let workflow =
      #"{"nodes":[{"type":"VAELoader","widgets_values":["\#(model)"]},{"type":"Note"}]}"#
    let metadata = ["workflow": workflow.replacing("\"", with: "\\\"")]
    #expect(try self.family(file(channels, metadata: metadata)) == family)
  }

  @Test func `models of two spaces show none`() throws {
    let prompt =
      #"{"1":{"inputs":{"ckpt_name":"sd_xl_base_1.0.safetensors"}},"#
      + #""2":{"inputs":{"ckpt_name":"sd15.safetensors"}}}"#
    let metadata = ["prompt": prompt.replacing("\"", with: "\\\"")]
    #expect(try family(file(4, metadata: metadata)) == nil)
    // Of which the channels may leave one.
    let other = ["prompt": metadata["prompt"]?.replacing("sd15", with: "flux1-dev") ?? ""]
    #expect(try family(file(4, metadata: other)) == "sdxl")
    #expect(try family(file(16, metadata: other)) == "flux1")
    #expect(try family(file(4, metadata: ["prompt": "no JSON"])) == nil)
  }

  @Test(
    arguments: [
      ("a_0064x0064_sdxl.npz", 4, "sdxl"), ("a_sd.npz", 4, "sd"), ("cat_flux.npz", 16, "flux1"),
      ("a_0064x0064_anima.npz", 16, "qwen-image"), ("a_0064x0064_lumina.npz", 16, "flux1"),
      ("a_0512x0512_hi.npz", 64, "hunyuan-image"), ("a_0064x0064_wan.safetensors", 16, "wan"),
      ("a_00000-001_0064x0064_zi.safetensors", 16, "flux1"), ("sdxl.npz", 4, nil),
      ("my_pony.npz", 4, nil), ("say_hi.npz", 4, nil), ("a_sdxl_1.npz", 4, nil),
      ("a_sdxl.latent", 4, nil),
    ] as [(String, Int, String?)])
  func `a cache's name shows it where a trainer made it`(
    name: String, channels: Int, family: String?
  ) throws {
    #expect(try self.family(file(channels, tensor: "latents", name: name)) == family)
  }

  @Test(arguments: ["latent_tensor", "latents", "latent"])
  func `an axis of frames is that of a video model, but for four channels`(tensor: String) throws {
    #expect(try family(file(16, tensor: tensor, frames: true)) == "video")
    #expect(try family(file(16, tensor: tensor)) == nil)
    #expect(try family(file(4, tensor: tensor, frames: true)) == nil)
    let named = try file(16, tensor: tensor, frames: true, metadata: ["architecture": "wan"])
    #expect(try family(named) == "wan")
  }

  @Test func `a file that states its space is believed against its name`() throws {
    let latent = try Latent(
      channels: 4, height: 1, width: 1, values: [1, 2, 3, 4], units: .raw, space: LatentSpace(.sd))
    for format in [LatentFileFormat.safetensors, .comfyUI] {
      var file = try LatentFile(decoding: latent.encoded(as: format))
      file.fileName = "a_0008x0008_sdxl.safetensors"
      #expect(file.evidence(of: file.entries[0]) == nil)
      #expect(try file.latent().space == LatentSpace(.sd))
    }
  }

  @Test func `a latent of another model is not called by a named family`() throws {
    let latent = try file(16, metadata: ["architecture": "qwen_image"]).latent()
    let error = #expect(throws: LatentError.self) { try latent.placed(in: LatentSpace(.flux1)) }
    #expect(
      error?.description
        == "its metadata says 'qwen_image', which is not 'flux1'")
    let placed = try latent.placed(in: LatentSpace(.flux1), overruling: true)
    #expect(placed.space == LatentSpace(.flux1) && placed.spaceEvidence == nil)
  }

  @Test func `what a trainer stores for a named space is scaled`() throws {
    let named = try file(4, tensor: "latent", metadata: ["latent_space_version": "sdxl"])
    // Two tensors are not its file.
    #expect(named.statesUnits && named.units == .scaled)
    let nameless = try file(4, tensor: "latent")
    #expect(!nameless.statesUnits && nameless.units == .raw)
  }
}
