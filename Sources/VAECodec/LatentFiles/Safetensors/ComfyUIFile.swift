import VAE

/// Latents of ComfyUI (.latent): a safetensors file with a tensor `latent_tensor`, f32
/// `[1, channels, height, width]`, raw where an empty tensor `latent_format_version_0` stands beside it.
///
/// Of FLUX.2, ComfyUI counts the normalisation and the packing to the VAE: its latents are scaled, of 128
/// channels.
///
/// The files of May and June 2023 lack that tensor. They hold scaled latents of Stable Diffusion 1, the
/// only ones there were. ComfyUI ignores the metadata, in which the picture's size and the space are kept.
///
/// - SeeAlso: ComfyUI `nodes.py`, SaveLatent and LoadLatent.
enum ComfyUIFile: LatentFileCoding {
  static let traits = LatentFileTraits(
    name: "ComfyUI's .latent", units: .rawUnlessPacked, keeps: [.size])

  /// The tensor that holds the latent.
  static let tensorName = "latent_tensor"
  private static let versionName = "latent_format_version_0"

  /// The file that `contents` are of; nil if it is none of ComfyUI's.
  ///
  /// - Throws: `ContainerError`.
  static func file(of contents: SafetensorsArrays) throws -> LatentFile? {
    guard let array = contents.arrays[tensorName] else { return nil }
    let entries = try LatentFile.Entry.entries(of: array, key: tensorName)
    let metadata = try LatentMetadata(
      contents.metadata, extents: entries[0].extents, hasLogVariance: false)
    let isRaw = contents.arrays[versionName] != nil
    return LatentFile(
      format: .comfyUI, dialect: isRaw ? "since June 2023" : "May and June 2023",
      units: units(metadata, isRaw: isRaw, channels: entries[0].extents[0]), entries: entries
    ) { entry, convention in
      let values = try entry.values(of: array)
      let latent = Latent(
        values: isRaw ? values : values.map { $0 * legacyFactor }, extents: entry.extents,
        convention: convention, metadata: metadata)
      return latent.unpacked(patchSize: metadata?.patchSize ?? 1)
    }
  }

  /// The units of a file of so many channels.
  private static func units(
    _ metadata: LatentMetadata?, isRaw: Bool, channels: Int
  ) -> LatentFile.Units {
    if let metadata { return .stated(metadata.convention) }
    guard isRaw else { return .stated(.raw) }
    return .customary(channels == LatentSpace(.flux2).packedChannels ? .scaled : .raw)
  }

  /// Makes the values of the earliest files raw, as ComfyUI does.
  private static let legacyFactor = Float(1 / 0.18215)

  static func bytes(of latent: Latent, _ options: LatentFileOptions) throws -> [UInt8] {
    let isDescribed = latent.space != nil || latent.picture != nil
    let array = try latent.packed()
    return SafetensorsWriter.bytes(
      [
        .init(name: versionName, shape: [0], values: []),
        .init(
          name: tensorName, shape: [1, array.channels, array.height, array.width],
          values: array.values),
      ], metadata: isDescribed ? LatentMetadata.strings(of: latent) : [])
  }
}

extension Latent {
  /// A latent of `extents`, channels, height and width, with what is known of it from `metadata`.
  init(
    values: [Float], logVariance: [Float]? = nil, extents: [Int], convention: Convention,
    metadata: LatentMetadata?
  ) {
    self.init(
      channels: extents[0], height: extents[1], width: extents[2], values: values,
      logVariance: logVariance, convention: convention,
      posterior: metadata?.posterior ?? (logVariance == nil ? .unknown : .moments),
      space: metadata?.space, encoderFingerprint: metadata?.encoderFingerprint,
      picture: metadata?.picture)
  }
}
