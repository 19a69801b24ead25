import Testing
import VAE

/// config.json: the defaults of diffusers, what is read, and what is refused in which words.
@Suite struct AutoencoderConfigTests {
  // MARK: Defaults

  @Test(arguments: [
    #"{"_class_name":"AutoencoderKL"}"#,
    """
    {"_class_name":"AutoencoderKL","block_out_channels":null,"layers_per_block":null,"act_fn":null,
    "latent_channels":null,"norm_num_groups":null,"scaling_factor":null,"shift_factor":null,
    "latents_mean":null,"latents_std":null,"use_quant_conv":null,"use_post_quant_conv":null,
    "mid_block_add_attention":null,"in_channels":null,"out_channels":null,"down_block_types":null,
    "up_block_types":null,"force_upcast":null,"sample_size":null}
    """,
    #"{"_class_name":"AutoencoderKL","_diffusers_version":"9","unknown":{"a":[1.5]}}"#,
  ])
  func `absent fields and null mean the defaults of diffusers`(json: String) throws {
    let config = try kl(json)
    #expect(config.blockOutChannels == [64])
    #expect(config.layersPerBlock == 1)
    #expect(config.latentChannels == 4)
    #expect(config.normNumGroups == 32)
    #expect(config.useQuantConv && config.usePostQuantConv && config.midBlockAddAttention)
    #expect(config.scalingFactor == 0.18215 && config.shiftFactor == 0)
    #expect(config.latentsMean.isEmpty && config.latentsStd.isEmpty)
    #expect(config.spatialFactor == 1)
  }

  @Test(arguments: [
    #"{"_class_name":"AutoencoderTiny"}"#,
    #"{"_class_name":"AutoencoderTiny","act_fn":null,"scaling_factor":null,"shift_factor":null}"#,
    """
    {"_class_name":"AutoencoderTiny","block_out_channels":[1],"latent_magnitude":3,
    "latent_shift":0.5,"force_upcast":false,"scaling_factor":1.0,"shift_factor":0.0}
    """,
  ])
  func `a tiny autoencoder is TAESD by default`(json: String) throws {
    let config = try AutoencoderFamilies.all.configuration(json: Array(json.utf8), path: "test")
    #expect(config as? AutoencoderTinyConfig == AutoencoderTinyConfig(latentChannels: 4))
    #expect(config.className == "AutoencoderTiny" && !config.hasPosterior)
    #expect(config.latentChannels == 4 && config.spatialFactor == 8)
  }

  @Test func `fields are read`() throws {
    let config = try kl(
      """
      {"_class_name":"AutoencoderKL","block_out_channels":[128,256,512],"layers_per_block":2,
      "down_block_types":["DownEncoderBlock2D","DownEncoderBlock2D","DownEncoderBlock2D"],
      "up_block_types":["UpDecoderBlock2D","UpDecoderBlock2D","UpDecoderBlock2D"],
      "latent_channels":3,"norm_num_groups":16,"use_quant_conv":false,"use_post_quant_conv":false,
      "mid_block_add_attention":false,"scaling_factor":0.5,"shift_factor":0.25,
      "latents_mean":[1,2,3],"latents_std":[4.5,5,6],"act_fn":"swish"}
      """)
    #expect(config.blockOutChannels == [128, 256, 512] && config.spatialFactor == 4)
    #expect(config.layersPerBlock == 2 && config.latentChannels == 3 && config.normNumGroups == 16)
    #expect(!config.useQuantConv && !config.usePostQuantConv && !config.midBlockAddAttention)
    #expect(config.scalingFactor == 0.5 && config.shiftFactor == 0.25)
    #expect(config.latentsMean == [1, 2, 3] && config.latentsStd == [4.5, 5, 6])
  }

  @Test func `an asymmetric model has widths and layers of its own in either half`() throws {
    let json = """
      {"_class_name":"AsymmetricAutoencoderKL","block_out_channels":[96],"layers_per_block":9,
      "down_block_types":["DownEncoderBlock2D","DownEncoderBlock2D"],"norm_num_groups":16,
      "up_block_types":["UpDecoderBlock2D","UpDecoderBlock2D"],"down_block_out_channels":[32,64],
      "layers_per_down_block":1,"up_block_out_channels":[64,96],"layers_per_up_block":3}
      """
    let config = try AutoencoderFamilies.all.configuration(json: Array(json.utf8), path: "test")
    let kl = try #require(config as? AutoencoderKLConfig)
    #expect(kl.className == "AsymmetricAutoencoderKL" && kl.spatialFactor == 2)
    #expect(kl.blockOutChannels == [32, 64] && kl.decoderBlockOutChannels == [64, 96])
    #expect(kl.layersPerBlock == 1 && kl.decoderLayersPerBlock == 3)
    #expect(kl.useQuantConv && kl.usePostQuantConv && kl.midBlockAddAttention)
    #expect(kl.scalingFactor == 0.18215)
  }

