import TestSupport
import Testing
import VAE

@testable import VAECodec

/// Which family a model without a configuration belongs to, and what is said where nothing shows it.
@Suite struct FamilyDetectionTests {
  // MARK: Evidence

  /// What stands in the files beside an autoencoder of 4 or of 16 channels.
  struct Case: Sendable, CustomTestStringConvertible {
    let channels: Int
    let names: [String]
    let architecture: String?
    let tensors: [String]
    let family: LatentFamily
    let alternatives: [LatentFamily]
    var testDescription: String { "\(names) \(architecture ?? "") \(tensors)" }

    init(
      _ channels: Int, names: [String] = [], architecture: String? = nil, tensors: [String] = [],
      _ family: LatentFamily, or alternatives: [LatentFamily] = []
    ) {
      self.channels = channels
      self.names = names
      self.architecture = architecture
      self.tensors = tensors
      self.family = family
      self.alternatives = alternatives
    }
  }

  @Test(arguments: [
    Case(4, .sd, or: [.sdxl, .playground]), Case(16, .flux1, or: [.sd3]),
    Case(4, names: ["model.safetensors", "vae"], .sd, or: [.sdxl, .playground]),
    Case(4, names: ["sdxl_vae.safetensors"], .sdxl), Case(4, names: ["x", "SDXL-base"], .sdxl),
    Case(4, names: ["vae-ft-mse-840000-ema-pruned.safetensors"], .sd),
    Case(4, names: ["playground-v2.5-1024px"], .playground),
    Case(16, names: ["ae.safetensors"], .flux1), Case(16, names: ["sd3_vae.safetensors"], .sd3),
    Case(16, names: ["vae.safetensors"], .flux1, or: [.sd3]),
    Case(16, names: ["stable-diffusion-3-medium"], .sd3), Case(16, names: ["FLUX.1-dev"], .flux1),
    // A name that the shapes belie says nothing, and the first that says something decides.
    Case(4, names: ["ae.safetensors", "flux"], .sd, or: [.sdxl, .playground]),
    Case(4, names: ["flux", "sdxl"], .sdxl), Case(16, names: ["sdxl", "sd3"], .sd3),
    Case(4, architecture: "stable-diffusion-xl-v1-base/vae", .sdxl),
    Case(4, architecture: "stable-diffusion-v1", .sd),
    Case(4, architecture: "stable-diffusion-v2-768-v", .sd),
    Case(16, architecture: "stable-diffusion-v3-medium", .sd3),
    Case(16, architecture: "Flux.1-dev", .flux1), Case(16, architecture: "flux-1-dev", .flux1),
    Case(4, architecture: "flux-1-dev", .sd, or: [.sdxl, .playground]),
    Case(4, tensors: ["conditioner.embedders.1.model.ln_final.bias"], .sdxl),
    Case(4, tensors: ["conditioner.embedders.0.model.transformer.resblocks.0.ln_1.bias"], .sdxl),
    Case(4, tensors: ["cond_stage_model.model.ln_final.bias"], .sd),
    Case(4, tensors: ["cond_stage_model.transformer.text_model.final_layer_norm.bias"], .sd),
    Case(16, tensors: ["model.diffusion_model.joint_blocks.0.x_block.attn.qkv.bias"], .sd3),
    Case(16, tensors: ["double_blocks.0.img_attn.qkv.bias"], .flux1),
    Case(4, tensors: ["edm_mean", "edm_std", "conditioner.embedders.1.x"], .playground),
    Case(4, tensors: ["model.double_layers.0.attn.w1q.weight"], .sdxl),
    Case(4, names: ["asymmetric-autoencoder-kl-x-2"], .sd),
    Case(4, names: ["sdxl"], tensors: ["decoder.condition_encoder.layers.0.weight"], .sd),
    // Metadata before neighbours, neighbours before names.
    Case(4, names: ["sdxl"], tensors: ["cond_stage_model.x"], .sd),
    Case(4, architecture: "stable-diffusion-v1", tensors: ["conditioner.embedders.1.x"], .sd),
  ])
  func `what stands beside the tensors decides`(example: Case) throws {
    let config = try detected(latentChannels: example.channels)
    let found = FamilyDetection(
      config,
      FamilyEvidence(
        names: example.names, architecture: example.architecture, tensorNames: example.tensors))
    #expect(found.family == example.family)
    #expect(found.alternatives == example.alternatives)
  }

