/// The files of a model: its configuration and its tensors, found from the path that a user gives.
package struct ModelFiles: Sendable {
  /// The path as it was given, for messages.
  package let path: String
  /// The configuration, read from config.json or taken from the tensors.
  package let config: AutoencoderConfig
  /// The tensors under canonical names.
  package let weights: WeightStore
  /// The last part of the path of the tensors, which tells tiny autoencoders of one shape apart.
  package let nameHint: String

  /// A model that is part of the program.
  ///
  /// - Parameters:
  ///   - name: stands for the path in messages.
  ///   - configuration: the bytes of its config.json.
  ///   - weights: the bytes of its safetensors file, which are never freed or written.
  /// - Throws: `WeightsError`.
  package init(name: String, configuration: [UInt8], weights: UnsafeRawBufferPointer) throws {
    let file = try SafetensorsFile(unsafe MappedFile(name: name, staticBytes: weights))
    let config = try AutoencoderConfig(json: configuration, path: name)
    try self.init(path: name, config: config, files: [file], nameHint: name)
  }

  /// The model at `path`: a .safetensors file with a config.json beside it, a diffusers folder, a
  /// pipeline folder with the model under vae/, a folder with the two halves of a tiny autoencoder,
  /// or one of the halves.
  ///
  /// - Throws: `WeightsError`.
  package init(path: String) throws {
    guard FileSystem.exists(path) else {
      throw WeightsError.noModel(path: path, reason: "no such file or folder")
    }
    if !FileSystem.isFolder(path) {
      try self.init(file: path)
    } else {
      let vae = path + "/vae"
      try self.init(folder: FileSystem.isFolder(vae) ? vae : path, given: path)
    }
  }

  private init(
    path: String, config: AutoencoderConfig, files: [SafetensorsFile], nameHint: String
  ) throws {
    self.path = path
    self.config = config
    self.nameHint = nameHint
    let kinds = files.map { TensorNames.tinyFile($0.entries.keys) }
    weights = WeightStore(
      path: path, files: files,
      canonicalName: { name, index in
        guard case .tiny = config, let kind = kinds[index] else { return name }
        return TensorNames.canonicalTinyName(name, in: kind)
      })
  }

  private init(file path: String) throws {
    let file = try SafetensorsFile(path: path)
    let config = FileSystem.parent(of: path) + "/config.json"
    switch TensorNames.tinyFile(file.entries.keys) {
    case .encoder?, .decoder?:
      try self.init(halfAt: path, file)
    case let kind where FileSystem.exists(config):
      let parsed = try AutoencoderConfig(json: FileSystem.contents(of: config), path: config)
      if case .tiny = parsed, kind == nil {
        throw WeightsError.noModel(
          path: path, reason: "holds no tiny autoencoder, as \(config) says")
      }
      try self.init(
        path: path, config: parsed, files: [file], nameHint: FileSystem.lastComponent(of: path))
    case .whole?:
      try self.init(tiny: [file], path: path)
    case nil:
      throw WeightsError.noModel(path: path, reason: "there is no config.json beside it")
    }
  }

  /// A half of a tiny autoencoder; the other half is found beside it.
  private init(halfAt path: String, _ file: SafetensorsFile) throws {
    let name = FileSystem.lastComponent(of: path)
    let halves = ["_encoder.", "_decoder."]
    guard let half = halves.first(where: { name.contains($0) }),
      let other = halves.first(where: { $0 != half })
    else {
      throw WeightsError.noModel(
        path: path,
        reason:
          "half of a tiny autoencoder, whose name ends neither in _encoder.safetensors nor in "
          + "_decoder.safetensors: the other half cannot be found")
    }
    let sibling = FileSystem.parent(of: path) + "/" + name.replacing(half, with: other)
    let files = FileSystem.exists(sibling) ? [file, try SafetensorsFile(path: sibling)] : [file]
    try self.init(tiny: files, path: path)
  }

  private init(folder: String, given path: String) throws {
    let names = FileSystem.fileNames(in: folder).filter { $0.hasSuffix(".safetensors") }
    let config = folder + "/config.json"
    let preferred = [
      "diffusion_pytorch_model.safetensors", "diffusion_pytorch_model.fp16.safetensors",
    ]
    if let name = preferred.first(where: names.contains) ?? (names.count == 1 ? names[0] : nil),
      FileSystem.exists(config)
    {
      try self.init(
        path: path, config: AutoencoderConfig(json: FileSystem.contents(of: config), path: config),
        files: [SafetensorsFile(path: folder + "/" + name)],
        nameHint: FileSystem.lastComponent(of: path))
      return
    }
    if names.count == 1 {
      try self.init(file: folder + "/" + names[0])
      return
    }
    let halves = names.filter { $0.hasSuffix("_encoder.safetensors") }
    if halves.count == 1 {
      try self.init(file: folder + "/" + halves[0])
    } else if !halves.isEmpty {
      throw WeightsError.noModel(
        path: path,
        reason:
          "holds \(halves.count) models (\(halves.sorted().joined(separator: ", "))); name a file")
    } else if names.isEmpty {
      throw WeightsError.noModel(path: path, reason: "holds no .safetensors file")
    } else if !FileSystem.exists(config) {
      throw WeightsError.noModel(path: path, reason: "there is no config.json in it")
    } else {
      throw WeightsError.noModel(
        path: path, reason: "holds \(names.count) .safetensors files; name one")
    }
  }

  /// A tiny autoencoder without a config.json: its widths are read from the tensors.
  private init(tiny files: [SafetensorsFile], path: String) throws {
    let probe = try ModelFiles(
      path: path, config: .tiny(AutoencoderTinyConfig(latentChannels: 4)), files: files,
      nameHint: FileSystem.lastComponent(of: path))
    try self.init(
      path: path, config: .tiny(probe.tinyConfig()), files: files, nameHint: probe.nameHint)
  }

  /// The configuration that the tensors of a tiny autoencoder tell.
  ///
  /// Of the published layer lists the first decoder layer reads the latent and encoder layer 14 writes
  /// it; the levels begin at encoder layers 0, 2, 6 and 10 and at decoder layers 0, 7, 12 and 17.
  ///
  /// - Throws: `WeightsError.missingTensor` or `.unsupported` if the latent's channels are not told.
  private func tinyConfig() throws -> AutoencoderTinyConfig {
    func shape(_ layer: String) -> [Int]? {
      weights.shape(of: "\(layer).weight").flatMap { $0.count == 4 ? $0 : nil }
    }
    guard let channels = shape("decoder.layers.0")?[1] ?? shape("encoder.layers.14")?[0] else {
      throw WeightsError.missingTensor(path: path, name: "decoder.layers.0.weight")
    }
    guard (1...1024).contains(channels) else {
      throw WeightsError.unsupported(
        path: path, what: "\(channels) latent channels are not supported, 1...1024 are")
    }
    var config = AutoencoderTinyConfig(latentChannels: channels)
    func widths(_ layers: [String]) -> [Int]? {
      let widths = layers.compactMap { shape($0)?[0] }.filter((1...16384).contains)
      // What is missing is told when the network is built.
      return widths.count == layers.count ? widths : nil
    }
    let encoder = [0, 2, 6, 10].map { "encoder.layers.\($0)" }
    let decoder = ["0", "7.conv.0", "12.conv.0", "17.conv.0"].map { "decoder.layers.\($0)" }
    config.encoderBlockOutChannels = widths(encoder) ?? config.encoderBlockOutChannels
    config.decoderBlockOutChannels = widths(decoder) ?? config.decoderBlockOutChannels
    return config
  }
}
