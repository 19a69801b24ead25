/// How latent files become previews.
public struct PreviewSettings: Sendable {
  /// How the latents are read.
  public var reading: LatentReading
  /// The space of latents whose files do not say it; nil for none.
  public var space: LatentSpace?
  /// Takes all latents for those of `space`, whatever their files say.
  public var overrulesSpace: Bool
  /// The longest side of the previews in pixels; nil for one pixel for each position of the latent.
  public var side: Int?
  /// Takes all latents of a file that holds several even where they do not go into a folder.
  public var takesAllLatents: Bool
  /// How the pictures are written.
  public var writing: PictureWriting

  /// Settings; what is left out is as usual.
  public init(
    reading: LatentReading = LatentReading(), space: LatentSpace? = nil,
    overrulesSpace: Bool = false, side: Int? = nil, takesAllLatents: Bool = false,
    writing: PictureWriting = PictureWriting()
  ) {
    self.reading = reading
    self.space = space
    self.overrulesSpace = overrulesSpace
    self.side = side
    self.takesAllLatents = takesAllLatents
    self.writing = writing
  }

  /// The preview of `latent` in the size that is wanted.
  func preview(of latent: Latent) -> (image: Image, source: Latent.PreviewSource) {
    let (image, source) = latent.preview()
    return (side.map { image.resized(longestSide: $0) } ?? image, source)
  }
}

/// A latent file of which a preview was made.
public struct PreviewedFile: BatchResult {
  /// The file that was read.
  public let stored: StoredLatent
  /// The latent that is shown, in the space that was named for it.
  public let latent: Latent
  /// The preview.
  public let image: Image
  /// Where the picture's colours come from.
  public let colors: Latent.PreviewSource
  /// Bytes of the picture's file; 0 where none was written.
  public let byteCount: Int
  /// How long the parts of the work took.
  public let seconds: FileSeconds
}

extension Batch {
  /// Makes small pictures of latents, without a network.
  ///
  /// - Parameters:
  ///   - settings: how the latents are read and the pictures written.
  ///   - report: called with what became of each item.
  /// - Throws: as `run`.
  public func preview(
    _ settings: PreviewSettings = PreviewSettings(),
    report: (BatchEvent<PreviewedFile>) throws -> Void
  ) throws -> BatchSummary {
    let reading = settings.reading.expecting(channels: settings.space?.channels)
    return try run(
      threads: Resources().resolvedThreads, record: record(of: settings),
      opening: {
        try reading.open($0, takingAll: folder != nil || settings.takesAllLatents)
      }, { try preview($0, reading, settings, $1) },
      checkExisting: { part, output in
        let latent = try reading.latent(
          of: part.opened, in: settings.space, overruling: settings.overrulesSpace
        ).latent
        let image = settings.preview(of: latent).image
        let format = try settings.writing.format(of: output)
        let found = try PictureExpectation(
          format, width: image.width, height: image.height, bitDepth: image.color.bitDepth,
          hasAlpha: image.alpha != nil
        ).check(output)
        guard format == .jpg || found == image else {
          throw BatchError.otherOutput(output, differences: ["it shows another latent"])
        }
      }, report: report)
  }

  private func record(of settings: PreviewSettings) -> RunRecord {
    RunRecord(
      command: "preview",
      settings.writing.words.merging(settings.reading.words) { $1 }.merging([
        "size": settings.side.map { "\($0)" } ?? "none",
        "space": settings.space.map { "\($0)" } ?? "none",
        "any-model": "\(settings.overrulesSpace)",
      ]) { $1 })
  }

  private func preview(
    _ part: BatchPart<OpenedLatentFile>, _ reading: LatentReading, _ settings: PreviewSettings,
    _ worker: BatchWorker
  ) throws -> PreviewedFile {
    var (stored, latent, seconds) = try reading.latent(
      of: part.opened, in: settings.space, overruling: settings.overrulesSpace)
    let (image, colors) = seconds.measure(\.decode) { settings.preview(of: latent) }
    let byteCount = try seconds.measure(\.write) {
      try settings.writing.write(
        image, matte: .white, to: part.item.output, replacing: policy.replaces, worker.output)
    }
    return PreviewedFile(
      stored: stored, latent: latent, image: image, colors: colors, byteCount: byteCount,
      seconds: seconds)
  }
}