  @Test(arguments: [
    // Of the file that a configuration belongs to, only what is in it counts for more.
    (ConfigurationSource.own, Case(4, names: ["sdxl"], .sd), false),
    (.own, Case(4, architecture: "stable-diffusion-xl-v1-base", .sdxl), true),
    (.own, Case(4, tensors: ["conditioner.embedders.1.x"], .sdxl), true),
    (.own, Case(4, tensors: ["cond_stage_model.x"], .sd), false),
    (.folder, Case(4, names: ["x.safetensors", "sdxl"], .sd), false),
    (.folder, Case(4, names: ["sdxl_vae.safetensors"], .sdxl), true),
    (.neighbour, Case(4, names: ["x", "sdxl"], .sdxl), true),
    (.neighbour, Case(4, .sd, or: [.sdxl, .playground]), false),
  ])
  func `a stated scaling is believed where nothing in the file says otherwise`(
    source: ConfigurationSource, example: Case, isPassedOver: Bool
  ) throws {
    var config = try detected(latentChannels: example.channels)
    config.scalingFactor = 0.18215
    let found = FamilyDetection(
      config,
      FamilyEvidence(
        names: example.names, architecture: example.architecture, tensorNames: example.tensors),
      source)
    #expect(found.family == example.family && found.alternatives == example.alternatives)
    #expect((found.passedOver == LatentScaling(factor: 0.18215)) == isPassedOver)
    #expect(((found.scaling ?? found.family?.scaling)?.factor == 0.18215) == !isPassedOver)
  }

  /// What the tensors of a small model show, with another number of channels.
  private func detected(latentChannels: Int) throws -> AutoencoderKLConfig {
    let files = try ModelFiles(path: Fixtures.path("models/kl-sd"))
    var config = try #require(files.config as? AutoencoderKLConfig)
    config.scalingFactor = nil
    config.latentChannels = latentChannels
    return config
  }