  @Test(arguments: [
    (
      #""down_block_out_channels":[64,64],"up_block_out_channels":[64]"#,
      "down_block_types: 1 entries do not fit the 2 of down_block_out_channels"
    ),
    (#""layers_per_up_block":0"#, "layers_per_up_block: 0 is not supported, 1...64 is"),
    (#""layers_per_down_block":65"#, "layers_per_down_block: 65 is not supported, 1...64 is"),
    (
      #""up_block_out_channels":[64,64]"#,
      "up_block_out_channels: 2 levels do not fit the encoder's 1"
    ),
  ])
  func `an asymmetric model that cannot be run is refused by its field`(
    fields: String, reason: String
  ) {
    let json = #"{"_class_name":"AsymmetricAutoencoderKL",\#(fields)}"#
    #expect(throws: malformed(reason)) {
      try AutoencoderFamilies.all.configuration(json: Array(json.utf8), path: "test")
    }
  }

  // MARK: Refusals

  private static let classes = [
    "AutoencoderKL", "AutoencoderKLFlux2", "AsymmetricAutoencoderKL", "AutoencoderTiny",
  ]

  @Test(arguments: [
    (
      #"{}"#,
      FamilyError.unsupportedClass(path: "test", name: "", supported: classes)
    ),
    (
      #"{"_class_name":"AutoencoderDC\u001b"}"#,
      .unsupportedClass(path: "test", name: "AutoencoderDC\u{1B}", supported: classes)
    ),
    (
      #"{"architectures":["CLIPTextModel"],"model_type":"clip_text_model"}"#,
      .unsupportedClass(path: "test", name: "CLIPTextModel", supported: classes)
    ),
    (
      #"{"_class_name":"AutoencoderKL","block_out_channels":[1,"a"]}"#,
      malformed("`block_out_channels[1]` has the wrong type")
    ),
    (#"{"_class_name":3}"#, malformed("`_class_name` has the wrong type")),
    (#"{"#, malformed("not valid JSON, or a number out of range")),
    (#"[]"#, malformed("it is not a JSON object")),
    ("", malformed("not valid JSON, or a number out of range")),
    (
      #"{"_class_name":"AutoencoderKL","_class_name":"AutoencoderTiny"}"#,
      malformed("key `_class_name` comes twice, the second time at byte 31")
    ),
  ])
  func `a file that is no configuration is refused`(json: String, error: FamilyError) {
    #expect(throws: error) {
      try AutoencoderFamilies.all.configuration(json: Array(json.utf8), path: "test")
    }
  }

  @Test(arguments: klMistakes)
  func `an AutoencoderKL that cannot be run is refused by its field`(
    fields: String, reason: String
  ) {
    let json = #"{"_class_name":"AutoencoderKL",\#(fields)}"#
    #expect(throws: malformed(reason)) {
      try AutoencoderFamilies.all.configuration(json: Array(json.utf8), path: "test")
    }
  }

  @Test(arguments: tinyMistakes)
  func `an AutoencoderTiny that cannot be run is refused by its field`(
    fields: String, reason: String
  ) {
    let json = #"{"_class_name":"AutoencoderTiny",\#(fields)}"#
    #expect(throws: malformed(reason)) {
      try AutoencoderFamilies.all.configuration(json: Array(json.utf8), path: "test")
    }
  }

  private func kl(_ json: String) throws -> AutoencoderKLConfig {
    let config = try AutoencoderFamilies.all.configuration(json: Array(json.utf8), path: "test")
    #expect(config.className == "AutoencoderKL" && config.hasPosterior)
    return try #require(config as? AutoencoderKLConfig)
  }
}

private func malformed(_ reason: String) -> FamilyError {
  .malformedConfig(path: "test", reason: reason)
}

private let klMistakes = [
  (#""in_channels":1"#, "in_channels: 1 is not supported, only 3 is"),
  (#""out_channels":4"#, "out_channels: 4 is not supported, only 3 is"),
  (#""act_fn":"gelu""#, "act_fn: 'gelu' is not supported, only 'silu', 'swish'"),
  (
    #""down_block_types":["AttnDownEncoderBlock2D"]"#,
    "down_block_types: 'AttnDownEncoderBlock2D' has attention in its level, which is not supported"
  ),
  (
    #""up_block_types":["AttnUpDecoderBlock2D"]"#,
    "up_block_types: 'AttnUpDecoderBlock2D' has attention in its level, which is not supported"
  ),
  (
    #""down_block_types":["DownEncoderBlock2D","DownEncoderBlock2D"]"#,
    "down_block_types: 2 entries do not fit the 1 of block_out_channels"
  ),
  (
    #""block_out_channels":[64,64],"down_block_types":["DownEncoderBlock2D","DownEncoderBlock2D"]"#,
    "up_block_types: 1 entries do not fit the 2 of block_out_channels"
  ),
  (
    #""block_out_channels":[0]"#,
    "block_out_channels: [0] are not 1 to 8 widths of 1 to 16384 channels"
  ),
  (
    #""block_out_channels":[16416]"#,
    "block_out_channels: [16416] are not 1 to 8 widths of 1 to 16384 channels"
  ),
  (
    #""block_out_channels":[],"down_block_types":[],"up_block_types":[]"#,
    "block_out_channels: [] are not 1 to 8 widths of 1 to 16384 channels"
  ),
  (#""layers_per_block":0"#, "layers_per_block: 0 is not supported, 1...64 is"),
  (#""layers_per_block":65"#, "layers_per_block: 65 is not supported, 1...64 is"),
  (#""layers_per_block":1.5"#, "not valid JSON, or a number out of range"),
  (#""layers_per_block":"2""#, "`layers_per_block` has the wrong type"),
  (#""latent_channels":0"#, "latent_channels: 0 is not supported, 1...1024 is"),
  (#""latent_channels":1025"#, "latent_channels: 1025 is not supported, 1...1024 is"),
  (#""norm_num_groups":0"#, "norm_num_groups: 0 is not supported, 1...4096 is"),
  (#""norm_num_groups":24"#, "norm_num_groups: 24 groups do not divide 64 channels"),
  (#""scaling_factor":0"#, "scaling_factor: factor and shift must be finite, the factor not 0"),
  (#""scaling_factor":1e39"#, "not valid JSON, or a number out of range"),
  (#""use_quant_conv":1"#, "`use_quant_conv` has the wrong type"),
  (#""block_out_channels":64"#, "`block_out_channels` has the wrong type"),
  (#""block_out_channels":[64.5]"#, "not valid JSON, or a number out of range"),
  (
    #""latents_mean":[1,2,3,4]"#,
    "latents_mean: 4 means and 0 deviations do not fit 4 latent channels"
  ),
  (
    #""latents_mean":[1,2],"latents_std":[1,2]"#,
    "latents_mean: 2 means and 2 deviations do not fit 4 latent channels"
  ),
  (
    #""latents_mean":[1,2,3,4],"latents_std":[1,0,1,1]"#,
    "latents_std: statistics must be finite, no deviation 0"
  ),
]

private let tinyMistakes = [
  (#""in_channels":4"#, "in_channels: 4 is not supported, only 3 is"),
  (#""out_channels":1"#, "out_channels: 1 is not supported, only 3 is"),
  (#""act_fn":"gelu""#, "act_fn: 'gelu' is not supported, only 'relu', 'silu'"),
  (#""upsample_fn":"bilinear""#, "upsample_fn: 'bilinear' is not supported, only 'nearest'"),
  (
    #""upsampling_scaling_factor":4"#,
    "upsampling_scaling_factor: 4 is not supported, only 2 is"
  ),
  (#""latent_channels":-1"#, "latent_channels: -1 is not supported, 1...1024 is"),
  (
    #""encoder_block_out_channels":[64]"#,
    "decoder_block_out_channels: 4 entries do not fit the 1 encoder levels"
  ),
  (#""num_encoder_blocks":[1]"#, "num_encoder_blocks: 1 entries do not fit the 4 encoder levels"),
  (#""num_decoder_blocks":[1]"#, "num_decoder_blocks: 1 entries do not fit the 4 encoder levels"),
  (
    #""num_encoder_blocks":[1,3,3,65]"#,
    "num_encoder_blocks: block counts [1, 3, 3, 65] are out of range 0...64"
  ),
  (
    #""num_decoder_blocks":[1,3,-3,1]"#,
    "num_decoder_blocks: block counts [1, 3, -3, 1] are out of range 0...64"
  ),
  (
    #""encoder_block_out_channels":[1,2,3,0]"#,
    "encoder_block_out_channels: [1, 2, 3, 0] are not 1 to 8 widths of 1 to 16384 channels"
  ),
  (
    #""decoder_block_out_channels":[1,2,3,0]"#,
    "decoder_block_out_channels: [1, 2, 3, 0] are not 1 to 8 widths of 1 to 16384 channels"
  ),
  (
    #""scaling_factor":0.5"#,
    "scaling_factor: 0.5 with shift 0.0 is not supported, only 1 with 0 is"
  ),
  (#""shift_factor":1"#, "scaling_factor: 1.0 with shift 1.0 is not supported, only 1 with 0 is"),
]
