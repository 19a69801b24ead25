import TestSupport
import Testing
import VAE

/// Every form in which a model is named, and every path that leads to none.
@Suite struct ModelFilesTests {
  private static let weights = "diffusion_pytorch_model.safetensors"

  // MARK: Forms

  @Test(arguments: [
    ["config.json", weights], ["vae/config.json", "vae/\(weights)"],
    ["config.json", "diffusion_pytorch_model.fp16.safetensors"],
    ["config.json", "any name.safetensors"], ["config.json", "ae.sft"],
    ["vae/config.json", "vae/\(weights)", "model_index.json"],
  ])
  func `a folder of diffusers is a model`(names: [String]) throws {
    let folder = try TemporaryFolder()
    for name in names {
      try folder.copy("models/kl-one-level/\(fixture(for: name))", to: name)
    }
    let files = try ModelFiles(path: folder.path)
    #expect(
      ([folder.path] + names.map { folder.path($0) }).contains(files.path)
        && files.config.className == "AutoencoderKL")
    #expect(try Autoencoder(files).hasDecoder)
  }

  @Test func `the plain name wins over that of a variant and over others`() throws {
    let folder = try TemporaryFolder()
    try folder.copy("models/kl-one-level/config.json", to: "config.json")
    try folder.copy("models/kl-one-level/\(Self.weights)", to: Self.weights)
    for other in ["diffusion_pytorch_model.fp16.safetensors", "a.safetensors"] {
      try folder.write([1, 2, 3], to: other)
    }
    #expect(try Autoencoder(ModelFiles(path: folder.path)).hasEncoder)
  }

  @Test func `a file finds the configuration beside it`() throws {
    let path = Fixtures.path("models/kl-one-level/\(Self.weights)")
    let files = try ModelFiles(path: path)
    #expect(files.path == path && files.evidence.names.first == Self.weights)
    #expect(try Autoencoder(files).hasEncoder)
  }

  @Test(arguments: ["_encoder", "_decoder"])
  func `a half of a tiny autoencoder finds the other`(half: String) throws {
    let files = try ModelFiles(path: Fixtures.path("models/tiny-halves/taesd\(half).safetensors"))
    #expect(files.evidence.names.first == "taesd\(half).safetensors")
    let model = try Autoencoder(files)
    #expect(model.hasEncoder && model.hasDecoder)
    #expect(model.config.latentChannels == 4 && model.config.spatialFactor == 8)
  }

  @Test(arguments: [("_encoder", true), ("_decoder", false)])
  func `a half without the other does its half of the work`(half: String, encodes: Bool) throws {
    let folder = try TemporaryFolder()
    let name = "taesd\(half).safetensors"
    let path = try folder.copy("models/tiny-halves/\(name)", to: name)
    let model = try Autoencoder(ModelFiles(path: path))
    #expect(model.hasEncoder == encodes && model.hasDecoder != encodes)
    #expect(model.config.latentChannels == 4)
    let options = try ModelRun.options()
    let missing = "holds \(encodes ? "an encoder" : "a decoder") only"
    #expect(throws: CheckpointError.noModel(path: path, reason: missing)) {
      if encodes {
        _ = try ModelRun.decode(model, [0, 0, 0, 0], height: 1, width: 1, options)
      } else {
        _ = try ModelRun.encode(
          model, [Float](repeating: 0, count: 192), height: 8, width: 8, options)
      }
    }
  }

  @Test func `a folder of two halves is a model`() throws {
    let model = try Autoencoder(ModelFiles(path: Fixtures.path("models/tiny-halves")))
    #expect(model.hasEncoder && model.hasDecoder)
  }

  @Test func `one file of both halves needs no configuration`() throws {
    let files = try ModelFiles(path: Fixtures.path("models/tiny-one-file/taesd.safetensors"))
    #expect(files.evidence.names.first == "taesd.safetensors")
    #expect(files.config.className == "AutoencoderTiny")
  }

  @Test func `the channels of a tiny autoencoder are read from its tensors`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.copy("models/tiny-16/\(Self.weights)", to: "taesd3.safetensors")
    let model = try Autoencoder(ModelFiles(path: path))
    #expect(model.config.latentChannels == 16)
  }

  // MARK: Refusals

  @Test func `a tiny autoencoder without the tensors that show its channels is refused`() throws {
    let folder = try TemporaryFolder()
    let none = try folder.write(
      SafetensorsBuilder.file([.init("0.bias", [1], [1])]), to: "a.safetensors")
    #expect(throws: WeightsError.missingTensor(path: none, name: "decoder.layers.0.weight")) {
      try ModelFiles(path: none)
    }
    let empty = try folder.write(
      SafetensorsBuilder.file([.init("decoder.layers.0.weight", [64, 0, 3, 3], [])]),
      to: "b.safetensors")
    #expect(
      throws: FamilyError.unsupported(
        path: empty, what: "0 latent channels are not supported, 1...1024 are")
    ) { try ModelFiles(path: empty) }
  }

  @Test func `a path that leads nowhere is reported`() throws {
    let folder = try TemporaryFolder()
    expectNoModel(folder.path("absent"), "no such file or folder")
  }

  @Test func `a folder without tensors is reported`() throws {
    let folder = try TemporaryFolder()
    expectNoModel(folder.path, noWeights)
    try folder.copy("models/tiny/config.json", to: "config.json")
    expectNoModel(folder.path, noWeights)
    try folder.makeFolder("vae")
    expectNoModel(folder.path, noWeights)
  }

  private let noWeights = "holds no weights (.safetensors, .sft, .ckpt, .pt, .pth, .bin)"

  @Test func `a folder of several models is ambiguous`() throws {
    let folder = try TemporaryFolder()
    for name in ["taesd", "taesd3"] {
      for half in ["_encoder", "_decoder"] {
        try folder.copy(
          "models/tiny-halves/taesd\(half).safetensors", to: "\(name)\(half).safetensors")
      }
    }
    expectNoModel(
      folder.path,
      "holds 2 models (taesd3_decoder.safetensors, taesd_decoder.safetensors); name a file")
  }

  @Test func `a folder of several files and none of the usual names is ambiguous`() throws {
    let folder = try TemporaryFolder()
    try folder.copy("models/kl-one-level/config.json", to: "config.json")
    for name in ["a.safetensors", "b.safetensors"] {
      try folder.copy("models/kl-one-level/\(Self.weights)", to: name)
    }
    expectNoModel(folder.path, "holds 2 models (a.safetensors, b.safetensors); name a file")
  }

  @Test func `a half whose name does not show it is a half`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.copy("models/tiny-halves/taesd_encoder.safetensors", to: "a.safetensors")
    try folder.copy("models/tiny-halves/taesd_decoder.safetensors", to: "b.safetensors")
    let model = try Autoencoder(ModelFiles(path: path))
    #expect(model.hasEncoder && !model.hasDecoder)
  }

  @Test func `a configuration and tensors that do not belong together are refused`() throws {
    let folder = try TemporaryFolder()
    let config = try folder.copy("models/tiny/config.json", to: "config.json")
    let path = try folder.copy("models/kl-one-level/\(Self.weights)", to: Self.weights)
    expectNoModel(path, "holds no tiny autoencoder, \(config) says AutoencoderTiny")
    try folder.copy("models/kl-one-level/config.json", to: "config.json")
    try folder.copy("models/tiny/\(Self.weights)", to: Self.weights)
    expectNoModel(path, "holds a tiny autoencoder, \(config) says AutoencoderKL")
  }

  @Test func `tensors of nothing known are refused`() throws {
    let folder = try TemporaryFolder()
    try folder.copy("models/kl-one-level/config.json", to: "config.json")
    try folder.write(
      SafetensorsBuilder.file([.init("conv.weight", [1], [1])]), to: Self.weights)
    expectNoModel(folder.path, "holds no tensor of an autoencoder, only `conv.weight`")
  }

  @Test func `tensors of other extents than the configuration's are refused by name`() throws {
    let folder = try TemporaryFolder()
    try folder.copy("models/kl-sd/config.json", to: "config.json")
    try folder.copy("models/kl-no-attention/\(Self.weights)", to: Self.weights)
    #expect(
      throws: WeightsError.missingTensor(
        path: folder.path, name: "encoder.down_blocks.0.resnets.1.norm1.weight")
    ) { try Autoencoder(ModelFiles(path: folder.path)) }
    try folder.copy("models/kl-one-level/config.json", to: "config.json")
    try folder.copy("models/kl-sd/\(Self.weights)", to: Self.weights)
    #expect(
      throws: WeightsError.wrongShape(
        path: folder.path, name: "encoder.conv_in.weight", found: [8, 3, 3, 3],
        expected: [32, 3, 3, 3])
    ) { try Autoencoder(ModelFiles(path: folder.path)) }
  }

  private func expectNoModel(_ path: String, _ reason: String) {
    #expect(throws: CheckpointError.noModel(path: path, reason: reason)) {
      try ModelFiles(path: path)
    }
  }

  private func fixture(for name: String) -> String {
    name.hasSuffix(".json") ? "config.json" : Self.weights
  }

  @Test(arguments: [
    ("quant_conv.weight", "`quant_conv.weight` is missing, which every published model of 4"),
    (
      "decoder.mid_block.attentions.0.to_q.weight",
      "`encoder.mid_block.attentions.0.group_norm.bias` has no place"
    ),
    ("decoder.up_blocks.3.resnets.0.conv1.weight", "are no AutoencoderKL"),
  ])
  func `tensors that others would have to explain are refused`(
    missing: String, sentence: String
  ) throws {
    let folder = try TemporaryFolder()
    let weights = Fixtures.path("models/kl-sd/diffusion_pytorch_model.safetensors")
    var left = try SafetensorsBuilder.tensors(of: weights).filter { $0.name != missing }
    // The attention of either half shows that there is one.
    if missing.contains("attentions") {
      left.removeAll { $0.name == "encoder.mid_block.attentions.0.to_q.weight" }
    }
    let path = try folder.write(SafetensorsBuilder.file(left), to: "x.safetensors")
    let error = #expect(throws: FamilyError.self) {
      try Autoencoder(ModelFiles(path: path, groups: 8))
    }
    #expect(error?.description.contains(sentence) == true, "\(String(describing: error))")
  }
}
