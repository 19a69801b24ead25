import Testing

@testable import VAE

/// The names that tensors of autoencoders go by, both ways.
@Suite struct TensorNamingTests {
  /// A naming is known by a few names, and then maps `name` to `canonical` and back.
  struct Case: Sendable, CustomTestStringConvertible {
    let file: [String]
    let name: String
    let canonical: String
    var testDescription: String { name }

    init(_ file: [String], _ name: String, _ canonical: String) {
      (self.file, self.name, self.canonical) = (file, name, canonical)
    }
  }

  private static let diffusers = [
    "decoder.conv_in.weight", "decoder.up_blocks.3.resnets.0.norm1.bias",
  ]
  private static let latentDiffusion = [
    "decoder.conv_in.weight", "decoder.up.3.block.0.norm1.bias",
  ]
  private static let prefixed = latentDiffusion.map { "first_stage_model.\($0)" } + ["logvar"]
  private static let decoderOnly =
    ["conv_in.weight", "mid.block_1.conv1.weight"] + [
      "up.1.block.0.norm1.weight"
    ]
  private static let encoderHalf = ["0.weight", "1.conv.0.weight"]
  private static let decoderHalf = ["1.weight", "3.conv.0.weight"]
  private static let oneFile = ["taesd_encoder.0.weight", "taesd_decoder.1.weight", "vae_scale"]

  @Test(arguments: [
    Case(diffusers, "encoder.conv_norm_out.bias", "encoder.conv_norm_out.bias"),
    Case(
      latentDiffusion, "decoder.up.0.block.2.nin_shortcut.weight",
      "decoder.up_blocks.3.resnets.2.conv_shortcut.weight"),
    Case(
      latentDiffusion, "decoder.up.3.upsample.conv.bias",
      "decoder.up_blocks.0.upsamplers.0.conv.bias"),
    Case(
      latentDiffusion, "encoder.down.1.block.0.conv1.weight",
      "encoder.down_blocks.1.resnets.0.conv1.weight"),
    Case(
      latentDiffusion, "encoder.down.0.downsample.conv.weight",
      "encoder.down_blocks.0.downsamplers.0.conv.weight"),
    Case(
      latentDiffusion, "encoder.mid.block_2.norm1.weight",
      "encoder.mid_block.resnets.1.norm1.weight"),
    Case(
      latentDiffusion, "decoder.mid.attn_1.norm.bias",
      "decoder.mid_block.attentions.0.group_norm.bias"),
    Case(
      latentDiffusion, "decoder.mid.attn_1.proj_out.weight",
      "decoder.mid_block.attentions.0.to_out.0.weight"),
    Case(latentDiffusion, "encoder.norm_out.weight", "encoder.conv_norm_out.weight"),
    Case(latentDiffusion, "encoder.quant_conv.weight", "quant_conv.weight"),
    Case(latentDiffusion, "decoder.post_quant_conv.bias", "post_quant_conv.bias"),
    Case(latentDiffusion, "bn.running_mean", "bn.running_mean"),
    Case(
      diffusers, "decoder.mid_block.attentions.0.query.weight",
      "decoder.mid_block.attentions.0.to_q.weight"),
    Case(
      diffusers, "encoder.mid_block.attentions.0.proj_attn.bias",
      "encoder.mid_block.attentions.0.to_out.0.bias"),
    Case(
      latentDiffusion, "encoder.mid.attn_1.to_k.weight",
      "encoder.mid_block.attentions.0.to_k.weight"),
    Case(
      diffusers, "encoder.mid_block.attentions.0.value.weight",
      "encoder.mid_block.attentions.0.to_v.weight"),
    Case(
      prefixed, "first_stage_model.decoder.up.3.block.0.conv1.bias",
      "decoder.up_blocks.0.resnets.0.conv1.bias"),
    Case(
      diffusers.map { "vae.\($0)" }, "vae.decoder.mid_block.resnets.0.conv1.bias",
      "decoder.mid_block.resnets.0.conv1.bias"),
    Case(decoderOnly, "up.1.block.0.conv1.bias", "decoder.up_blocks.0.resnets.0.conv1.bias"),
    Case(decoderOnly, "conv_out.bias", "decoder.conv_out.bias"),
    Case(decoderOnly, "post_quant_conv.bias", "post_quant_conv.bias"),
    Case(encoderHalf, "12.conv.4.bias", "encoder.layers.12.conv.4.bias"),
    Case(decoderHalf, "1.weight", "decoder.layers.0.weight"),
    Case(decoderHalf, "19.bias", "decoder.layers.18.bias"),
    Case(oneFile, "taesd_encoder.3.conv.0.weight", "encoder.layers.3.conv.0.weight"),
    Case(oneFile, "taesd_decoder.3.conv.0.weight", "decoder.layers.2.conv.0.weight"),
    Case(
      ["decoder.layers.0.weight"], "decoder.layers.3.pool.1.weight",
      "decoder.layers.3.pool.1.weight"),
  ])
  func `names are those of diffusers, and back`(example: Case) throws {
    let naming = try #require(TensorNaming(example.file + [example.name]))
    #expect(naming.canonicalName(example.name) == example.canonical)
    #expect(naming.fileName(example.canonical) == example.name)
    let reversed = try #require(TensorNaming([example.name] + example.file.reversed()))
    #expect(reversed.canonicalName(example.name) == example.canonical)
  }

