import VAE

/// Makes a latent of the sections of a latent.bin, believing none of their numbers.
struct LatentReader {
  private let sections: SectionReader

  /// The latent in `bytes`, which begin with the magic, and how exactly they keep its values.
  ///
  /// - Throws: `ContainerError`, and `LatentError.tooManyPixels` before anything is allocated for a
  ///   picture of more than `maximumPixelCount`.
  static func latent(
    in bytes: [UInt8], maximumPixelCount: Int
  ) throws -> (latent: Latent, quality: Quality) {
    let reader = LatentReader(sections: try SectionReader(bytes))
    let latent = try reader.latent(maximumPixelCount)
    var values = SectionFields(try reader.sections.required(.values))
    return (latent, try values.quality(of: latent))
  }

  private func latent(_ maximumPixelCount: Int) throws -> Latent {
    let (space, units, fingerprint) = try fields(of: .space) { try $0.space() }
    let (picture, width, height) = try fields(of: .picture) { try $0.picture(space) }
    guard picture.width * picture.height <= maximumPixelCount else {
      throw LatentError.tooManyPixels(
        width: picture.width, height: picture.height, maximum: maximumPixelCount)
    }
    try checkValueCount(space.channels, width, height)
    let extents = PlaneExtents(planes: space.channels, height: height, width: width)
    let (posterior, values, logVariance) = try fields(of: .values) { try $0.values(extents) }
    guard posterior != .moments || units == .raw else {
      throw ContainerError.malformed(
        section: LatentFormat.Section.values.rawValue,
        offset: try sections.required(.values).offset, reason: "moments must be raw")
    }
    return try Latent(
      channels: space.channels, height: height, width: width, values: values,
      logVariance: logVariance, units: units, posterior: posterior, space: space,
      encoderFingerprint: fingerprint == 0 ? nil : fingerprint, picture: try kept(with: picture))
  }

  /// Parses a section, all of it.
  private func fields<Result>(
    of name: LatentFormat.Section, _ parse: (inout SectionFields) throws -> Result
  ) throws -> Result {
    var fields = SectionFields(try sections.required(name))
    return try fields.parseWhole(parse)
  }

  private func checkValueCount(_ channels: Int, _ width: Int, _ height: Int) throws {
    // Bytes of the values and of as many log-variances fit, too.
    guard let count = Int(product: [channels, height, width]), count <= Int.max / 8 else {
      throw ContainerError.malformed(
        section: LatentFormat.Section.picture.rawValue,
        offset: try sections.required(.picture).offset,
        reason: "a latent of [\(channels), \(height), \(width)] is too large")
    }
  }

  /// `picture` with the alpha plane and the profile that the file holds.
  private func kept(with picture: PictureInfo) throws -> PictureInfo {
    var kept = picture
    kept.alpha = try sections.sections[.alpha].map { section in
      var fields = SectionFields(section)
      return try fields.parseWhole { try $0.alpha(picture) }
    }
    kept.profile = try sections.sections[.profile].map { section in
      var fields = SectionFields(section)
      return try fields.parseWhole { try $0.profile() }
    }
    return kept
  }
}
