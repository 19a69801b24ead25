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
enum ComfyUIFile: SafetensorsDialect {
  static let traits = LatentFileTraits(
    identifier: "latent", name: "ComfyUI's .latent", fileExtension: "latent",
    units: .rawUnlessPacked, keeps: [.size])

  private static let tensorName = "latent_tensor"
  private static let versionName = "latent_format_version_0"

  static func isLatent(_ tensorName: String) -> Bool { tensorName == Self.tensorName }

  static func file(of contents: SafetensorsArrays) throws -> LatentFile? {
    guard let array = contents.arrays[tensorName] else { return nil }
    let entries = try LatentFile.Entry.entries(of: array, key: tensorName)
    let metadata = try LatentMetadata(
      contents.metadata, extents: entries[0].extents, hasLogVariance: false)
    let isRaw = contents.arrays[versionName] != nil
    // The earliest files are made raw as they are read.
    return LatentFile(
      format: .comfyUI, dialect: isRaw ? "since June 2023" : "May and June 2023",
      units: metadata?.units ?? (isRaw ? usualUnits(entries[0].extents[0]) : .raw),
      statesUnits: metadata != nil || !isRaw, claims: SpaceClaim.claims(of: contents.metadata),
      statesSpace: metadata?.space != nil,
      entries: entries
    ) { entry, units in
      let values = try entry.values(of: array)
      let latent = try entry.latent(
        isRaw ? values : values.map { $0 * legacyFactor }, units: units)
      return try metadata?.described(latent) ?? latent
    }
  }

  /// The units of a file of so many channels that states none.
  private static func usualUnits(_ channels: Int) -> Latent.Units {
    channels == LatentSpace(.flux2).packedChannels ? .scaled : .raw
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
