import VAECodec

/// What the values of shared options mean.
extension ParsedArguments {
  /// The groups of every norm of a model whose files do not say them, or nil.
  ///
  /// - Throws: `UsageError`.
  func groups() throws -> Int? { try integer(CommonOptions.groups, in: 1...4096) }

  /// The largest picture that is accepted, in pixels.
  ///
  /// - Throws: `UsageError`.
  func maximumPixelCount() throws -> Int {
    try integer(CommonOptions.maxPixels, in: 1...(1 << 40)) ?? Image.defaultMaximumPixelCount
  }

  /// The matte for transparent parts.
  ///
  /// - Throws: `UsageError`.
  func matte() throws -> Matte {
    guard let text = string(CommonOptions.matte) else { return .white }
    let digits = text.hasPrefix("#") ? String(text.dropFirst()) : text
    guard digits.count == 6, digits.allSatisfy(\.isHexDigit), let value = UInt32(digits, radix: 16)
    else {
      throw UsageError.invalidValue(
        option: CommonOptions.matte.spelling, found: text, expected: .form("six hexadecimal digits")
      )
    }
    return Matte(
      red: UInt8(value >> 16), green: UInt8(value >> 8 & 0xFF), blue: UInt8(value & 0xFF))
  }

  /// The units of an interchange file, or nil if the options do not say.
  ///
  /// - Throws: `UsageError.conflict` if both are given.
  func units() throws -> Latent.Units? {
    switch (has(CommonOptions.scaled), has(CommonOptions.unscaled)) {
    case (true, true):
      throw UsageError.conflict(CommonOptions.scaled.spelling, CommonOptions.unscaled.spelling)
    case (true, false): return .scaled
    case (false, true): return .raw
    case (false, false): return nil
    }
  }

  /// The seed of a sample, or nil.
  ///
  /// - Throws: `UsageError`.
  func seed() throws -> UInt64? { try integer(CommonOptions.seed, in: 0...UInt64.max) }

  /// How exactly a latent is kept; nil if nothing was said of it.
  ///
  /// - Throws: `UsageError`.
  func latentQuality() throws -> Quality? {
    let level = try integer(CommonOptions.quality, in: Quality.levels)
    guard has(CommonOptions.lossless) else { return level.map { .level($0) } }
    guard level == nil else {
      throw UsageError.conflict(CommonOptions.quality.spelling, CommonOptions.lossless.spelling)
    }
    return .lossless
  }
}
