import VAE

/// latent.bin as one of the formats that latents are read from and written to.
enum BinFile: RecognizableLatentFile {
  static let traits = LatentFileTraits(
    identifier: "bin", name: "latent.bin", fileExtension: "bin", units: .stated,
    holdsMoments: true, namesPosterior: true, hasQuality: true, namesSpatialFactor: true,
    keeps: [.size, .alpha, .matte, .profile])

  static func recognises(_ beginning: [UInt8]) -> Bool { FileKind.latentBin.matches(beginning) }

  static func file(
    of bytes: [UInt8], maximumPixelCount: Int, among _: [LatentFileFormat]
  ) throws -> LatentFile {
    let (latent, quality) = try LatentReader.latent(
      in: bytes, maximumPixelCount: maximumPixelCount)
    let entry = LatentFile.Entry(
      key: "", extents: [latent.channels, latent.height, latent.width], elementType: nil, index: 0)
    return LatentFile(
      format: .bin, dialect: "version \(LatentFormat.version)", units: latent.units,
      statesUnits: true, quality: quality, statesSpace: true, entries: [entry]
    ) { _, _ in latent }
  }

  static func bytes(of latent: Latent, _ options: LatentFileOptions) throws -> [UInt8] {
    try latent.serialized(quality: options.quality)
  }
}
