/// How picture files become latent files.
public struct EncodeSettings: Sendable {
  /// What the latents are to hold of the encoder's distribution.
  public var posterior: Latent.Posterior
  /// Stands behind the transparent parts.
  public var matte: Matte
  /// A latent.bin is of standard quality unless this says otherwise, and keeps every bit of moments.
  public var writing: LatentWriting
  /// Larger pictures are refused.
  public var maximumPixelCount: Int

  /// Settings; what is left out is as usual.
  public init(
    posterior: Latent.Posterior = .mean, matte: Matte = .white,
    writing: LatentWriting = LatentWriting(),
    maximumPixelCount: Int = Image.defaultMaximumPixelCount
  ) {
    self.posterior = posterior
    self.matte = matte
    self.writing = writing
    self.maximumPixelCount = maximumPixelCount
  }

  /// How exactly a latent.bin keeps the latent where `writing` does not say.
  var usualQuality: Quality { posterior == .moments ? .lossless : .standard }
}

/// A picture file that was encoded.
public struct EncodedFile: BatchResult {
  /// Of the picture, in pixels.
  public let width: Int
  /// Of the picture, in pixels.
  public let height: Int
  /// The latent.
  public let latent: Latent
  /// What refining the latent brought; nil where it was not refined.
  public let refined: RefinedLatent?
  /// The file that was written.
  public let file: WrittenLatent
  /// How long the parts of the work took.
  public let seconds: FileSeconds

  /// Bytes of the written file.
  public var byteCount: Int { file.byteCount }
  /// Bits of the latent's file for each pixel of the picture.
  public var bitsPerPixel: Double { Double(byteCount) * 8 / Double(width * height) }
}

extension Codec {
  /// Encodes picture files to latent files.
  ///
  /// - Parameters:
  ///   - batch: PNG or JPEG files and the latents' files; those without an output are encoded all the
  ///     same.
  ///   - settings: what is encoded of the pictures, and how latents are written.
  ///   - progress: called with the part of an item's encoding that is done, in 0...1; an error that it
  ///     throws is the item's failure.
  ///   - report: called with what became of each item.
  /// - Throws: as `Batch.run`.
  public func encode(
    _ batch: Batch, _ settings: EncodeSettings = EncodeSettings(),
    progress: @escaping @Sendable (Batch.Item, Double) throws -> Void = { _, _ in },
    report: (BatchEvent<EncodedFile>) throws -> Void
  ) throws -> BatchSummary {
    try batch.run(
      threads: resources.resolvedThreads, record: record(of: settings),
      { item, worker in
        try onThreads(worker.threads).encode(item, settings, batch.policy, worker) {
          try progress(item, $0)
        }
      },
      checkExisting: { item, output in
        try expectation(of: item, writtenTo: output, settings).check(output)
      }, report: report)
  }

  private func encode(
    _ item: Batch.Item, _ settings: EncodeSettings, _ policy: BatchPolicy, _ worker: BatchWorker,
    progress: @escaping ProgressHandler
  ) throws -> EncodedFile {
    let progress = worker.stopping(progress)
    var seconds = FileSeconds()
    let image = try seconds.measure(\.read) {
      try Image(contentsOf: item.input, maximumPixelCount: settings.maximumPixelCount)
    }
    let format = try settings.writing.format(of: item.output)
    let quality = format.hasQuality ? settings.writing.quality ?? settings.usualQuality : .lossless
    let (latent, refined) = try seconds.measure(\.encode) {
      guard let refinement = settings.posterior.refinement else {
        let latent = try encode(
          image, posterior: settings.posterior, matte: settings.matte, progress: progress)
        return (latent, RefinedLatent?.none)
      }
      let refined = try encode(
        image, refinedBy: refinement, keptAt: quality, matte: settings.matte, progress: progress)
      return (refined.latent, refined)
    }
    let file = try seconds.measure(\.write) {
      try settings.writing.write(
        latent, usualQuality: settings.usualQuality, to: item.output, replacing: policy.replaces,
        worker.output)
    }
    return EncodedFile(
      width: image.width, height: image.height, latent: latent, refined: refined, file: file,
      seconds: seconds)
  }

  private func record(of settings: EncodeSettings) -> RunRecord {
    RunRecord(
      command: "encode", model: model.name, fingerprint: encoderFingerprint,
      [
        "posterior": settings.posterior.words, "matte": settings.matte.hexadecimal,
        "space": "\(latentSpace)",
      ].merging(settings.writing.words(usualQuality: settings.usualQuality)) { $1 })
  }

  /// What is known of the latent of a picture before it is encoded.
  private func expectation(
    of item: Batch.Item, writtenTo output: String, _ settings: EncodeSettings
  ) throws -> LatentExpectation {
    let header = try Image.Header(contentsOf: item.input)
    let writing = settings.writing
    let format = try writing.format(of: output)
    return LatentExpectation(
      format: format, extents: latentShape(width: header.width, height: header.height),
      posterior: settings.posterior, units: writing.units ?? nativeUnits,
      quality: writing.quality ?? settings.usualQuality, space: latentSpace,
      encoderFingerprint: encoderFingerprint,
      picture: .init(
        width: header.width, height: header.height, bitDepth: header.bitDepth,
        appliedOrientation: header.orientation, matte: header.hasAlpha ? settings.matte : nil))
  }
}
