/// How latent files become previews.
public struct PreviewSettings: Sendable {
  /// How the latents are read.
  public var reading: LatentReading
  /// The space of latents whose files do not say it; nil for none.
  public var space: LatentSpace?
  /// Takes all latents for those of `space`, whatever their files say.
  public var overrulesSpace: Bool
  /// How the pictures are written.
  public var writing: PictureWriting

  /// Settings; what is left out is as usual.
  public init(
    reading: LatentReading = LatentReading(), space: LatentSpace? = nil,
    overrulesSpace: Bool = false, writing: PictureWriting = PictureWriting()
  ) {
    self.reading = reading
    self.space = space
    self.overrulesSpace = overrulesSpace
    self.writing = writing
  }
}

/// A latent file of which a preview was made.
public struct PreviewedFile: BatchResult, Sendable {
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
      opening: { try reading.open($0, of: self) }, { try preview($0, $1, reading, settings) },
      checkExisting: { _, output, opened in
        let image = try reading.latent(
          of: opened, in: settings.space, overruling: settings.overrulesSpace
        ).latent.preview().image
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

  private func preview(
    _ item: Item, _ opened: OpenedLatentFile, _ reading: LatentReading, _ settings: PreviewSettings
  ) throws -> PreviewedFile {
    var (stored, latent, seconds) = try reading.latent(
      of: opened, in: settings.space, overruling: settings.overrulesSpace)
    let (image, colors) = seconds.measure(\.decode) { latent.preview() }
    let byteCount = try seconds.measure(\.write) {
      try settings.writing.write(
        image, matte: .white, to: item.output, replacing: policy.replaces)
    }
    return PreviewedFile(
      stored: stored, latent: latent, image: image, colors: colors, byteCount: byteCount,
      seconds: seconds)
  }
}
