import TestSupport
import Testing
import VAE

/// Autoencoders behind prefixes, and what else may stand in their files.
@Suite struct PrefixTests {
  private static let model = FamilyFixtures.models[0]
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test(
    arguments: [
      "module.", "_orig_mod.", "model.", "state_dict.", "state_dict.module.vae.",
      "model._orig_mod.first_stage_model.", "vae.module.", "net.", "generator.", "ema.",
      "trainer.model.autoencoder.",
    ],
    [FamilyFixtures.Naming.diffusers, .latentDiffusion])
  func `a prefix that all names share changes nothing`(
    prefix: String, naming: FamilyFixtures.Naming
  ) throws {
    let plain = try FamilyFixtures.tensors(of: Self.model, naming)
    let path = try write(plain, prefix)
    let files = try ModelFiles(path: path, groups: Self.model.groups)
    #expect(files.naming.hasSuffix(", prefix \(prefix)") && files.otherPrefix == nil)
    let model = try Autoencoder(files)
    let own = try Autoencoder(ModelFiles(path: Self.model.folder))
    let kernels = try #require(Kernels(.best))
    #expect(try model.fingerprint(of: .encoder, kernels) == own.fingerprint(of: .encoder, kernels))
    #expect(model.parameterCount == own.parameterCount)
    let missing = "\(prefix)\(plain[0].name)"
    try write(Array(plain.dropFirst()), prefix)
    #expect(throws: WeightsError.missingTensor(path: path, name: missing)) {
      try Autoencoder(ModelFiles(path: path, groups: Self.model.groups))
    }
  }

  @Test(arguments: ["", "module.", "net."])
  func `a tiny autoencoder stands behind one as well`(prefix: String) throws {
    let one = try SafetensorsBuilder.tensors(
      of: Fixtures.path("models/tiny-one-file/taesd.safetensors"))
    // The names of the class of the original code, which has both halves.
    let plain = one.filter { $0.name.hasPrefix("taesd_") }.map {
      $0.renamed(String($0.name.dropFirst("taesd_".count)))
    }
    let files = try ModelFiles(path: try write(plain, prefix))
    let model = try Autoencoder(files)
    let own = try ModelRun.open("tiny")
    let kernels = try #require(Kernels(.best))
    #expect(try model.fingerprint(of: .encoder, kernels) == own.fingerprint(of: .encoder, kernels))
    #expect(model.hasDecoder && model.parameterCount == own.parameterCount)
  }

  @Test(arguments: [
    ("vae.", "ema_vae."), ("model.", "ema_model."), ("", "ema."), ("first_stage_model.", "gan."),
    ("vae.", "vae_swa."),
  ])
  func `of two autoencoders the likelier is taken and the other named`(
    own: String, other: String
  ) throws {
    let plain = try FamilyFixtures.tensors(of: Self.model, .diffusers)
    let both = plain.flatMap { [$0.renamed(own + $0.name), $0.renamed(other + $0.name)] }
    let path = try folder.write(SafetensorsBuilder.file(both), to: "x.safetensors")
    let files = try ModelFiles(path: path, groups: Self.model.groups)
    #expect(files.otherPrefix == other)
    #expect(files.weights.entries.count == plain.count)
  }

  @Test(arguments: [
    ("a.", "b.", "`a.`"), ("first_stage_model.", "vae.", "`first_stage_model.`"),
    ("", "module.", "one without a prefix"),
  ])
  func `two autoencoders that may both be meant are refused`(
    one: String, two: String, words: String
  ) throws {
    let plain = try FamilyFixtures.tensors(of: Self.model, .diffusers)
    let both = plain.flatMap { [$0.renamed(one + $0.name), $0.renamed(two + $0.name)] }
    let path = try folder.write(SafetensorsBuilder.file(both), to: "x.safetensors")
    #expect(
      throws: FamilyError.unsupported(
        path: path,
        what: "two autoencoders, \(words) and `\(two)`; only one can be used, in a file of its own")
    ) { try ModelFiles(path: path, groups: Self.model.groups) }
  }

  // MARK: Names in and beside the networks

  @Test(arguments: [
    (FamilyFixtures.Naming.diffusers, "encoder.conv_shortcut2.weight"),
    (.diffusers, "decoder.ema_decay"), (.diffusers, "quant_conv.lora_A.weight"),
    (.latentDiffusion, "decoder.mid.block_3.conv1.weight"),
    (.latentDiffusion, "encoder.down.0.pool.bias"), (.oldAttention, "encoder.norm1.weight"),
    (.firstStage, "first_stage_model.decoder.up.1.gate.weight"),
    (.vaePrefix, "vae.encoder.blocks.0.weight"),
  ])
  func `a name among the networks' that no rule knows is an error`(
    naming: FamilyFixtures.Naming, name: String
  ) throws {
    let plain = try FamilyFixtures.tensors(of: Self.model, naming)
    let path = try write(plain + [.init(name, [1], [0])])
    #expect(
      throws: FamilyError.unsupported(
        path: path, what: "`\(name)` is no tensor of an AutoencoderKL")
    ) { try ModelFiles(path: path, groups: Self.model.groups) }
  }

  @Test(arguments: [
    ("models/tiny-one-file/taesd.safetensors", "taesd_decoder.0.weight"),
    ("models/tiny-halves/taesd_encoder.safetensors", "3.extra.weight"),
  ])
  func `so it is in a tiny autoencoder`(fixture: String, name: String) throws {
    let plain = try SafetensorsBuilder.tensors(of: Fixtures.path(fixture))
    let path = try write(plain + [.init(name, [1], [0])])
    #expect(
      throws: FamilyError.unsupported(
        path: path, what: "`\(name)` is no tensor of an AutoencoderTiny")
    ) { try ModelFiles(path: path) }
  }

  @Test(arguments: [
    (FamilyFixtures.Naming.diffusers, "decoder.up_blocks.1.attentions.0.to_q.weight"),
    (.latentDiffusion, "encoder.down.1.attn.0.q.weight"),
    (.latentDiffusion, "decoder.up.2.attn.1.norm.bias"),
    (.firstStage, "first_stage_model.encoder.down.3.attn.0.proj_out.weight"),
  ])
  func `attention in a level is called what it is`(
    naming: FamilyFixtures.Naming, name: String
  ) throws {
    let plain = try FamilyFixtures.tensors(of: Self.model, naming)
    let path = try write(plain + [.init(name, [1], [0])])
    let what = "\(ForeignModel.levelAttention.rawValue) (`\(name)`)"
    #expect(throws: FamilyError.unsupported(path: path, what: what)) {
      try ModelFiles(path: path, groups: Self.model.groups)
    }
  }

  @Test(arguments: [
    ("loss.perceptual_loss.scaling_layer.scale", [1]), ("loss.quantize.embedding.weight", [1, 1]),
    ("foundation_model.patch_embed.weight", [1, 1, 1, 1, 1]), ("model_ema.decay", [1]),
    ("transformer.blocks.0.weight_scale", [1]), ("text_model.encoder.stages.0.weight", [1]),
    ("optimizer.state.0.exp_avg", [1]), ("encoder.norm.num_batches_tracked", [1]),
    ("decoder.condition_encoder.layers.0.weight", [1]), ("logvar", [1]), ("scale_factor", [1]),
    ("discriminator.gamma", [1]),
  ])
  func `what stands beside the networks, or is known to do nothing, does no harm`(
    name: String, shape: [Int]
  ) throws {
    for naming in [FamilyFixtures.Naming.diffusers, .latentDiffusion] {
      let plain = try FamilyFixtures.tensors(of: Self.model, naming)
      let path = try write(plain + [.init(name, shape, [0])])
      let model = try Autoencoder(ModelFiles(path: path, groups: Self.model.groups))
      #expect(model.hasEncoder && model.hasDecoder)
    }
  }

  /// Writes a file of `tensors`, behind a prefix.
  @discardableResult
  private func write(
    _ tensors: [SafetensorsBuilder.Tensor], _ prefix: String = ""
  ) throws -> String {
    try folder.write(
      SafetensorsBuilder.file(tensors.map { $0.renamed(prefix + $0.name) }), to: "x.safetensors")
  }
}
