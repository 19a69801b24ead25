/// How latent files become picture files.
public struct DecodeSettings: Sendable {
  /// How the latents are read; of no larger pictures than this allows.
  public var reading: LatentReading
  /// Draws a sample of a latent that holds moments; nil for the mean.
  public var sampleSeed: UInt64?
  /// Decodes latents of another space than the model's, as `Codec.decode` does.
  public var ignoresSpace: Bool
  /// How the pictures are written.
  public var writing: PictureWriting

  /// Settings; what is left out is as usual.
  public init(
    reading: LatentReading = LatentReading(), sampleSeed: UInt64? = nil,
    ignoresSpace: Bool = false, writing: PictureWriting = PictureWriting()
  ) {
    self.reading = reading
    self.sampleSeed = sampleSeed
    self.ignoresSpace = ignoresSpace
    self.writing = writing
  }
}

/// A latent file that was decoded.
public struct DecodedFile: BatchResult {
  /// The file that was read.
  public let stored: StoredLatent
  /// The latent that was decoded: the stored one, or a sample of it.
  public let latent: Latent
  /// The picture.
  public let image: Image
  /// Bytes of the picture's file; 0 where none was written.
  public let byteCount: Int
  /// How long the parts of the work took.
  public let seconds: FileSeconds

  /// Bits of the latent's file for each pixel of the picture.
  public var bitsPerPixel: Double {
    Double(stored.byteCount) * 8 / Double(image.width * image.height)
  }
}

extension Codec {
  /// Decodes latent files to picture files.
  ///
  /// - Parameters:
  ///   - batch: latent files of any format and the pictures' files; those without an output are
  ///     decoded all the same.
  ///   - settings: how the latents are read and the pictures written.
  ///   - progress: called with the part of an item's decoding that is done, in 0...1; an error that it
  ///     throws is the item's failure.
  ///   - report: called with what became of each item.
  /// - Throws: as `Batch.run`.
  public func decode(
    _ batch: Batch, _ settings: DecodeSettings = DecodeSettings(),
    progress: @escaping @Sendable (Batch.Item, Double) throws -> Void = { _, _ in },
    report: (BatchEvent<DecodedFile>) throws -> Void
  ) throws -> BatchSummary {
    let reading = settings.reading.expecting(channels: latentSpace.channels)
    return try batch.run(
      threads: resources.resolvedThreads, record: record(of: settings),
      opening: { try reading.open($0, takingAll: batch.folder != nil) },
      { part, worker in
        try onThreads(worker.threads).decode(part, reading, settings, batch.policy, worker) {
          try progress(part.item, $0)
        }
      },
      checkExisting: { part, output in
        try expectation(of: part.opened, writtenTo: output, reading, settings).check(output)
      }, report: report)
  }

  /// The latent of an opened file, which must not be one that another model decodes.
  func latent(
    of opened: OpenedLatentFile, _ reading: LatentReading, ignoringSpace: Bool
  ) throws -> (StoredLatent, FileSeconds) {
    try reading.latent(of: opened) { evidence in
      if !ignoringSpace { try checkReadable(evidence.space, evidence) }
    }
  }

  private func decode(
    _ part: BatchPart<OpenedLatentFile>, _ reading: LatentReading, _ settings: DecodeSettings,
    _ policy: BatchPolicy, _ worker: BatchWorker, progress: @escaping ProgressHandler
  ) throws -> DecodedFile {
    let progress = worker.stopping(progress)
    var (stored, seconds) = try latent(
      of: part.opened, reading, ignoringSpace: settings.ignoresSpace)
    let decoded =
      try settings.sampleSeed.map { try stored.latent.sampled(seed: $0) } ?? stored.latent
    let image = try seconds.measure(\.decode) {
      try decode(
        decoded, ignoringSpace: settings.ignoresSpace,
        maximumPixelCount: settings.reading.maximumPixelCount, progress: progress)
    }
    let byteCount = try seconds.measure(\.write) {
      try settings.writing.write(
        image, matte: decoded.picture?.matte ?? .white, to: part.item.output,
        replacing: policy.replaces, worker.output)
    }
    return DecodedFile(
      stored: stored, latent: decoded, image: image, byteCount: byteCount, seconds: seconds)
  }

  private func record(of settings: DecodeSettings) -> RunRecord {
    RunRecord(
      command: "decode", model: model.name, fingerprint: decoderFingerprint,
      settings.writing.words.merging(settings.reading.words) { $1 }.merging([
        "seed": settings.sampleSeed.map { "\($0)" } ?? "none",
        "any-model": "\(settings.ignoresSpace)", "space": "\(latentSpace)",
      ]) { $1 })
  }

  /// What is known of the picture of a latent before it is decoded.
  private func expectation(
    of opened: OpenedLatentFile, writtenTo output: String, _ reading: LatentReading,
    _ settings: DecodeSettings
  ) throws -> PictureExpectation {
    let stored = try latent(of: opened, reading, ignoringSpace: settings.ignoresSpace).0
    let latent = try readable(
      stored.latent, ignoringSpace: settings.ignoresSpace,
      maximumPixelCount: settings.reading.maximumPixelCount)
    let picture = picture(of: latent)
    return PictureExpectation(
      try settings.writing.format(of: output), width: picture.width, height: picture.height,
      bitDepth: picture.bitDepth, hasAlpha: picture.alpha != nil)
  }
}
