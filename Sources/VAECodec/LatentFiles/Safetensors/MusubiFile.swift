import VAE

/// Training caches of musubi-tuner: a safetensors file with a tensor `latents_FxHxW_TYPE`, or
/// `latents_HxW_TYPE`, and as metadata the architecture and the size of the picture before it was
/// resized. Whether values are raw or scaled depends on the architecture, which the file names without saying it;
/// files that this program writes state it.
///
/// - SeeAlso: musubi-tuner `src/musubi_tuner/dataset/cache_io.py`.
enum MusubiFile: SafetensorsDialect {
  static let traits = LatentFileTraits(
    identifier: "musubi", name: "musubi-tuner's .safetensors", fileExtension: "safetensors",
    isMeantByExtension: false, units: .unsettled, namesSize: true, namesArchitecture: true,
    keeps: [.size, .flipped])

  /// The version of the format that is written.
  private static let version = "1.0.1"

  /// The metadata that states the units, which musubi-tuner passes over.
  private static let unitsKey = "vaecodec_units"

  static func file(of contents: SafetensorsArrays) throws -> LatentFile? {
    let names = contents.arrays.keys.filter(isLatent).sorted()
    guard !names.isEmpty else { return nil }
    let arrays = names.compactMap { contents.arrays[$0] }
    let entries = try zip(names, arrays).enumerated().map { index, named in
      try entry(named.0, named.1, at: index)
    }
    let size = try originalSize(contents.metadata)
    let architecture = contents.metadata["architecture"] ?? "an unknown architecture"
    let units = contents.metadata[unitsKey].flatMap(Latent.Units.init)
    return LatentFile(
      format: .musubi, dialect: architecture.escapedForTerminal, units: units,
      statesUnits: units != nil,
      claims: SpaceClaim.claims(of: contents.metadata), entries: entries
    ) { entry, units in
      let flippedName = entry.key.replacing("latents_", with: "latents_flipped_")
      let flipped = try contents.arrays[flippedName].map { array in
        guard array.count == arrays[entry.index].count else {
          throw array.malformed("its shape is not that of the latent")
        }
        try array.checkElement()
        return try array.floats()
      }
      var latent = try entry.latent(
        arrays[entry.index].floats(), flipped: flipped, units: units)
      latent.cache = TrainingCache(originalSize: size)
      return latent
    }
  }

  /// Latents of control pictures are called otherwise.
  static func isLatent(_ name: String) -> Bool {
    // Models have thousands of tensors, and an expression is compiled for each.
    name.hasPrefix("latents_")
      && name.wholeMatch(of: /latents_([0-9]+x)?[0-9]+x[0-9]+_[a-z0-9_]+/) != nil
  }

  /// The entry of a tensor whose name has frames, height and width. It has one frame; where the axis
  /// of frames stands differs among the architectures, and with one frame it does not matter.
  private static func entry(
    _ name: String, _ array: StoredArray, at index: Int
  ) throws -> LatentFile.Entry {
    let size = name.split(separator: "_")[1].split(separator: "x").compactMap { Int($0) }
    let frames = size.count == 3 ? size[0] : 1
    guard frames == 1 else {
      throw array.malformed("a video of \(frames) frames, expected one picture")
    }
    try array.checkElement()
    let extents = array.shape.dropLast(2).filter { $0 != 1 } + size.suffix(2)
    guard array.shape.suffix(2) == size.suffix(2), extents.count <= 3,
      (3...5).contains(array.shape.count), array.count > 0
    else {
      throw array.malformed("its shape is \(array.shape.prefix(8)), which its name does not say")
    }
    return LatentFile.Entry(
      key: name, extents: extents.count == 3 ? extents : [1] + extents,
      elementType: array.elementName, index: index, name: name,
      hasFrames: array.shape.count == 5 || array.shape.count == 4 && array.shape[1] == 1)
  }

  private static func originalSize(_ metadata: [String: String]) throws -> [Int]? {
    guard let width = metadata["width"], let height = metadata["height"] else { return nil }
    let size = [width, height].compactMap { Int($0) }
    guard size.count == 2, size.allSatisfy({ (1...Int(Int32.max)).contains($0) }) else {
      throw ContainerError.malformed(
        section: "metadata `width`", offset: 8,
        reason: "'\(width.escapedForTerminal)' and '\(height.escapedForTerminal)' are no size")
    }
    return size
  }

  static func bytes(of latent: Latent, _ options: LatentFileOptions) throws -> [UInt8] {
    guard let architecture = options.architecture else {
      throw ContainerError.mustState("an architecture", format: traits.name)
    }
    let factor = latent.space?.spatialFactor ?? KohyaFile.spatialFactor
    let size =
      latent.cache?.originalSize ?? latent.picture.map { [$0.width, $0.height] }
      ?? [latent.width * factor, latent.height * factor]
    let layout = Layout(architecture)
    let array = layout == .plane ? try latent.packed() : latent
    let shape = [array.channels] + layout.frames + [array.height, array.width]
    let suffix =
      (layout == .plane ? "" : "1x") + "\(array.height)x\(array.width)_float32"
    var tensors = [
      SafetensorsWriter.Tensor(name: "latents_\(suffix)", shape: shape, values: array.values)
    ]
    if let flipped = array.flipped {
      tensors.append(.init(name: "latents_flipped_\(suffix)", shape: shape, values: flipped))
    }
    return SafetensorsWriter.bytes(
      tensors,
      metadata: [
        ("architecture", architecture), ("width", "\(size[0])"), ("height", "\(size[1])"),
        ("format_version", version), (unitsKey, latent.units.rawValue),
      ])
  }

  /// How an architecture's caches hold the latent of a picture.
  private enum Layout {
    /// `latents_HxW`, `[channels, height, width]`; scaled values are packed.
    case plane
    /// `latents_1xHxW`, `[channels, height, width]`.
    case namedFrame
    /// `latents_1xHxW`, `[channels, 1, height, width]`.
    case frame

    /// That of `architecture`, by the name that its caches' metadata has.
    init(_ architecture: String) {
      switch architecture {
      case let name where name.hasPrefix("flux_2"): self = .plane
      case "z_image", "flux_kontext": self = .namedFrame
      default: self = .frame
      }
    }

    /// The extents between the channels and the height.
    var frames: [Int] { self == .frame ? [1] : [] }
  }
}
