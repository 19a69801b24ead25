import VAE

/// Training caches of kohya's sd-scripts: .npz archives of raw latents, f32 `[channels, height, width]`,
/// of all generations; and those of other programs, by the names that latents usually have.
///
/// | since | members |
/// |---|---|
/// | December 2022 | `arr_0` |
/// | June 2023 | `latents`, `original_size`, `crop_left_top` |
/// | July 2023 | `latents`, `original_size`, `crop_ltrb`, `latents_flipped`, later `alpha_mask` |
/// | 2024, 2026 for Stable Diffusion | the same names with `_HxW`, the latent's size, after them |
///
/// A distribution is called `moments`: means, then log-variances, in one array of twice the channels.
///
/// - SeeAlso: sd-scripts `library/strategy_base.py`, `save_latents_to_disk`; MAR `main_cache.py`, for
///   `moments` and `moments_flip`.
enum KohyaFile: RecognizableLatentFile {
  static let traits = LatentFileTraits(
    identifier: "npz", name: "kohya's .npz", fileExtension: "npz", units: .fixed(.raw),
    holdsMoments: true, namesSize: true, keeps: [.size, .alpha, .flipped, .mask])

  /// Pixels of a side that one latent covers: the same for all models of sd-scripts.
  static let spatialFactor = 8

  static func recognises(_ beginning: [UInt8]) -> Bool {
    ZipArchive.recognises(beginning) && !PyTorchFile.recognises(beginning)
  }

  static func file(
    of bytes: [UInt8], maximumPixelCount: Int, among _: [LatentFileFormat]
  ) throws -> LatentFile {
    let archive = try ContainerError.wrapping { try ZipArchive(bytes) }
    let names = try latentNames(in: archive)
    let headers = try ContainerError.wrapping {
      try names.map { try KohyaReader.Header($0, in: archive) }
    }
    let entries = try zip(names, headers).flatMap { name, header in
      try self.entries(name, header)
    }
    // What holds many latents is unpacked once.
    let batches = try ContainerError.wrapping {
      try Dictionary(grouping: entries, by: \.name).filter { $0.value.count > 1 }
        .reduce(into: [:]) { $0[$1.key] = try KohyaReader.array($1.key, in: archive) }
    }
    return LatentFile(
      format: .npz, dialect: dialect(names, archive), units: .raw, entries: entries
    ) { entry, units in
      try ContainerError.wrapping {
        try KohyaReader(
          archive: archive, batches: batches, suffix: suffix(of: entry.name), entry: entry
        ).latent(units)
      }
    }
  }

  /// The members that hold latents, without their extension: those of the usual names, or the only one.
  private static func latentNames(in archive: ZipArchive) throws -> [String] {
    let all = archive.members.map(\.name).filter { $0.hasSuffix(".npy") }
      .map { String($0.dropLast(4)) }
    let named = all.filter { LatentArrayName.usual.contains($0) || !suffix(of: $0).isEmpty }
    guard named.isEmpty else { return named }
    guard all.count == 1, archive.members.count == 1 else {
      let reason =
        // PyTorch's archives have this member in a folder.
        archive.members.contains { $0.name.hasSuffix("/data.pkl") }
        ? "it is \(FileKind.pickle.weightsName ?? "a pickle")"
        : "no member `latents.npy`, only: "
          + (archive.members.isEmpty
            ? "nothing" : ContainerError.list(archive.members.map(\.name)))
      throw ContainerError.malformed(section: "ZIP archive", offset: 0, reason: reason)
    }
    return all
  }

  /// What stands after the names of the members that belong to the latent of a member.
  private static func suffix(of name: String) -> String {
    guard name.hasPrefix("latents_"), name.wholeMatch(of: /latents_[0-9]+x[0-9]+/) != nil else {
      return ""
    }
    return String(name.dropFirst(7))
  }

  private static func dialect(_ names: [String], _ archive: ZipArchive) -> String? {
    if names[0] == "arr_0" { return "sd-scripts of December 2022" }
    if !suffix(of: names[0]).isEmpty { return "sd-scripts with sizes in its keys" }
    guard names[0] == "latents" else { return nil }
    return archive.member("crop_left_top.npy") == nil
      ? "sd-scripts of July 2023" : "sd-scripts of June 2023"
  }

  /// What the header of a latent says, without unpacking its values.
  private static func entries(
    _ name: String, _ header: KohyaReader.Header
  ) throws -> [LatentFile.Entry] {
    let entries = try LatentFile.Entry.entries(
      shape: header.shape, elementType: header.elementType, key: name,
      malformed: header.malformed)
    let size = "_\(entries[0].extents[1])x\(entries[0].extents[2])"
    guard suffix(of: name).isEmpty || suffix(of: name) == size else {
      throw header.malformed("the latent is \(size.dropFirst())")
    }
    return entries
  }

  static func bytes(of latent: Latent, _ options: LatentFileOptions) throws -> [UInt8] {
    if let space = latent.space, space.spatialFactor != spatialFactor {
      throw ContainerError.cannotHold(
        "a spatial factor of \(space.spatialFactor)", format: traits.name)
    }
    let (values, channels) = latent.joinedMoments
    let shape = [channels, latent.height, latent.width]
    // What every generation of the program reads: for four channels, that is Stable Diffusion and
    // SDXL, names without a size.
    let holdsMoments = latent.logVariance != nil
    let suffix =
      latent.channels == 4 || holdsMoments ? "" : "_\(latent.height)x\(latent.width)"
    let (originalSize, crop) = placement(of: latent)
    var members = [
      (holdsMoments ? "moments" : "latents", NumpyFile.bytes(of: values, shape: shape)),
      ("original_size", NumpyFile.bytes(of: originalSize)),
      ("crop_ltrb", NumpyFile.bytes(of: crop)),
    ]
    if let flipped = latent.flipped, !holdsMoments {
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
