/// What is known of a latent file before it is made.
struct LatentExpectation {
  let format: LatentFileFormat
  /// Channels, height and width.
  let extents: [Int]
  let posterior: Latent.Posterior?
  /// The units, where files of the format state them.
  let units: Latent.Units
  /// How exactly the values are kept, where the format has a choice.
  let quality: Quality?
  let space: LatentSpace?
  let encoderFingerprint: UInt64?
  let picture: Picture?
  /// All values, where they are known.
  var values: [Float]?

  /// The picture that is encoded.
  struct Picture: Equatable {
    let width: Int
    let height: Int
    let bitDepth: Int
    let appliedOrientation: Int
    /// What stands behind the transparent parts; nil for an opaque picture.
    let matte: Matte?
  }

  /// Checks that the file at `path` is whole and that what it states is what is expected.
  ///
  /// - Throws: `BatchError.damagedOutput` and `.otherOutput`.
  func check(_ path: String) throws {
    var output = ExistingOutput(path: path)
    let file = try output.reading {
      try Self.file(of: InputFile.bytes(at: path), format, extents: extents)
    }
    output.compare(file.format, with: format, words: \.name)
    output.compare(file.entries.count, with: 1) { "\($0) latents" }
    try output.check()
    let latent = try output.reading {
      let latent = try file.latent(units: file.statesUnits ? nil : units)
      return try space.map { try latent.unpacked(for: $0) } ?? latent
    }
    compare(latent, of: file, &output)
    try output.check()
  }

  private func compare(_ latent: Latent, of file: LatentFile, _ output: inout ExistingOutput) {
    output.compare([latent.channels, latent.height, latent.width], with: extents) {
      "a latent of " + $0.map(String.init).joined(separator: "x")
    }
    if file.statesUnits { output.compare(latent.units, with: units) { "\($0.rawValue) values" } }
    if format.hasQuality {
      output.compare(file.quality, with: quality) { $0?.words ?? Quality.lossless.words }
    }
    if let found = latent.posterior, let posterior {
      output.compare(found, with: posterior, words: \.words)
    }
    if let found = latent.space, let space {
      output.compare(found, with: space) { "latent space \($0)" }
    }
    if let found = latent.encoderFingerprint, let encoderFingerprint, latent.space == space {
      output.compare(found, with: encoderFingerprint) {
        "encoder " + String($0, radix: 16)
      }
    }
    if let values, latent.values != values { output.add("other values") }
    guard let picture, let found = latent.picture else { return }
    output.compare([found.width, found.height], with: [picture.width, picture.height]) {
      "a picture of \($0[0])x\($0[1])"
    }
    guard format.describesPicture else { return }
    output.compare(found.bitDepth, with: picture.bitDepth) { "\($0) bits a sample" }
    output.compare(found.appliedOrientation, with: picture.appliedOrientation) {
      "orientation \($0)"
    }
    output.compare(found.matte, with: picture.matte) { matte in
      matte.map { "transparency over \($0.hexadecimal)" } ?? "no transparency"
    }
  }
}

extension LatentExpectation {
  /// All that the file of `bytes` states.
  ///
  /// - Parameter extents: channels, height and width, for a format that does not say them.
  /// - Throws: `ContainerError`.
  init(decoding bytes: [UInt8], _ format: LatentFileFormat, extents: [Int]) throws {
    let file = try Self.file(of: bytes, format, extents: extents)
    let latent = try file.latent(units: file.units == nil ? .raw : nil)
    self.init(
      format: format, extents: [latent.channels, latent.height, latent.width],
      posterior: latent.posterior, units: latent.units, quality: file.quality,
      space: latent.space, encoderFingerprint: latent.encoderFingerprint,
      picture: latent.picture.map { picture in
        Picture(
          width: picture.width, height: picture.height, bitDepth: picture.bitDepth,
          appliedOrientation: picture.appliedOrientation, matte: picture.matte)
      }, values: latent.values)
  }

  private static func file(
    of bytes: [UInt8], _ format: LatentFileFormat, extents: [Int]
  ) throws -> LatentFile {
    format.isRecognizable
      ? try LatentFile(decoding: bytes, maximumPixelCount: .max)
      : try LatentFile(rawFloats: bytes, extents: extents)
  }
}
