import VAE

/// Latents in safetensors files: `latents`, f32 `[1, channels, height, width]`, with `log_variance` of
/// the same shape for moments, and metadata that describe them. Of other programs' files, one whose only
/// tensor may be a latent is read, and one with tensors of the usual names.
///
/// Formats that are dialects of it, such as those of ComfyUI and musubi-tuner, are asked first.
enum TensorFile: RecognizableLatentFile {
  static let traits = LatentFileTraits(
    identifier: "safetensors", name: ".safetensors", fileExtension: "safetensors",
    units: .customary(.raw), holdsMoments: true, keeps: [.size])

  private static let tensorName = "latents"
  private static let varianceName = "log_variance"
  /// Names under which other programs keep latents.
  private static let usualNames = [tensorName, "latent", "samples", "latent_tensor"]

  /// The one of `names` that is a latent's: one of the usual names, or the only one there is.
  static func latentName(among names: some Collection<String>) -> String? {
    usualNames.first(where: names.contains) ?? (names.count == 1 ? names.first : nil)
  }

  static func recognises(_ beginning: [UInt8]) -> Bool { FileKind.safetensors.matches(beginning) }

  static func file(
    of bytes: [UInt8], maximumPixelCount: Int, among formats: [LatentFileFormat]
  ) throws -> LatentFile {
    let contents = try SafetensorsArrays(bytes)
    for dialect in formats.compactMap(dialect) {
      if let file = try dialect.file(of: contents) { return file }
    }
    let names = contents.arrays.keys.sorted()
    guard let name = latentName(among: names), let array = contents.arrays[name] else {
      throw ContainerError.malformed(
        section: "safetensors file", offset: 8,
        reason: "none of its \(names.count) tensors is a latent: \(ContainerError.list(names))")
    }
    return try file(array, name, contents)
  }

  private static func file(
    _ array: StoredArray, _ name: String, _ contents: SafetensorsArrays
  ) throws -> LatentFile {
    let entries = try LatentFile.Entry.entries(of: array, key: name)
    let variance = contents.arrays[varianceName]
    if let variance, variance.shape != array.shape {
      throw variance.malformed("its shape is \(variance.shape), that of the mean \(array.shape)")
    }
    _ = try variance?.latentLayout()
    let metadata = try LatentMetadata(
      contents.metadata, extents: entries[0].extents, hasLogVariance: variance != nil)
    return LatentFile(
      format: .safetensors, dialect: nil, units: metadata?.units ?? .raw,
      statesUnits: metadata != nil, entries: entries
    ) { entry, units in
      let logVariance = try variance.map { try entry.values(of: $0) }
      guard logVariance == nil || units == .raw else {
        throw ContainerError.cannotHold("scaled values", format: "a file of moments")
      }
      let latent = try entry.latent(
        entry.values(of: array), logVariance: logVariance, units: units)
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
    _ tensors: [String: SafetensorsFile.Entry],
    among formats: [LatentFileFormat] = LatentFileFormat.all
  ) -> Bool {
    if tensors.count == 1 { return tensors.values.allSatisfy { (3...5).contains($0.shape.count) } }
    let dialects = formats.compactMap(dialect)
    return tensors.keys.contains { name in
      usualNames.contains(name) || dialects.contains { $0.isLatent(name) }
    }
  }
}
