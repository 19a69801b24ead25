/// How latent files of one format become those of another.
public struct ConvertSettings: Sendable {
  /// What of a stored distribution is written.
  public enum Draw: Sendable, Equatable {
    /// All that the file holds.
    case everything
    case mean
    case sample(seed: UInt64)
  }

  public var reading: LatentReading
  /// The space of latents whose files do not say it; nil for none.
  public var space: LatentSpace?
  public var draw: Draw
  /// A latent.bin keeps every bit unless this says otherwise.
  public var writing: LatentWriting

  public init(
    reading: LatentReading = LatentReading(), space: LatentSpace? = nil, draw: Draw = .everything,
    writing: LatentWriting = LatentWriting()
  ) {
    self.reading = reading
    self.space = space
    self.draw = draw
    self.writing = writing
  }
}

/// A latent file that was converted.
public struct ConvertedFile: BatchResult, Sendable {
  public let stored: StoredLatent
  /// The latent that was written.
  public let latent: Latent
  public let file: WrittenLatent
  public let seconds: FileSeconds

  public var byteCount: Int { file.byteCount }
}

extension Batch {
  /// Converts latent files between the formats of different programs.
  ///
  /// - Parameter report: called with what became of each item.
  /// - Throws: as `run`.
  public func convert(
    _ settings: ConvertSettings = ConvertSettings(),
    report: (BatchEvent<ConvertedFile>) throws -> Void
  ) throws -> BatchSummary {
    try run(
      { try convert($0, settings) },
      checkExisting: { item, output in
        let latent = try converted(item, settings).latent
        let (bytes, file) = try settings.writing.encoded(
          latent, usualQuality: .preserving(latent), for: output)
        try LatentExpectation(
          decoding: bytes, file.format,
          extents: [latent.channels, latent.height, latent.width]
        ).check(output)
      }, report: report)
  }

  private func convert(_ item: Item, _ settings: ConvertSettings) throws -> ConvertedFile {
    var seconds = FileSeconds()
    let (stored, latent) = try seconds.measure(\.read) { try converted(item, settings) }
    let file = try seconds.measure(\.write) {
      try settings.writing.write(
        latent, usualQuality: .preserving(latent), to: item.output, replacing: policy.replaces)
    }
    return ConvertedFile(stored: stored, latent: latent, file: file, seconds: seconds)
  }

  /// What an item's file holds, and what is to be written of it.
  private func converted(
    _ item: Item, _ settings: ConvertSettings
  ) throws -> (stored: StoredLatent, latent: Latent) {
    let stored = try settings.reading.latent(at: item.input)
    let placed = try settings.space.map { try stored.latent.placed(in: $0) } ?? stored.latent
    switch settings.draw {
    case .everything: return (stored, placed)
    case .mean: return (stored, placed.withoutVariance)
    case .sample(let seed): return (stored, try placed.sampled(seed: seed))
    }
  }
}
