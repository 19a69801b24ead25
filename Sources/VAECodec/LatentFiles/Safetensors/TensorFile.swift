import VAE

/// Latents in safetensors files: `latents`, f32 `[1, channels, height, width]`, with `log_variance` of
/// the same shape for moments, and metadata that describe them. Of other programs' files, one whose only
/// tensor may be a latent is read, and one with tensors of the usual names.
///
/// Formats that are dialects of it, such as those of ComfyUI and musubi-tuner, are asked first.
enum TensorFile: RecognizableLatentFile {
  static let traits = LatentFileTraits(
    identifier: "safetensors", name: ".safetensors", fileExtension: "safetensors",
    units: .customary(.raw), holdsMoments: true, namesPosterior: true, keeps: [.size])

  private static let tensorName = "latents"
  private static let varianceName = "log_variance"
  /// What ai-toolkit calls the latent of one picture, and the metadata that name its space: those of a
  /// trainer that scales before it stores.
  private static let toolkitName = "latent"
  private static let toolkitSpace = "latent_space_version"

  static func recognises(_ beginning: [UInt8]) -> Bool { FileKind.safetensors.matches(beginning) }

  static func file(
    of bytes: [UInt8], maximumPixelCount: Int, among formats: [LatentFileFormat]
  ) throws -> LatentFile {
    let contents = try SafetensorsArrays(bytes)
    for dialect in formats.compactMap(dialect) {
      if let file = try dialect.file(of: contents) { return file }
    }
    let latents = NamedArrays(arrays: contents.arrays).latentNames
    guard !latents.isEmpty else {
      let names = contents.arrays.keys.sorted()
      throw ContainerError.malformed(
        section: "safetensors file", offset: 8,
        reason: "none of its \(names.count) tensors is a latent: \(ContainerError.list(names))")
    }
    return try file(latents, contents)
  }

  private static func file(_ names: [String], _ contents: SafetensorsArrays) throws -> LatentFile {
    let named = NamedArrays(arrays: contents.arrays)
    let entries = try named.entries(names)
    let variance = names == [tensorName] ? contents.arrays[varianceName] : nil
    if let variance, let array = contents.arrays[tensorName], variance.shape != array.shape {
      throw variance.malformed("its shape is \(variance.shape), that of the mean \(array.shape)")
    }
    try variance?.checkElement()
    let metadata = try LatentMetadata(
      contents.metadata, extents: entries[0].extents, hasLogVariance: variance != nil)
    let isToolkits = names == [toolkitName] && contents.metadata[toolkitSpace] != nil
    return LatentFile(
      format: .safetensors, dialect: isToolkits ? "ai-toolkit" : nil,
      units: metadata?.units ?? (isToolkits ? .scaled : .raw),
      statesUnits: metadata != nil || isToolkits,
      claims: SpaceClaim.claims(of: contents.metadata), statesSpace: metadata?.space != nil,
      entries: entries
    ) { entry, units in
      let latent = try named.latent(entry, variance, units: units)
      return try metadata?.described(latent) ?? latent
    }
  }

  static func bytes(of latent: Latent, _ options: LatentFileOptions) throws -> [UInt8] {
    let array = try latent.packed()
    let shape = [1, array.channels, array.height, array.width]
    var tensors = [SafetensorsWriter.Tensor(name: tensorName, shape: shape, values: array.values)]
    if let variance = latent.logVariance {
      tensors.append(.init(name: varianceName, shape: shape, values: variance))
    }
    return SafetensorsWriter.bytes(tensors, metadata: LatentMetadata.strings(of: latent))
  }

  private static func dialect(_ format: LatentFileFormat) -> (any SafetensorsDialect.Type)? {
    format.coding as? any SafetensorsDialect.Type
  }

  /// Whether `tensors` are latents and not a model's weights: by their names, or because there is just
  /// one and it has as many axes as a latent.
  static func areLatents(
    _ tensors: [String: WeightsFile.Entry],
    among formats: [LatentFileFormat] = LatentFileFormat.all
  ) -> Bool {
    if tensors.count == 1 { return tensors.values.allSatisfy { (3...5).contains($0.shape.count) } }
    let dialects = formats.compactMap(dialect)
    return tensors.keys.contains { name in
      LatentArrayName.usual.contains(name) || dialects.contains { $0.isLatent(name) }
    }
  }
}
