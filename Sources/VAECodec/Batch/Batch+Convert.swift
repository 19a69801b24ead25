/// How latent files of one format become those of another.
public struct ConvertSettings: Sendable {
  /// What of a stored distribution is written.
  public enum Draw: Sendable, Equatable {
    /// All that the file holds.
    case everything
    /// The mean alone.
    case mean
    /// A sample of the distribution, drawn with the seed.
    case sample(seed: UInt64)
  }

  /// How the latents are read.
  public var reading: LatentReading
  /// The space of latents whose files do not say it; nil for none.
  public var space: LatentSpace?
  /// Takes all latents for those of `space`, whatever their files say.
  public var overrulesSpace: Bool
  /// What of a stored distribution is written.
  public var draw: Draw
  /// A latent.bin keeps every bit unless this says otherwise.
  public var writing: LatentWriting

  /// Settings; what is left out is as usual.
  public init(
    reading: LatentReading = LatentReading(), space: LatentSpace? = nil,
    overrulesSpace: Bool = false, draw: Draw = .everything,
    writing: LatentWriting = LatentWriting()
  ) {
    self.reading = reading
    self.space = space
    self.overrulesSpace = overrulesSpace
    self.draw = draw
    self.writing = writing
  }
}

/// A latent file that was converted.
public struct ConvertedFile: BatchResult {
  /// The file that was read.
  public let stored: StoredLatent
  /// The latent that was written.
  public let latent: Latent
  /// The file that was written.
  public let file: WrittenLatent
  /// How long the parts of the work took.
  public let seconds: FileSeconds

  /// Bytes of the written file.
  public var byteCount: Int { file.byteCount }
}

extension Batch {
  /// Converts latent files between the formats of different programs.
  ///
  /// - Parameters:
  ///   - settings: what is converted, and how.
  ///   - report: called with what became of each item.
  /// - Throws: as `run`.
  public func convert(
    _ settings: ConvertSettings = ConvertSettings(),
    report: (BatchEvent<ConvertedFile>) throws -> Void
  ) throws -> BatchSummary {
    let reading = settings.reading.expecting(channels: settings.space?.channels)
    return try run(
      threads: Resources().resolvedThreads, record: record(of: settings),
      opening: { try reading.open($0, takingAll: folder != nil) },
      { try convert($0, reading, settings, $1) },
      checkExisting: { part, output in
        let latent = try read(part.opened, reading, settings).latent
        let (bytes, file) = try settings.writing.encoded(
          latent, usualQuality: .preserving(latent), for: output)
        try LatentExpectation(
          decoding: bytes, file.format,
          extents: [latent.channels, latent.height, latent.width]
        ).check(output)
      }, report: report)
  }

  private func convert(
    _ part: BatchPart<OpenedLatentFile>, _ reading: LatentReading, _ settings: ConvertSettings,
    _ worker: BatchWorker
  ) throws -> ConvertedFile {
    var (stored, latent, seconds) = try read(part.opened, reading, settings)
    let file = try seconds.measure(\.write) {
      try settings.writing.write(
        latent, usualQuality: .preserving(latent), to: part.item.output,
        replacing: policy.replaces, worker.output)
    }
    return ConvertedFile(stored: stored, latent: latent, file: file, seconds: seconds)
  }

  private func record(of settings: ConvertSettings) -> RunRecord {
    RunRecord(
      command: "convert",
      settings.writing.words(usualQuality: nil).merging(settings.reading.words) { $1 }.merging([
        "draw": "\(settings.draw)", "space": settings.space.map { "\($0)" } ?? "none",
        "any-model": "\(settings.overrulesSpace)",
      ]) { $1 })
  }

  /// The latent in an opened file, and what is to be written of it.
  private func read(
    _ opened: OpenedLatentFile, _ reading: LatentReading, _ settings: ConvertSettings
  ) throws -> (stored: StoredLatent, latent: Latent, seconds: FileSeconds) {
    let (stored, placed, seconds) = try reading.latent(
      of: opened, in: settings.space, overruling: settings.overrulesSpace)
    let latent =
      switch settings.draw {
      case .everything: placed
      case .mean: placed.withoutVariance
      case .sample(let seed): try placed.sampled(seed: seed)
      }
    return (stored, latent, seconds)
  }
}
