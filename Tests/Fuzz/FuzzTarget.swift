import VAE
import VAECodec

/// The parsers that libFuzzer is let loose on.
///
/// A parser may refuse anything in any words; it may not crash, hang or take memory without bounds.
enum FuzzTarget: String, CaseIterable {
  /// latent.bin, whose checksums are made right so that what they guard is reached.
  case latent
  /// The latent files of other programs, arrays of NumPy and zip archives of them among them.
  case interchange
  /// The header of a .safetensors file.
  case safetensors
  /// What `torch.save` writes: whole files, and what stands in their place as a pickle alone.
  case pickle
  /// PNG and JPEG.
  case picture
  /// Tar archives, whose headers' checksums are made right so that what they guard is reached.
  case tar
  /// Shards of mosaicml-streaming, and the index of a set of them.
  case mds

  /// Pictures of more pixels are refused.
  private static let maximumPixelCount = 1 << 16

  /// Parses `bytes`, uses what they hold and forgets it.
  func parse(_ bytes: [UInt8]) {
    switch self {
    case .latent:
      let latent = try? Latent(
        decoding: ChecksumRepair.repaired(bytes), maximumPixelCount: Self.maximumPixelCount)
      if let latent { Self.use(latent) }
    case .interchange: Self.parseInterchange(bytes)
    case .safetensors:
      MappedFile.reading(bytes) { _ = try? SafetensorsFile($0) }
    case .pickle: Self.parsePickle(bytes)
    case .picture:
      _ = try? Image(decoding: bytes, maximumPixelCount: Self.maximumPixelCount)
    case .tar: Self.parseTar(ChecksumRepair.repairedArchive(bytes))
    case .mds: Self.parseMDS(bytes)
    }
  }

  /// Values of a latent that is written in every format: large ones show no more and take long.
  private static let largestUse = 1 << 9

  /// Shows what was read, and writes it in every format, as exactly as can be and coarsely.
  private static func use(_ latent: Latent) {
    _ = latent.preview()
    guard latent.values.count <= largestUse else { return }
    let latent = (try? latent.placed(in: LatentSpace(.sd))) ?? latent
    for format in LatentFileFormat.all {
      let options = LatentFileOptions(architecture: "flux_2_dev")
      _ = try? latent.encoded(as: format, options)
    }
    for quality in [Quality.lossless, 100] { _ = try? latent.serialized(quality: quality) }
  }

  /// Most changes of an archive are caught by the checksum of its pickle, so what is no archive is run as
  /// one that has it.
  private static func parsePickle(_ bytes: [UInt8]) {
    let isArchive = PyTorchFile.recognises(bytes) && bytes.first != 0x80
    let archive = isArchive ? bytes : PickledArchive.bytes(pickle: bytes)
    MappedFile.reading(archive) { mapped in
      guard let file = try? PyTorchFile(mapped) else { return }
      for entry in file.entries.values { _ = entry.elements(in: file.file) }
    }
    if let latent = try? Latent(decoding: archive, maximumPixelCount: maximumPixelCount) {
      use(latent)
    }
  }

  private static func parseTar(_ bytes: [UInt8]) {
    guard let samples = (try? TarReader(decoding: bytes)).map(WebDatasetSamples.init) else {
      return
    }
    while let sample = try? samples.next() { _ = try? sample.picture() }
  }

  /// Samples of a shard that are read: more show nothing more.
  private static let samplesOfShard = 16

  private static func parseMDS(_ bytes: [UInt8]) {
    if let index = try? MDSIndex(decoding: bytes) { _ = index.encoded() }
    guard let shard = try? MDSShard(decoding: bytes) else { return }
    for number in 0..<min(shard.sampleCount, samplesOfShard) {
      guard let sample = try? shard.sample(at: number) else { continue }
      for column in sample.columns { _ = try? sample.value(column.name) }
    }
  }

  private static func parseInterchange(_ bytes: [UInt8]) {
    guard let file = try? LatentFile(decoding: bytes, maximumPixelCount: maximumPixelCount) else {
      return
    }
    for entry in file.entries {
      guard let latent = try? file.latent(key: entry.key, units: .raw) else { continue }
      use(latent)
    }
  }
}
