import TestSupport
import Testing
import VAE

/// Folders of many files, shards and whole checkpoints: which of them is the model.
@Suite struct ModelSourcesTests {
  private static let weights = "diffusion_pytorch_model.safetensors"
  private static let index = weights + ".index.json"
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  // MARK: Shards

  @Test(arguments: [FamilyFixtures.Naming.diffusers, .latentDiffusion])
  func `a model in several files is one model`(naming: FamilyFixtures.Naming) throws {
    let model = FamilyFixtures.models[0]
    let tensors = try FamilyFixtures.tensors(of: model, naming)
    let places = try writeShards(tensors, count: 3)
    // A tensor that the index does not name is not there.
    try folder.write(ShardFixture.index(places), to: Self.index)
    try folder.copy("models/\(model.name)/config.json", to: "config.json")
    let autoencoder = try Autoencoder(ModelFiles(path: folder.path))
    #expect(autoencoder.hasEncoder && autoencoder.hasDecoder)
    #expect(autoencoder.parameterCount == (try ModelRun.open(model.name).parameterCount))
    try folder.write(ShardFixture.index(Array(places.dropLast())), to: Self.index)
    #expect(throws: WeightsError.self) { try Autoencoder(ModelFiles(path: folder.path)) }
  }

  @Test func `an index wins over a single file`() throws {
    let tensors = try FamilyFixtures.tensors(of: FamilyFixtures.models[0], .diffusers)
    try folder.write(ShardFixture.index(writeShards(tensors, count: 2)), to: Self.index)
    try folder.write([1, 2, 3], to: Self.weights)
    #expect(try Autoencoder(ModelFiles(path: folder.path, groups: 8)).hasEncoder)
  }

  @Test(arguments: [
    Self.index, "diffusion_pytorch_model.safetensors.index.bf16.json",
    "diffusion_pytorch_model.safetensors.bf16.index.json", "model.safetensors.index.json",
  ])
  func `an index of any variant is found, and may be named itself`(name: String) throws {
    let tensors = try FamilyFixtures.tensors(of: FamilyFixtures.models[0], .diffusers)
    let path = try folder.write(ShardFixture.index(writeShards(tensors, count: 2)), to: name)
    for model in [folder.path, path] {
      #expect(try Autoencoder(ModelFiles(path: model, groups: 8)).hasEncoder)
    }
  }

