/// How picture files are encoded and decoded again.
public struct RoundTripSettings: Sendable {
  /// Draws a sample with the seed instead of taking the mean.
  public var sampleSeed: UInt64?
  /// Refines the mean against the decoder; goes with no seed.
  public var refinement: Latent.Refinement?
  /// How exactly the latent is kept in between.
  public var quality: Quality
  /// Stands behind the transparent parts.
  public var matte: Matte
  /// How the decoded pictures are written.
  public var writing: PictureWriting
  /// Larger pictures are refused.
  public var maximumPixelCount: Int

  /// Settings; what is left out is as usual.
  public init(
    sampleSeed: UInt64? = nil, refinement: Latent.Refinement? = nil, quality: Quality = .standard,
    matte: Matte = .white,
    writing: PictureWriting = PictureWriting(),
    maximumPixelCount: Int = Image.defaultMaximumPixelCount
  ) {
    self.sampleSeed = sampleSeed
    self.refinement = refinement
    self.quality = quality
    self.matte = matte
    self.writing = writing
    self.maximumPixelCount = maximumPixelCount
  }
}

/// A picture file that was encoded and decoded again.
public struct RoundTrippedFile: BatchResult {
  /// The picture that was encoded.
  public let reference: Image
  /// What came of it.
  public let result: RoundTrip
  /// How long the parts of the work took.
  public let seconds: FileSeconds

  /// Bytes of the latent.bin.
  public var byteCount: Int { result.byteCount }
  /// How far the decoded picture is from the first.
  public var comparison: Comparison? { result.comparison }
  /// Bits of the latent.bin for each pixel.
  public var comparedBitsPerPixel: Double? { result.bitsPerPixel }
}

extension Codec {
  /// Encodes picture files, decodes them again in memory and measures what was lost; the summary has
  /// the means.
  ///
  /// To let pictures fail that lose too much, throw in `report` for what is done, as
  /// `QualityBounds.check` does.
  ///
  /// - Parameters:
  ///   - batch: PNG or JPEG files; the decoded pictures are written to the outputs that it names.
  ///   - settings: how the pictures are encoded and written.
  ///   - progress: called with the part of an item's work that is done, in 0...1; an error that it
  ///     throws is the item's failure.
  ///   - report: called with what became of each item.
  /// - Throws: as `Batch.run`.
  public func roundTrip(
    _ batch: Batch, _ settings: RoundTripSettings = RoundTripSettings(),
    progress: @escaping @Sendable (Batch.Item, Double) throws -> Void = { _, _ in },
    report: (BatchEvent<RoundTrippedFile>) throws -> Void
  ) throws -> BatchSummary {
    try batch.run(
      threads: resources.resolvedThreads, record: nil,
      { item, worker in
        try onThreads(worker.threads).roundTrip(item, settings, batch.policy, worker) {
          try progress(item, $0)
        }
      },
      // What was lost is measured anew, whatever is there.
      checkExisting: { _, output in throw FileError.exists(path: output) }, report: report)
  }

  private func roundTrip(
    _ item: Batch.Item, _ settings: RoundTripSettings, _ policy: BatchPolicy,
    _ worker: BatchWorker, progress: @escaping ProgressHandler
  ) throws -> RoundTrippedFile {
    let progress = worker.stopping(progress)
    var seconds = FileSeconds()
    let image = try seconds.measure(\.read) {
      try Image(contentsOf: item.input, maximumPixelCount: settings.maximumPixelCount)
    }
    let result = try roundTrip(
      image, sampleSeed: settings.sampleSeed, refinement: settings.refinement,
      quality: settings.quality, matte: settings.matte, progress: progress)
    seconds.encode = result.seconds.encode
    seconds.decode = result.seconds.decode
    if let output = item.output {
      try seconds.measure(\.write) {
        _ = try settings.writing.write(
          result.picture, matte: settings.matte, to: output, replacing: policy.replaces,
          worker.output)
      }
    }
    return RoundTrippedFile(reference: image, result: result, seconds: seconds)
  }
}
