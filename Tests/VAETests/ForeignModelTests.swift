import TestSupport
import Testing
import VAE

/// Models of other kinds, and files that are none, are refused by what they are.
@Suite struct ForeignModelTests {
  private static let base: [SafetensorsBuilder.Tensor] = [
    .init("decoder.conv_in.weight", [1, 1, 1, 1], [0]),
    .init("decoder.up_blocks.0.resnets.0.conv1.weight", [1, 1, 1, 1], [0]),
  ]

  @Test(arguments: [
    (tensor("decoder.mid_block.resnets.0.conv1.weight", [1, 1, 1, 1, 1]), "a video autoencoder"),
    (tensor("decoder.up_blocks.0.resnets.0.time_mixer.mix_factor"), "a video autoencoder"),
    (tensor("decoder.mid_block.resnets.0.temporal_res_block.conv1.bias"), "a video autoencoder"),
    (tensor("decoder.middle.0.residual.0.gamma"), "a video autoencoder"),
    (tensor("per_channel_statistics.mean-of-means"), "a video autoencoder"),
    (tensor("quantize.embedding.weight", [1, 1]), "a VQ model"),
    (tensor("vquantizer.codebook.weight", [1, 1]), "a VQ model"),
    (tensor("decoder.project_in.weight", [1, 1]), "a deep-compression autoencoder"),
    // The same as diffusers names it.
    (tensor("encoder.down_blocks.3.0.conv_out.conv_inverted.weight"), "a deep-compression"),
    (tensor("decoder.up_blocks.0.1.conv1.bias"), "a deep-compression"),
    (tensor("decoder.conv_in.weight_scale"), "a quantised checkpoint"),
    (tensor("decoder.conv_in.scale_weight"), "a quantised checkpoint"),
    (tensor("scaled_fp8"), "a quantised checkpoint"),
    (tensor("decoder.conv_in.weight.scale"), "a quantised checkpoint"),
    (tensor("decoder.conv_in.weight_scale_inv"), "a quantised checkpoint"),
    (tensor("decoder.conv_in.weight_zero_point"), "a quantised checkpoint"),
    (tensor("decoder.conv_in.weight.quant_state.bitsandbytes__nf4"), "a quantised checkpoint"),
    (
      SafetensorsBuilder.Tensor("decoder.conv_out.weight", "I8", [1], bytes: [1]),
      "a quantised checkpoint"
    ),
  ])
  func `a model of another kind is named by its kind`(
    tensor: SafetensorsBuilder.Tensor, kind: String
  ) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(
      SafetensorsBuilder.file(Self.base + [tensor]), to: "x.safetensors")
    let error = #expect(throws: FamilyError.self) { try ModelFiles(path: path) }
    #expect(error?.description.hasPrefix("\(path): \(kind)") == true)
    // In a checkpoint only what has the prefix of the autoencoder counts.
    let others = Self.base.map { $0.renamed("vae.\($0.name)") } + [tensor]
    let checkpoint = try folder.write(SafetensorsBuilder.file(others), to: "y.safetensors")
    let other = #expect(throws: FamilyError.self) {
      try Autoencoder(ModelFiles(path: checkpoint, groups: 1))
    }
    #expect(other?.description.contains(kind) == false)
    let inside = Self.base + [tensor]
    let prefixed = inside.map { $0.renamed("first_stage_model.\($0.name)") }
    try folder.write(SafetensorsBuilder.file(prefixed), to: "y.safetensors")
    let same = #expect(throws: FamilyError.self) { try ModelFiles(path: checkpoint) }
    #expect(same?.description.hasPrefix("\(checkpoint): \(kind)") == true)
  }

  @Test(arguments: [
    ("PK\u{03}\u{04}", "a ZIP archive"), ("GGUF", "a GGUF file"),
    ("version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "a Git LFS pointer"),
    ("<!DOCTYPE html><html></html>", "an HTML page"), ("\n <!doctype HTML>", "an HTML page"),
    ("<html>\n", "an HTML page"), ("<?xml version=\"1.0\"?>", "an XML text"),
    ("\u{FEFF}<!DOCTYPE html>", "an HTML page"), ("<!-- 404 --><html>", "an HTML page"),
    ("Invalid username or password.", "a text"),
    ("{\"error\":\"not found\"}", "a JSON text"), ("{\n  \"a\": 1}", "a JSON text"),
  ])
  func `a file of another kind is named by its kind`(text: String, kind: String) throws {
    let folder = try TemporaryFolder()
    let bytes = Array(text.utf8) + [UInt8](repeating: 0x20, count: 8)
    let path = try folder.write(bytes, to: "x.safetensors")
    let error = #expect(throws: WeightsError.self) { try ModelFiles(path: path) }
    #expect(
      error?.description.hasPrefix("\(path): not a safetensors file: it looks like \(kind)") == true
    )
  }

  @Test func `a configuration of another kind, or of any size, is refused by what it is`() throws {
    let folder = try TemporaryFolder()
    try folder.copy(
      "models/kl-sd/diffusion_pytorch_model.safetensors",
      to: "diffusion_pytorch_model.safetensors")
    try folder.write(Array("version https://git-lfs.github.com/spec/v1".utf8), to: "config.json")
    let pointer = #expect(throws: FamilyError.self) { try ModelFiles(path: folder.path) }
    #expect(pointer?.description.contains("a Git LFS pointer") == true)
    try folder.writeSparse([0x7B], byteCount: 1 << 30, to: "config.json")
    let huge = #expect(throws: UnreadableFile.self) { try ModelFiles(path: folder.path) }
    #expect(huge?.description.contains("at most 16777216 are read") == true)
  }

  @Test(arguments: [
    ("taesana_encoder", "17", [32, 64, 3, 3], "0"),
    ("taesana_decoder", "29", [3, 64, 3, 3], "1"),
    ("whole", "encoder.layers.17", [32, 64, 3, 3], "encoder.layers.0"),
    ("whole", "decoder.layers.28", [3, 64, 3, 3], "decoder.layers.0"),
  ])
  func `a TAESANA is distinguished from the tiny autoencoders of this family`(
    file: String, last: String, shape: [Int], first: String
  ) throws {
    let folder = try TemporaryFolder()
    let count = shape.reduce(1, *)
    let path = try folder.write(
      SafetensorsBuilder.file([
        .init("\(first).weight", [32, 3, 3, 3], [Float](repeating: 0, count: 864)),
        .init("\(last).weight", shape, [Float](repeating: 0, count: count)),
      ]), to: "\(file).safetensors")
    let error = #expect(throws: FamilyError.self) { try ModelFiles(path: path) }
    let start = "\(path): a tiny autoencoder of DC-AE's latents (TAESANA)"
    #expect(error?.description.hasPrefix(start) == true, "\(String(describing: error))")
  }

  private static func tensor(_ name: String, _ shape: [Int] = [1]) -> SafetensorsBuilder.Tensor {
    .init(name, shape, [0])
  }
}
