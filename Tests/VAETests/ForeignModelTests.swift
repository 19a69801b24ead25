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
    // Wan's network with its kernels cut to two axes.
    (tensor("decoder.mid_block.attentions.0.to_qkv.weight"), "a video autoencoder of Wan's"),
    (tensor("encoder.downsamples.0.residual.2.weight"), "a video autoencoder of Wan's"),
    (tensor("encoder.2.conv.weight"), "a tiny autoencoder of videos"),
    (tensor("decoder_unet.conv_in.weight"), "a consistency decoder"),
    (tensor("encoder.down_blocks.0.conv1.weight"), "an autoencoder of HunyuanImage's kind"),
    (
      SafetensorsBuilder.Tensor(
        "decoder.up.1.upsample.conv.weight", [4, 1, 3, 3], [Float](repeating: 0, count: 36)),
      "an autoencoder of HunyuanImage's kind"
    ),
    (tensor("decoder.up_blocks.0.attentions.0.to_k.bias"), "a KL model with attention"),
    (
      SafetensorsBuilder.Tensor(
        "decoder.mid_block.resnets.0.conv1.weight", [1, 3, 3, 2], [Float](repeating: 0, count: 18)),
      "weights in the layout of MLX"
    ),
    (tensor("decoder.conv_out.conv2d.bias"), "weights in the layout of MLX"),
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

  @Test(
    arguments: [
      ("x.safetensors", [8, 7, 0x12, 3] + Array("tf2".utf8), "an ONNX model"),
      ("x.onnx", [1, 2, 3], "an ONNX model"),
      ("x.safetensors", [8, 6, 0x12, 4, 0x0A, 2, 0x0A, 0], "a Core ML model"),
      ("x.safetensors", [0, 0, 0, 0] + Array("TFL3".utf8), "a TensorFlow Lite model"),
      ("x.ckpt", Array("SQLite format 3\0".utf8), "an SQLite database"),
      ("x.safetensors", [0x82, 0xA6] + Array("params".utf8), "a MessagePack file"),
      ("x.weights.h5", [0x89] + Array("HDF\r\n".utf8) + [0x1A, 0x0A], "an HDF5 file"),
      ("x.safetensors", Array("ftrt".utf8), "a TensorRT engine"), ("x.engine", [9], "a TensorRT"),
      (
        "x.safetensors", Array("<?xml version=\"1.0\"?>\n<net name=\"a\">".utf8),
        "an OpenVINO model"
      ),
      ("openvino_model.bin", [1, 2], "an OpenVINO model"),
      (
        "x.safetensors",
        Array("PK\u{3}\u{4}".utf8) + [UInt8](repeating: 0, count: 22) + [5, 0, 0, 0]
          + Array("a.npy".utf8),
        "an archive of NumPy arrays"
      ),
    ] as [(String, [UInt8], String)])
  func `a model of another program is named by its kind`(
    name: String, bytes: [UInt8], kind: String
  ) throws {
    let folder = try TemporaryFolder()
    // A length that no header has.
    let path = try folder.write(bytes + [UInt8](repeating: 0xFF, count: 64), to: name)
    let error = #expect(throws: WeightsError.self) { try ModelFiles(path: path) }
    let start = "\(path): not a safetensors file: it looks like \(kind)"
    #expect(error?.description.hasPrefix(start) == true, "\(String(describing: error))")
  }

  @Test(arguments: [
    (["lora_unet_mid.lora_up.weight", "x.alpha"], "holds a LoRA or the like, no autoencoder"),
    (
      ["controlnet_down_blocks.0.weight", "time_embedding.linear_1.weight"], "holds a ControlNet, "
    ),
    (["input_blocks.0.0.weight"], "holds the UNet of a diffusion model, no autoencoder"),
    (
      ["model.diffusion_model.joint_blocks.0.x", "text_model.encoder.layers.0.mlp.fc1.weight"],
      "holds the transformer of a diffusion model and a text encoder, no autoencoder"
    ),
    (["model.latent_conv_in.weight"], "holds LayerDiffuse's decoder of transparency, "),
    (
      ["model.0.weight", "model.1.sub.0.conv.weight", "model.1.sub.1.a", "model.1.sub.1.b"],
      "holds no tensor of an autoencoder, only `model.0.weight`, `model.1.sub.0.conv.weight`, "
        + "`model.1.sub.1.a` and 1 more"
    ),
    ([], "holds no tensor of an autoencoder"),
  ])
  func `a file without an autoencoder is refused by what it holds`(
    names: [String], sentence: String
  ) throws {
    let folder = try TemporaryFolder()
    let tensors = names.map { Self.tensor($0) }
    let path = try folder.write(SafetensorsBuilder.file(tensors), to: "x.safetensors")
    let error = #expect(throws: CheckpointError.self) { try ModelFiles(path: path) }
    #expect(
      error?.description.hasPrefix("\(path): \(sentence)") == true, "\(String(describing: error))")
  }

  @Test(arguments: [
    ("encoder.conv_in.weight", [8, 4, 3, 3], "its encoder reads pictures of 4 channels (RGBA)"),
    ("encoder.conv_in.weight", [8, 1, 3, 3], "its encoder reads pictures of 1 channel (grey)"),
    (
      "decoder.conv_out.weight", [48, 8, 3, 3], "its decoder writes pictures of 48 channels (RGB in"
    ),
    ("decoder.conv_out.weight", [5, 8, 3, 3], "its decoder writes pictures of 5 channels;"),
  ])
  func `a model of other pictures than RGB is refused, with and without a configuration`(
    name: String, shape: [Int], sentence: String
  ) throws {
    let folder = try TemporaryFolder()
    let weights = "diffusion_pytorch_model.safetensors"
    var tensors = try SafetensorsBuilder.tensors(of: Fixtures.path("models/kl-sd/\(weights)"))
    tensors.removeAll { $0.name == name }
    tensors.append(.init(name, shape, [Float](repeating: 0, count: shape.reduce(1, *))))
    for file in ["x.safetensors", weights] {
      let path = try folder.write(SafetensorsBuilder.file(tensors), to: file)
      let config = String(
        decoding: try Fixtures.bytes(at: Fixtures.path("models/kl-sd/config.json")), as: UTF8.self)
      let fitting = config.replacing("\"in_channels\": 3", with: "\"in_channels\": \(shape[1])")
      try folder.write(Array(fitting.utf8), to: "config.json")
      let error = #expect(throws: FamilyError.self) { try ModelFiles(path: path, groups: 8) }
      #expect(
        error?.description.hasPrefix("\(path): \(sentence)") == true, "\(String(describing: error))"
      )
    }
  }

  @Test func `an encoder without variances is no KL model's`() throws {
    let folder = try TemporaryFolder()
    var tensors = try SafetensorsBuilder.tensors(
      of: Fixtures.path("models/kl-sd/diffusion_pytorch_model.safetensors"))
    tensors.removeAll { $0.name.hasPrefix("encoder.conv_out") }
    tensors.append(
      .init("encoder.conv_out.weight", [4, 16, 3, 3], [Float](repeating: 0, count: 576)))
    let path = try folder.write(SafetensorsBuilder.file(tensors), to: "x.safetensors")
    let error = #expect(throws: FamilyError.self) { try ModelFiles(path: path, groups: 8) }
    #expect(
      error?.description.hasPrefix("\(path): its encoder writes the 4 channels of a latent") == true
    )
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