  @Test(arguments: ["../a.safetensors", "/etc/passwd", "b/a.safetensors", "..", ".", ""])
  func `an index that names a path is refused`(name: String) throws {
    let path = try folder.write(
      ShardFixture.index([("encoder.conv_in.weight", name)]), to: "m/\(Self.index)")
    try folder.copy("models/kl-sd/\(Self.weights)", to: "a.safetensors")
    #expect(throws: CheckpointError.outside(path: path, name: name)) {
      try ModelFiles(path: folder.path("m"))
    }
  }

  @Test func `a shard that is a link out of the folder is refused`() throws {
    try folder.copy("models/kl-sd/\(Self.weights)", to: "a.safetensors")
    let index = try folder.write(
      ShardFixture.index(of: "kl-sd", shard: "a.safetensors"), to: "m/\(Self.index)")
    try folder.link("../a.safetensors", at: "m/a.safetensors")
    #expect(throws: CheckpointError.outside(path: folder.path("m"), name: "a.safetensors")) {
      try ModelFiles(path: FileSystem.parent(of: index))
    }
    // The same link under a name that the user gives is the user's affair.
    try folder.copy("models/kl-sd/config.json", to: "config.json")
    #expect(
      try ModelFiles(path: folder.path("m/a.safetensors"), groups: 8).config.latentChannels == 4)
    try folder.remove("m/\(Self.index)")
    #expect(try ModelFiles(path: folder.path("m"), groups: 8).config.latentChannels == 4)
  }

  @Test func `an index of what is not there is refused`() throws {
    try folder.write(ShardFixture.index(of: "kl-sd", shard: "a.safetensors"), to: Self.index)
    #expect(
      throws: CheckpointError.noModel(path: folder.path, reason: "`a.safetensors` is missing")
    ) { try ModelFiles(path: folder.path) }
    try folder.copy("models/tiny/\(Self.weights)", to: "a.safetensors")
    #expect(throws: WeightsError.self) { try ModelFiles(path: folder.path) }
  }

  @Test(arguments: [
    ("", "not valid JSON, or a number out of range"), ("{}", "`weight_map` is missing"),
    (#"{"weight_map":{}}"#, "`weight_map` is empty"),
    (#"{"weight_map":{"a":1}}"#, "`weight_map.a` has the wrong type"),
    (
      #"{"weight_map":{"a":"x","a":"y"}}"#, "key `a` comes twice, the second time at byte 23"
    ),
  ])
  func `a malformed index is refused`(json: String, reason: String) throws {
    let bytes = json.isEmpty ? [UInt8(ascii: "x")] : Array(json.utf8)
    let path = try folder.write(bytes, to: Self.index)
    #expect(throws: FamilyError.malformedConfig(path: path, reason: reason)) {
      try ModelFiles(path: folder.path)
    }
  }

  // MARK: Folders

  @Test func `the one file with an autoencoder is found among others`() throws {
    try folder.copy("models/kl-names/ldm.safetensors", to: "ae.safetensors")
    let other = SafetensorsBuilder.file([.init("double_blocks.0.img_attn.qkv.weight", [1], [1])])
    try folder.write(other, to: "flux1-dev.safetensors")
    let files = try ModelFiles(path: folder.path, groups: 4)
    #expect(files.path == folder.path("ae.safetensors"))
    #expect(files.evidence.names.first == "ae.safetensors")
    try folder.remove("ae.safetensors")
    try folder.write(other, to: "b.safetensors")
    #expect(
      throws: CheckpointError.noModel(
        path: folder.path, reason: "holds 2 .safetensors files, none of them with an autoencoder")
    ) { try ModelFiles(path: folder.path) }
  }

  @Test func `a folder vae without weights does not hide those around it`() throws {
    try folder.copy("models/kl-names/ldm.safetensors", to: "ae.safetensors")
    try folder.copy("models/kl-names/config.json", to: "vae/config.json")
    #expect(try ModelFiles(path: folder.path, groups: 4).config.latentChannels == 4)
  }

  @Test(arguments: [
    ["checkpoint-9/autoencoder"], ["vae_sdxl", "z/ema"], ["a/b/c/d"], ["1", "2", "3", "4", "5"],
  ])
  func `folders inside that hold an autoencoder are named`(places: [String]) throws {
    for place in places {
      try folder.copy("models/kl-sd/\(Self.weights)", to: "\(place)/\(Self.weights)")
    }
    let other = SafetensorsBuilder.file([.init("down_blocks.0.weight", [1], [1])])
    try folder.write(other, to: "unet/\(Self.weights)")
    let shown = places.prefix(4).map { "`\($0)`" }.joined(separator: ", ")
    let reason =
      "holds no weights (.safetensors, .sft, .ckpt, .pt, .pth, .bin); an autoencoder is in its \(shown)"
      + (places.count > 4 ? " and \(places.count - 4) more" : "")
    #expect(throws: CheckpointError.noModel(path: folder.path, reason: reason)) {
      try ModelFiles(path: folder.path)
    }
  }

  @Test func `folders are not looked for without end, nor behind links`() throws {
    try folder.copy("models/kl-sd/\(Self.weights)", to: "b/\(Self.weights)")
    try folder.makeFolder("a")
    try folder.link("../b", at: "a/out")
    try folder.link("..", at: "a/up")
    try folder.copy("models/kl-sd/\(Self.weights)", to: "a/1/2/3/4/5/\(Self.weights)")
    let nothing = CheckpointError.noModel(
      path: folder.path("a"),
      reason: "holds no weights (.safetensors, .sft, .ckpt, .pt, .pth, .bin)")
    #expect(throws: nothing) { try ModelFiles(path: folder.path("a")) }
    try folder.write([], to: "b/openvino_model.xml")
    try folder.write([8, 7, 0x12, 3, 0x61, 0x62, 0x63, 0, 0], to: "c/vae_decoder.onnx")
    let error = #expect(throws: CheckpointError.self) { try ModelFiles(path: folder.path("c")) }
    #expect(
      error?.description.contains("only `vae_decoder.onnx`, which looks like an ONNX") == true)
  }

  // MARK: Checkpoints

  @Test func `a configuration of something else beside a checkpoint is passed over`() throws {
    try folder.copy("models/kl-names/first-stage-model.safetensors", to: "all.safetensors")
    try folder.write(Array(#"{"_class_name":"UNet2DConditionModel"}"#.utf8), to: "config.json")
    let files = try ModelFiles(path: folder.path("all.safetensors"), groups: 4)
    #expect(files.config.latentChannels == 4 && files.naming.hasSuffix("first_stage_model."))
    #expect(files.configurationSource == .otherClass("UNet2DConditionModel"))
  }

  @Test(arguments: [
    (#"{"_class_name":"UNet2DConditionModel"}"#, "UNet2DConditionModel"),
    (#"{"architectures":["CLIPTextModel"],"hidden_size":768}"#, "CLIPTextModel"),
    (#"{"hidden_size":768}"#, ""),
  ])
  func `another model's configuration beside a lone file is reported and not taken`(
    json: String, name: String
  ) throws {
    try folder.copy("models/kl-names/ldm.safetensors", to: "ae.safetensors")
    try folder.write(Array(json.utf8), to: "config.json")
    let files = try ModelFiles(path: folder.path("ae.safetensors"), groups: 4)
    #expect(files.config.latentChannels == 4)
    #expect(files.configurationSource == .otherClass(name))
  }

  @Test(arguments: ["VQModel", "ConsistencyDecoderVAE", "Flux2TinyAutoEncoder"])
  func `the configuration of an autoencoder of another class is not passed over`(
    name: String
  ) throws {
    try folder.copy("models/kl-names/ldm.safetensors", to: Self.weights)
    try folder.write(Array(#"{"_class_name":"\#(name)"}"#.utf8), to: "config.json")
    let error = #expect(throws: FamilyError.self) {
      try ModelFiles(path: folder.path(Self.weights), groups: 4)
    }
    guard case .unsupportedClass(_, name, _)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    // Beside a file of another name it is that of another file.
    try folder.copy("models/kl-names/ldm.safetensors", to: "ae.safetensors")
    let lone = try ModelFiles(path: folder.path("ae.safetensors"), groups: 4)
    #expect(lone.configurationSource == .otherClass(name))
  }

  @Test(arguments: [
    ("\"layers_per_block\": 2", "\"layers_per_block\": 1", "2 layers a block, it says 1"),
    (
      "\"mid_block_add_attention\": true", "\"mid_block_add_attention\": false",
      "an attention layer, it says none"
    ),
  ])
  func `a configuration that leaves tensors out is refused`(
    old: String, new: String, difference: String
  ) throws {
    let config = try Fixtures.bytes(at: Fixtures.path("models/kl-sd/config.json"))
    let text = String(decoding: config, as: UTF8.self)
    let changed = text.replacing(old, with: new)
    #expect(changed != text)
    let path = try folder.write(Array(changed.utf8), to: "config.json")
    try folder.copy("models/kl-sd/\(Self.weights)", to: Self.weights)
    #expect(
      throws: FamilyError.malformedConfig(path: path, reason: "the tensors have \(difference)")
    ) { try ModelFiles(path: folder.path) }
  }

  /// Writes `tensors` to `count` files.
  ///
  /// - Returns: where each is.
  private func writeShards(
    _ tensors: [SafetensorsBuilder.Tensor], count: Int
  ) throws -> [(tensor: String, file: String)] {
    var places: [(tensor: String, file: String)] = []
    for shard in 0..<count {
      let name = "model-\(shard).safetensors"
      let part = tensors.enumerated().filter { $0.offset % count == shard }.map(\.element)
      try folder.write(SafetensorsBuilder.file(part), to: name)
      places += part.map { ($0.name, name) }
    }
    return places
  }
}
