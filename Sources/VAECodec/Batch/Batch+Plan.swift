/// What an item of a batch would take.
public struct PlannedFile: BatchResult {
  /// Of the picture, in pixels.
  public let width: Int
  /// Of the picture, in pixels.
  public let height: Int
  /// What a run would take.
  public let plan: RunPlan

  /// 0: nothing is written.
  public var byteCount: Int { 0 }
}

extension Codec {
  /// What `encode` would take of memory and time; nothing is encoded or written.
  ///
  /// - Parameters:
  ///   - batch: the pictures.
  ///   - settings: as for `encode`.
  ///   - report: called with what became of each item.
  /// - Throws: as `Batch.run`.
  public func planEncoding(
    _ batch: Batch, _ settings: EncodeSettings = EncodeSettings(),
    report: (BatchEvent<PlannedFile>) throws -> Void
  ) throws -> BatchSummary {
    try batch.withoutOutputs.run(
      threads: 1, record: nil,
      { item, _ in
        let image = try Image(
          contentsOf: item.input, maximumPixelCount: settings.maximumPixelCount)
        return PlannedFile(
          width: image.width, height: image.height,
          plan: try plan(
            encodingWidth: image.width, height: image.height,
            refinement: settings.posterior.refinement))
      }, checkExisting: { _, _ in }, report: report)
  }

  /// What `decode` would take of memory and time; nothing is decoded or written.
  ///
  /// - Parameters:
  ///   - batch: the latents.
  ///   - settings: as for `decode`.
  ///   - report: called with what became of each item.
  /// - Throws: as `Batch.run`.
  public func planDecoding(
    _ batch: Batch, _ settings: DecodeSettings = DecodeSettings(),
    report: (BatchEvent<PlannedFile>) throws -> Void
  ) throws -> BatchSummary {
    let reading = settings.reading.expecting(channels: latentSpace.channels)
    return try batch.withoutOutputs.run(
      threads: 1, record: nil,
      opening: { try reading.open($0, takingAll: batch.folder != nil) },
      { part, _ in
        let latent = try latent(of: part.opened, reading, ignoringSpace: settings.ignoresSpace).0
          .latent
        let plan = try plan(
          decoding: latent, ignoringSpace: settings.ignoresSpace,
          maximumPixelCount: settings.reading.maximumPixelCount)
        let factor = latentSpace.spatialFactor
        return PlannedFile(
          width: latent.picture?.width ?? plan.latentShape[2] * factor,
          height: latent.picture?.height ?? plan.latentShape[1] * factor, plan: plan)
      }, checkExisting: { _, _ in }, report: report)
  }
}
