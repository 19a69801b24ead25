import TestSupport
import Testing
import VAE

/// The configuration of a model of which there are only the tensors.
@Suite struct DetectionTests {
  private static let weights = "diffusion_pytorch_model.safetensors"
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test(arguments: FamilyFixtures.models)
  func `the tensors show the configuration`(model: FamilyFixtures.Model) throws {
    let path = try folder.write(
      SafetensorsBuilder.file(FamilyFixtures.tensors(of: model, .latentDiffusion)),
      to: "x.safetensors")
    let found = try ModelFiles(path: path, groups: model.groups).config as? AutoencoderKLConfig
    var expected = try #require(ModelFiles(path: model.folder).config as? AutoencoderKLConfig)
    // No shape says how latents are scaled.
    expected.scalingFactor = nil
    expected.shiftFactor = 0
    expected.latentsMean = []
    expected.latentsStd = []
    #expect(found == expected)
  }

  @Test func `a decoder with widths and layers of its own is read from its tensors`() throws {
    let folder = Fixtures.path("models/kl-asymmetric")
    let file = try self.folder.copy("models/kl-asymmetric/\(Self.weights)", to: "x.safetensors")
    let files = try ModelFiles(path: file, groups: 4)
    var expected = try #require(ModelFiles(path: folder).config as? AutoencoderKLConfig)
    #expect(expected.decoderLayersPerBlock == 2 && expected.layersPerBlock == 1)
    expected.scalingFactor = nil
    #expect(files.config as? AutoencoderKLConfig == expected)
    #expect(files.config.className == "AsymmetricAutoencoderKL")
    #expect(try Autoencoder(files).hasDecoder)
  }

  @Test func `groups are 32 where they divide, and asked for where they do not`() throws {
    let one = try folder.copy("models/kl-one-level/\(Self.weights)", to: "one.safetensors")
    let files = try ModelFiles(path: one)
    #expect(files.assumedGroups == 32)
    #expect(try ModelFiles(path: one, groups: 32).assumedGroups == nil)
    #expect(try #require(files.config as? AutoencoderKLConfig).normNumGroups == 32)
    let small = try folder.copy("models/kl-sd/\(Self.weights)", to: "small.safetensors")
    #expect(
      throws: FamilyError.unsupported(
        path: small,
        what:
          "no tensor shows the groups of its norms: --groups or a config.json beside it must say them"
      )
    ) { try ModelFiles(path: small) }
    #expect(
      throws: FamilyError.unsupported(
        path: small, what: "3 groups do not divide levels of [8, 8, 16, 16, 8, 8, 16, 16] channels")
    ) { try ModelFiles(path: small, groups: 3) }
  }

  @Test func `halves that do not belong together are refused`() throws {
    let models = FamilyFixtures.models
    func half(_ index: Int, _ half: String) throws -> [SafetensorsBuilder.Tensor] {
      try FamilyFixtures.tensors(of: models[index], .diffusers).filter { $0.name.contains(half) }
    }
    // Three levels and four; 4 latent channels and 16.
    for (encoder, decoder) in [(1, 0), (2, 4)] {
      let path = try folder.write(
        SafetensorsBuilder.file(half(encoder, "encoder.") + half(decoder, "decoder.")),
        to: "x.safetensors")
      let error = #expect(throws: FamilyError.self) { try ModelFiles(path: path, groups: 4) }
      guard case .unsupported(path, _)? = error else {
        Issue.record("\(String(describing: error))")
        return
      }
    }
  }

  // MARK: Quant convolutions

  @Test(arguments: [FamilyFixtures.models[0], FamilyFixtures.models[6]], ["", "post_"])
  func `quant convolutions that were lost are missed, in either half`(
    model: FamilyFixtures.Model, part: String
  ) throws {
    let tensors = try FamilyFixtures.tensors(of: model, .firstStage)
    let name = "first_stage_model.\(part)quant_conv"
    let left = tensors.filter { !$0.name.hasPrefix(name) }
    #expect(left.count == tensors.count - 2)
    let (own, other) = part.isEmpty ? ("encoder", "decoder") : ("decoder", "encoder")
    let half = left.filter { !$0.name.contains(".\(other).") }
    for kept in [left, half] {
      let path = try folder.write(SafetensorsBuilder.file(kept), to: "x/x.safetensors")
      let error = #expect(throws: FamilyError.self) {
        try ModelFiles(path: path, groups: model.groups)
      }
      let start = "\(path): `\(name).weight` is missing, which every published model of"
      #expect(error?.description.hasPrefix(start) == true, "\(String(describing: error))")
    }
    // The half that has no use for them does not need them.
    let rest = left.filter { !$0.name.contains(".\(own).") }
    let path = try folder.write(SafetensorsBuilder.file(rest), to: "y/y.safetensors")
    #expect(throws: Never.self) {
      try Autoencoder(ModelFiles(path: path, groups: model.groups))
    }
  }

  @Test func `a configuration that says there are no quant convolutions is believed`() throws {
    let fixture = Fixtures.path("models/kl-sd/\(Self.weights)")
    let tensors = try SafetensorsBuilder.tensors(of: fixture).filter {
      !$0.name.contains("quant_conv")
    }
    let path = try folder.write(SafetensorsBuilder.file(tensors), to: "x.safetensors")
    #expect(throws: FamilyError.self) { try ModelFiles(path: path, groups: 8) }
    let config = try Fixtures.bytes(at: Fixtures.path("models/kl-sd/config.json"))
    let text = String(decoding: config, as: UTF8.self).replacing(
      "quant_conv\": true", with: "quant_conv\": false")
    try folder.write(Array(text.utf8), to: "config.json")
    let model = try Autoencoder(ModelFiles(path: path))
    #expect(model.hasEncoder && model.hasDecoder)
  }

  // MARK: Mixed names

  @Test func `names of either style that disagree about the levels are reported`() throws {
    let model = FamilyFixtures.models[0]
    let diffusers = try FamilyFixtures.tensors(of: model, .diffusers)
    let plain = try FamilyFixtures.tensors(of: model, .latentDiffusion)
    let last = plain.filter { $0.name.hasPrefix("decoder.up.0.") }
    let first = diffusers.filter {
      !$0.name.hasPrefix("decoder.up_blocks.3.")
    }
    let path = try folder.write(SafetensorsBuilder.file(first + last), to: "x.safetensors")
    #expect(
      throws: FamilyError.unsupported(
        path: path,
        what: "levels of its decoder: 1 by its latent-diffusion names, 3 by its diffusers names"
      )
    ) { try ModelFiles(path: path, groups: model.groups) }
    // Where they agree, each block may have its own style.
    let early = plain.filter { $0.name.hasPrefix("decoder.up.3.") }
    let late = diffusers.filter { !$0.name.hasPrefix("decoder.up_blocks.0.") }
    try folder.write(SafetensorsBuilder.file(early + late), to: "x.safetensors")
    #expect(try Autoencoder(ModelFiles(path: path, groups: model.groups)).hasDecoder)
  }
}
