/// A page about a model and what it has learnt.
extension TrainedModel {
  /// Validation pictures that the page shows.
  private static let shownCount = 24
  /// Draws from the prior that the page shows.
  private static let drawCount = 64
  /// Pictures from one to another.
  private static let frameCount = 9

  /// The page: curves of the training; validation pictures as the model makes them; and of a model with a posterior,
  /// draws from its prior and the way between two pictures.
  ///
  /// - Parameters:
  ///   - title: of the page.
  ///   - codec: the model, opened.
  ///   - pictures: those that it was trained with.
  /// - Throws: as `Codec.encode` and `Codec.decode`.
  public func page(
    titled title: String, _ codec: Codec, _ pictures: TrainingPictures
  ) throws -> ReportPage {
    var page = ReportPage(title: title, facts: facts(codec))
    addCurves(to: &page)
    let shown = pictures.validation.prefix(Self.shownCount)
    let side = report.settings.side
    if codec.hasPosterior {
      let sampler = try codec.prior(width: side, height: side)
      var sheet = ContactSheet(side: Self.sheetSide(side))
      for seed in 0..<Self.drawCount {
        sheet.add(try codec.decode(sampler.latent(seed: UInt64(seed))), named: "\(seed)")
      }
      try page.add(
        sheet.image(), titled: "Draws from the prior",
        caption:
          "What the decoder makes of normal noise, by seed. The divergence of the posterior from the "
          + "prior is \(report.kept.validation.divergence.fixed(1)) nats a picture.")
      if shown.count > 1 {
        try page.add(
          Self.way(from: shown[0], to: shown[shown.count - 1], side: side, codec),
          titled: "From one picture to another",
          caption: "Above between the latents, below between the pixels.")
      }
    }
    for (index, picture) in shown.enumerated() {
      let clean = picture.middleImage(side: side)
      let spoilt = report.settings.corruption?.spoilt(clean, seed: UInt64(index)) ?? clean
      let decoded = try codec.decode(codec.encode(spoilt))
      let values = try Comparison(clean, decoded)
      try page.add(ReportPage.Entry(named: picture.path, clean, decoded, values))
    }
    return page
  }

  private func facts(_ codec: Codec) -> [(name: String, value: String)] {
    let settings = report.settings
    return [
      ("model", codec.model.name), ("pictures", "\(report.trainingPictures)"),
      ("validation", "\(report.validationPictures)"),
      ("steps", "\(settings.steps) of \(settings.batch)"),
      ("likelihood", settings.likelihood.rawValue),
      ("beta", settings.beta.plain), ("seed", "\(settings.seed)"),
    ] + (settings.corruption.map { [("corrupt", $0.description)] } ?? [])
      + [("kept", "step \(report.kept.step), \(report.kept.psnr.fixed(2)) dB")]
  }

  private func addCurves(to page: inout ReportPage) {
    func add(_ title: String, _ y: (TrainingRecord) -> Double?) {
      page.add(
        ReportPage.Curve(
          title: title, xTitle: "steps",
          points: report.records.compactMap { record in y(record).map { (Double(record.step), $0) }
          }))
    }
    add("PSNR of validation pictures, dB", \.psnr)
    add("Reconstruction of validation pictures, nats") { $0.validation.reconstruction }
    add("Reconstruction of training pictures, nats") { $0.training?.reconstruction }
    if report.kept.validation.divergence > 0 {
      add("Divergence from the prior, nats") { $0.validation.divergence }
    }
  }

  /// The side of small pictures on a sheet, which are enlarged.
  private static func sheetSide(_ side: Int) -> Int { min(max(side, 64), 128) }

  private static func way(
    from first: TrainingPictures.Picture, to last: TrainingPictures.Picture, side: Int,
    _ codec: Codec
  ) throws -> Image {
    let latents = try [first, last].map { try codec.encode($0.middleImage(side: side)) }
    let interpolation = try Interpolation(
      latents, of: [first.path, last.path], codec: codec, along: [.lerp, .pixel],
      count: frameCount)
    var sheet = ContactSheet(side: sheetSide(side), columns: interpolation.columnCount)
    for frame in interpolation.frames {
      sheet.add(
        try codec.picture(
          of: frame, in: interpolation, maximumPixelCount: Image.defaultMaximumPixelCount),
        named: frame.position.fixed(2))
    }
    return try sheet.image()
  }
}

extension TrainingPictures.Picture {
  /// The square piece in the middle, as a picture.
  func middleImage(side: Int) -> Image {
    Image(width: side, height: side, color: .bits8(middle(side: side)))
  }
}
