import TestSupport
import Testing

@testable import VAE

/// The model of every family under every naming that it occurs in: the same bits.
@Suite struct FamilyNamingTests {
  @Test(arguments: FamilyFixtures.models, FamilyFixtures.Naming.allCases)
  func `a naming changes no bit, with and without a configuration`(
    model: FamilyFixtures.Model, naming: FamilyFixtures.Naming
  ) throws {
    let folder = try TemporaryFolder()
    let tensors = try FamilyFixtures.tensors(of: model, naming)
    let bytes = SafetensorsBuilder.file(tensors)
    let lone = try folder.write(bytes, to: "lone/model.safetensors")
    let configured = try folder.write(bytes, to: "configured/model.safetensors")
    try folder.copy("models/\(model.name)/config.json", to: "configured/config.json")
    let plain = try results(ModelFiles(path: model.folder), model)
    #expect(try results(ModelFiles(path: configured), model) == plain)
    #expect(try results(ModelFiles(path: lone, groups: model.groups), model) == plain)
  }

  @Test(arguments: FamilyFixtures.models)
  func `half a model does half of the work`(model: FamilyFixtures.Model) throws {
    let folder = try TemporaryFolder()
    let tensors = try FamilyFixtures.tensors(of: model, .latentDiffusion)
    let whole = try results(ModelFiles(path: model.folder), model)
    for (half, other) in [("encoder", "decoder."), ("decoder", "encoder.")] {
      let path = try folder.write(
        SafetensorsBuilder.file(tensors.filter { !$0.name.hasPrefix(other) }),
        to: "\(half).safetensors")
      let files = try ModelFiles(path: path, groups: model.groups)
      let autoencoder = try Autoencoder(files)
      #expect(autoencoder.hasEncoder == (half == "encoder"))
      #expect(autoencoder.hasDecoder == (half == "decoder"))
      let results = try results(files, model)
      #expect(results == (half == "encoder" ? [whole[0], []] : [[], whole[1]]))
    }
  }

  @Test(arguments: ["encoder", "decoder"])
  func `a half in names that leave it out is known by its blocks`(half: String) throws {
    let model = FamilyFixtures.models[0]
    let folder = try TemporaryFolder()
    let outer = half == "encoder" ? "quant_conv" : "post_quant_conv"
    let tensors = try FamilyFixtures.tensors(of: model, .latentDiffusion).compactMap { tensor in
      tensor.name.hasPrefix("\(half).")
        ? tensor.renamed(String(tensor.name.dropFirst(half.count + 1)))
        : tensor.name.hasPrefix("\(outer).") ? tensor : nil
    }
    let path = try folder.write(SafetensorsBuilder.file(tensors), to: "half.safetensors")
    let whole = try results(ModelFiles(path: model.folder), model)
    let results = try results(ModelFiles(path: path, groups: model.groups), model)
    #expect(results == (half == "encoder" ? [whole[0], []] : [[], whole[1]]))
  }

  @Test func `a tensor that is missing is reported by the name that its file would give it`() throws
  {
    let model = FamilyFixtures.models[0]
    let folder = try TemporaryFolder()
    let name = "first_stage_model.decoder.up.0.block.0.nin_shortcut.weight"
    let other = "first_stage_model.decoder.up.3.block.2.conv2.bias"
    for missing in [name, other] {
      let tensors = try FamilyFixtures.tensors(of: model, .firstStage)
      let rest = tensors.filter { $0.name != missing }
      guard rest.count < tensors.count else { continue }
      let path = try folder.write(SafetensorsBuilder.file(rest), to: "x.safetensors")
      #expect(throws: WeightsError.missingTensor(path: path, name: missing)) {
        try Autoencoder(ModelFiles(path: path, groups: model.groups))
      }
    }
  }

  /// What the model encodes its reference picture to, and decodes the reference latent to; nothing
  /// for a half that it lacks.
  private func results(_ files: ModelFiles, _ model: FamilyFixtures.Model) throws -> [[Float]] {
    let autoencoder = try Autoencoder(files)
    let options = try ModelRun.options()
    let image = try ReferenceTensor("image", in: model.reference)
    let moments = try ReferenceTensor("moments", in: model.reference)
    let mean = Array(moments.values.prefix(moments.values.count / 2))
    return [
      autoencoder.hasEncoder
        ? try ModelRun.encode(
          autoencoder, ModelRun.channelsLast(image), height: image.shape[2], width: image.shape[3],
          options) : [],
      autoencoder.hasDecoder
        ? try ModelRun.decode(
          autoencoder, mean, height: moments.shape[2], width: moments.shape[3], options) : [],
    ]
  }
}