  @Test func `the families that a model may serve are known, and have its channels`() throws {
    for channels in [4, 16, 32] {
      let candidates = [
        try detected(latentChannels: channels).latentFamilies,
        AutoencoderTinyConfig(latentChannels: channels).latentFamilies,
      ]
      for name in candidates.flatMap(\.names) {
        #expect(LatentFamily(rawValue: name)?.channels == channels, "\(name)")
      }
      for signs in candidates.map({
        $0.ownTensors + $0.architectures + $0.neighbours + $0.fileNames
      }) {
        for sign in signs { #expect(LatentFamily(rawValue: sign.family) != nil, "\(sign)") }
      }
    }
  }

  // MARK: Models

  @Test(arguments: [
    ("kl-sd", "sd", ["sdxl", "playground"]), ("kl-x4", "sd-x4", []),
    ("kl-sd3", "flux1", ["sd3"]), ("kl-flux2-whole", "flux2", []), ("kl-cogview", "cogview", []),
    ("kl-flux2", "custom", []),
  ])
  func `a lone file is of the family that its shapes leave`(
    name: String, family: String, others: [String]
  ) throws {
    let codec = try lone(name)
    #expect(codec.latentSpace.family == family)
    #expect(codec.alternativeFamilies.map(\.rawValue) == others)
    #expect(codec.assumptions.count == (others.isEmpty ? 0 : 1))
    for word in others.isEmpty ? [] : others + [family] {
      #expect(codec.assumptions[0].description.contains(word))
    }
  }

  @Test(arguments: FamilyFixtures.models)
  func `a model with its configuration leaves no doubt`(model: FamilyFixtures.Model) throws {
    let codec = try Codec(model: .path(model.folder))
    let families = [
      "kl-sd": "sd", "kl-x4": "sd-x4", "kl-sdxl": "sdxl", "kl-sd3": "sd3", "kl-flux1": "flux1",
      "kl-flux2-whole": "flux2", "kl-playground": "playground", "kl-cogview": "cogview",
    ]
    #expect(codec.latentSpace.family == families[model.name] ?? "custom")
    #expect(codec.assumptions.isEmpty && codec.latentSpace.scaling != nil)
  }

  @Test func `a family that is named leaves no doubt, and changes no raw latent`() throws {
    let model = FamilyFixtures.models[0]
    let picture = try Image(decoding: Fixtures.bytes(at: model.folder + "/picture.png"))
    let assumed = try lone(model.name)
    let named = try lone(model.name, family: .sdxl)
    #expect(named.latentSpace.family == "sdxl" && named.assumptions.isEmpty)
    let latents = try [assumed, named].map { try $0.encode(picture) }
    #expect(latents[0].values == latents[1].values)
    // The latent of the one names a space that the other only may be of.
    #expect(try assumed.decode(latents[1]) == named.decode(latents[1]))
    #expect(throws: CodecError.self) { try named.decode(latents[0]) }
  }

  @Test func `statistics among the tensors are Playground's`() throws {
    let model = try #require(FamilyFixtures.models.first { $0.name == "kl-playground" })
    let statistics = try #require(LatentFamily.playground.scaling)
    let folder = try TemporaryFolder()
    let tensors = try FamilyFixtures.tensors(of: model, .firstStage)
    func write(_ mean: [Float]) throws -> String {
      try folder.write(
        SafetensorsBuilder.file(
          tensors + [
            .init("edm_mean", [1, 4, 1, 1], mean),
            .init("edm_std", [1, 4, 1, 1], statistics.standardDeviation),
          ]), to: "x.safetensors")
    }
    let codec = try Codec(model: .path(write(statistics.mean)), groups: model.groups)
    #expect(codec.latentSpace == (try Codec(model: .path(model.folder)).latentSpace))
    #expect(codec.assumptions.isEmpty)
    let path = try write([1, .nan, 2, 3])
    #expect(
      throws: CodecError.model(
        ModelError(
          location: path, reason: .unsupported,
          description: "\(path): its statistics of the latents are not finite and positive"))
    ) { try Codec(model: .path(path), groups: model.groups) }
  }

  @Test(arguments: [("vae_scale", Float(2)), ("vae_shift", 0.5)])
  func `a tiny autoencoder in units of its own is refused`(name: String, value: Float) throws {
    let source = Fixtures.path("models/tiny-one-file/taesd.safetensors")
    let tensors = try SafetensorsBuilder.tensors(of: source).filter { $0.name != name }
    let folder = try TemporaryFolder()
    let path = try folder.write(
      SafetensorsBuilder.file(tensors + [.init(name, [], [value])]), to: "taesd.safetensors")
    let usual: Float = name == "vae_scale" ? 1 : 0
    #expect(
      throws: CodecError.model(
        ModelError(
          location: path, reason: .unsupported,
          description: "\(path): `\(name)` is \(value), only \(usual) is supported"))
    ) { try Codec(model: .path(path)) }
  }

  @Test func `groups that are assumed are said`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.copy(
      "models/kl-one-level/diffusion_pytorch_model.safetensors", to: "sd15.safetensors")
    let codec = try Codec(model: .path(path))
    #expect(codec.assumptions == [.groups(32)])
    #expect(try Codec(model: .path(path), groups: 32).assumptions.isEmpty)
  }

  /// A model's tensors in a file without a configuration.
  private func lone(_ name: String, family: LatentFamily? = nil) throws -> Codec {
    let model = try #require(FamilyFixtures.models.first { $0.name == name })
    let folder = try TemporaryFolder()
    let path = try folder.write(
      SafetensorsBuilder.file(FamilyFixtures.tensors(of: model, .latentDiffusion)), to: "m.sft")
    return try Codec(model: .path(path), family: family, groups: model.groups)
  }
}
