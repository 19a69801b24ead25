import VAE

/// Training caches of kohya's sd-scripts: .npz archives of raw latents, f32 `[channels, height, width]`,
/// of all generations.
///
/// | since | members |
/// |---|---|
/// | December 2022 | `arr_0` |
/// | June 2023 | `latents`, `original_size`, `crop_left_top` |
/// | July 2023 | `latents`, `original_size`, `crop_ltrb`, `latents_flipped`, later `alpha_mask` |
/// | 2024, 2026 for Stable Diffusion | the same names with `_HxW`, the latent's size, after them |
///
/// - SeeAlso: sd-scripts `library/strategy_base.py`, `save_latents_to_disk`.
enum KohyaFile: RecognizableLatentFile {
  static let traits = LatentFileTraits(
    identifier: "npz", name: "kohya's .npz", fileExtension: "npz", units: .fixed(.raw),
    namesSize: true, keeps: [.size, .alpha, .flipped, .mask])

  /// Pixels of a side that one latent covers: the same for all models of sd-scripts.
  static let spatialFactor = 8

  /// The members of one latent.
  private struct Key {
    /// What `--key` calls it.
    let name: String
    /// What stands after the names of its members.
    let suffix: String
  }

  static func recognises(_ beginning: [UInt8]) -> Bool {
    ZipArchive.recognises(beginning) && !PyTorchFile.recognises(beginning)
  }

  static func file(
    of bytes: [UInt8], maximumPixelCount: Int, among _: [LatentFileFormat]
  ) throws -> LatentFile {
    let archive = try ContainerError.wrapping { try ZipArchive(bytes) }
    let keys = archive.members.compactMap { key(of: $0.name) }
    guard !keys.isEmpty else {
      let names = ContainerError.list(archive.members.map(\.name))
      throw ContainerError.malformed(
        section: "ZIP archive", offset: 0,
        reason: "no member `latents.npy`, only: \(names.isEmpty ? "nothing" : names)")
    }
    let entries = try ContainerError.wrapping {
      try keys.enumerated().map { index, key in try entry(key, at: index, in: archive) }
    }
    return LatentFile(
      format: .npz, dialect: dialect(keys, archive), units: .raw, entries: entries
    ) { entry, units in
      try ContainerError.wrapping {
        try KohyaReader(archive: archive, suffix: keys[entry.index].suffix, entry: entry)
          .latent(units)
      }
    }
  }

  /// The key of the latent that a member holds; nil for a member that is none.
  private static func key(of member: String) -> Key? {
    guard member.hasSuffix(".npy") else { return nil }
    let name = String(member.dropLast(4))
    if name == "arr_0" || name == "latents" { return Key(name: name, suffix: "") }
    guard name.hasPrefix("latents_"), name.wholeMatch(of: /latents_[0-9]+x[0-9]+/) != nil else {
      return nil
    }
    return Key(name: name, suffix: String(name.dropFirst(7)))
  }

  private static func dialect(_ keys: [Key], _ archive: ZipArchive) -> String {
    if keys[0].name == "arr_0" { return "sd-scripts of December 2022" }
    if !keys[0].suffix.isEmpty { return "sd-scripts with sizes in its keys" }
    return archive.member("crop_left_top.npy") == nil
      ? "sd-scripts of July 2023" : "sd-scripts of June 2023"
  }

  /// What the header of a latent says, without unpacking its values.
  private static func entry(
    _ key: Key, at index: Int, in archive: ZipArchive
  ) throws -> LatentFile.Entry {
    let array = try KohyaReader.Header(key.name, in: archive)
    let extents =
      array.shape.count == 4 && array.shape[0] == 1
      ? Array(array.shape.dropFirst()) : array.shape
    guard extents.count == 3, extents.allSatisfy({ $0 > 0 }) else {
      throw array.malformed(
        "an array of shape \(array.shape.prefix(8)) is no latent, expected [channels, height, width]"
      )
    }
    guard key.suffix.isEmpty || key.suffix == "_\(extents[1])x\(extents[2])" else {
      throw array.malformed("the latent is \(extents[1])x\(extents[2])")
    }
    return LatentFile.Entry(
      key: key.name, extents: extents, elementType: array.elementType, index: index)
  }

  static func bytes(of latent: Latent, _ options: LatentFileOptions) throws -> [UInt8] {
    if let space = latent.space, space.spatialFactor != spatialFactor {
      throw ContainerError.cannotHold(
        "a spatial factor of \(space.spatialFactor)", format: traits.name)
    }
    let shape = [latent.channels, latent.height, latent.width]
    // What every generation of the program reads: for four channels, that is Stable Diffusion and
    // SDXL, names without a size.
    let suffix = latent.channels == 4 ? "" : "_\(latent.height)x\(latent.width)"
    let (originalSize, crop) = placement(of: latent)
    var members = [
      ("latents", NumpyFile.bytes(of: latent.values, shape: shape)),
      ("original_size", NumpyFile.bytes(of: originalSize)),
      ("crop_ltrb", NumpyFile.bytes(of: crop)),
    ]
    if let flipped = latent.flipped {
      members.append(("latents_flipped", NumpyFile.bytes(of: flipped, shape: shape)))
    }
    if let mask = latent.alphaMask(factor: spatialFactor) {
      let maskShape = [latent.height * spatialFactor, latent.width * spatialFactor]
      guard mask.count == maskShape[0] * maskShape[1] else {
        throw ContainerError.cannotHold(
          "a mask of \(mask.count) values", format: traits.name)
      }
      members.append(("alpha_mask", NumpyFile.bytes(of: mask, shape: maskShape)))
    }
    do {
      return try ZipWriter.bytes(members.map { ("\($0.0)\(suffix).npy", $0.1) })
    } catch ArchiveError.tooLong {
      throw ContainerError.cannotHold("more than 4 GB", format: traits.name)
    }
  }

  /// The picture's size before anything was done to it, and where it lies in the pixels that the
  /// latent covers: left, top, right, bottom.
  private static func placement(of latent: Latent) -> (originalSize: [Int], crop: [Double]) {
    let covered = [latent.width * spatialFactor, latent.height * spatialFactor]
    let size = latent.picture.map { [$0.width, $0.height] } ?? covered
    let originalSize = latent.cache?.originalSize ?? size
    switch latent.cache?.crop {
    case .some(let crop) where crop.count == 4: return (originalSize, crop)
    case .some(let crop) where crop.count == 2:
      // A cache that kept the corner alone; what was cropped is as large as what the latent covers.
      return (originalSize, crop + [crop[0] + Double(covered[0]), crop[1] + Double(covered[1])])
    default: return (originalSize, [0, 0, Double(size[0]), Double(size[1])])
    }
  }
}

extension Latent {
  /// The opacity in 0...1 of every pixel that the latent covers, the picture's last column and row
  /// repeated as in the picture that was encoded; nil where all is opaque.
  fileprivate func alphaMask(factor: Int) -> [Float]? {
    if let mask = cache?.alphaMask { return mask }
    guard let picture, let alpha = picture.alpha else { return nil }
    let unit: [Float]
    switch alpha {
    case .bits8(let samples): unit = samples.map { Float($0) / 255 }
    case .bits16(let samples): unit = samples.map { Float($0) / 65535 }
    }
    return (0..<height * factor).flatMap { y in
      (0..<width * factor).map { x in
        unit[min(y, picture.height - 1) * picture.width + min(x, picture.width - 1)]
      }
    }
  }
}