  @Test(arguments: [
    (latentDiffusion, "loss.logvar"), (latentDiffusion, "model_ema.decay"),
    (latentDiffusion, "bn.num_batches_tracked"), (latentDiffusion, "decoder.conv_in"),
    (latentDiffusion, "decoder.condition_encoder.layers.0.weight"),
    (latentDiffusion, "decoder.up.-1.block.0.norm1.bias.x"), (latentDiffusion, ""),
    (prefixed, "decoder.conv_in.weight"), (prefixed, "first_stage_model.x.weight"),
    (prefixed, "model.first_stage_model.decoder.conv_in.weight"),
    (encoderHalf, "extra"), (decoderHalf, ""), (oneFile, "taesd_encoder"),
    (oneFile, "taesd_decoder.x.weight"), (oneFile, "taesd_decoder.0.weight"),
  ])
  func `names that mean nothing have no canonical one`(file: [String], name: String) throws {
    let naming = try #require(TensorNaming(file))
    #expect(naming.canonicalName(name) == nil)
  }

  @Test(arguments: [
    [], ["weight"], ["0"], ["x.0.weight"], [""], ["."], ["layers.0"],
    // Text encoders, and networks of diffusion models.
    ["encoder.layers.0.self_attn.q_proj.weight"], ["encoder.block.0.layer.0.weight"],
    [
      "conv_in.weight", "down_blocks.0.resnets.0.conv1.weight",
      "up_blocks.0.resnets.0.conv1.weight",
    ],
    ["double_blocks.0.img_attn.qkv.weight"], ["model.diffusion_model.input_blocks.0.0.weight"],
  ])
  func `files of other things hold no autoencoder`(names: [String]) {
    #expect(TensorNaming(names) == nil)
  }

  @Test(
    arguments: [
      (diffusers, nil, false, "diffusers"), (latentDiffusion, nil, false, "latent-diffusion"),
      (prefixed, nil, false, "latent-diffusion, prefix first_stage_model."),
      (encoderHalf, "encoder", true, "taesd"), (decoderHalf, "decoder", true, "taesd"),
      (oneFile, nil, true, "taesd"), (["decoder.layers.0.weight"], nil, true, "diffusers"),
      (["14.bias", "0.bias"], "encoder", true, "taesd"),
      (decoderOnly, nil, false, "latent-diffusion"),
    ] as [([String], String?, Bool, String)])
  func `a naming is put in words`(
    names: [String], half: String?, isTiny: Bool, summary: String
  ) throws {
    let naming = try #require(TensorNaming(names))
    #expect(naming.pairedHalf?.rawValue == half && naming.summary == summary)
    #expect((naming.family == AutoencoderTinyConfig.self) == isTiny)
  }

  @Test func `numbers that no model has are no levels`() throws {
    let names = Self.latentDiffusion + ["decoder.up.9223372036854775807.block.0.norm1.bias"]
    let naming = try #require(TensorNaming(names))
    #expect(
      naming.canonicalName("decoder.up.3.block.0.norm1.bias")
        == "decoder.up_blocks.0.resnets.0.norm1.bias")
    #expect(naming.canonicalName(names[2]) == nil)
  }
}
