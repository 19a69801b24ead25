import VAECodec

extension Facts {
  /// As many latents of a file as are listed.
  private static let shownCount = 8

  /// What a latent file is, and what the latent in it that is chosen.
  ///
  /// - Throws: what reading the latent throws.
  static func latent(
    _ file: LatentFile, byteCount: Int, _ reading: LatentReading
  ) throws -> Facts {
    let head: [(String, Value?)] = [
      ("kind", .text("latent")), ("format", .text(file.format.identifier)),
      ("dialect", file.dialect.map { .text($0) }), ("bytes", .number(byteCount)),
    ]
    guard reading.key != nil || file.entries.count == 1 else {
      let latents = file.entries.prefix(shownCount).map { entry in
        "\(entry.key) (\(entry.extents.map { "\($0)" }.joined(separator: "x")))"
      }
      return Facts(
        head + [("latent_count", .number(file.entries.count)), ("latents", .texts(latents))])
    }
    let chosen = try file.entry(reading.key)
    // Where nobody knows the units, the values are shown as they stand.
    let isUnknown = file.units == nil && !reading.arrangement.isTokens(chosen.extents)
    let latent = try file.latent(
      key: reading.key, units: isUnknown ? .raw : nil, arrangement: reading.arrangement)
    let entry: [(String, Value?)] = [
      ("key", chosen.key.isEmpty ? nil : .text(chosen.key)),
      ("latent", .numbers([latent.channels, latent.height, latent.width])),
      ("element_type", chosen.elementType.map { .text($0) }),
    ]
    return Facts(head + entry + facts(of: latent, file))
  }

  private static func facts(of latent: Latent, _ file: LatentFile) -> [(String, Value?)] {
    // Of the picture, other formats hold the size at most.
    let picture = file.format.describesPicture ? latent.picture : nil
    return [
      ("quality", file.quality.map { $0.level.map { .number($0) } ?? .text("lossless") }),
      ("posterior", .text(posterior(of: latent))),
      ("units", .text(file.units == nil ? "unknown" : latent.units.rawValue)),
      ("units_stated", .flag(file.statesUnits)),
    ] + spread(of: latent.values) + (latent.space.map(space) ?? []) + [
      ("space_evidence", latent.spaceEvidence.map { .text("\($0)") }),
      ("encoder_fingerprint", fingerprint(latent.encoderFingerprint)),
      ("picture", latent.picture.map { .numbers([$0.width, $0.height]) }),
      ("bit_depth", picture.map { .number($0.bitDepth) }),
      ("applied_orientation", picture.map { .number($0.appliedOrientation) }),
      ("matte", (picture?.matte).map { .text($0.hexadecimal) }),
      ("alpha", picture.map { .flag($0.alpha != nil) }),
      ("profile", picture?.profile.map { .text("\($0.colorSpace), \($0.bytes.count) bytes") }),
    ] + (latent.cache.map { cache($0, isFlipped: latent.flipped != nil) } ?? [])
  }

  /// The range, mean and standard deviation of `values`, of four digits after the point.
  private static func spread(of values: [Float]) -> [(String, Value?)] {
    let statistics = ValueStatistics(values)
    func rounded(_ number: Double) -> Value { .real((number * 1e4).rounded() / 1e4) }
    return [
      ("minimum", rounded(Double(statistics.minimum))),
      ("maximum", rounded(Double(statistics.maximum))),
      ("mean", rounded(statistics.mean)), ("deviation", rounded(statistics.standardDeviation)),
    ]
  }

  private static func posterior(of latent: Latent) -> String {
    switch latent.posterior {
    case .mean: "mean"
    case .sample(let seed): "sample of seed \(seed)"
    case .moments: "moments"
    case .optimised(let refinement): "optimised by \(refinement)"
    case nil: "unknown"
    }
  }

  private static func cache(
    _ cache: TrainingCache, isFlipped: Bool
  ) -> [(String, Value?)] {
    [
      ("original_size", cache.originalSize.map { .numbers($0) }),
      (cache.crop?.count == 2 ? "crop_left_top" : "crop_ltrb", cache.crop.map { .reals($0) }),
      ("flipped", .flag(isFlipped)),
      ("alpha_mask", .flag(cache.alphaMask != nil)),
    ]
  }
}
