import VAE

/// What a safetensors file says of its latent in strings, where this program wrote it: units, posterior,
/// space and the picture's size.
///
/// | name | value |
/// |---|---|
/// | `vaecodec` | "1", the version of this list; without it the others are somebody else's |
/// | `units` | "raw" or "scaled" |
/// | `posterior` | "mean", "sample" or "moments"; left out where it is not known |
/// | `seed` | the seed of a sample |
/// | `width`, `height` | the picture's size in pixels |
/// | `padded_width`, `padded_height` | its size when it was encoded, the last column and row repeated |
/// | `bit_depth` | bits of its samples |
/// | `family`, `spatial_factor` | the latent space |
/// | `scaling_factor`, `shift_factor`, `latents_mean`, `latents_std` | its scaling, lists with commas |
/// | `encoder_fingerprint` | 16 hexadecimal digits |
/// | `patch_size` | "2" where squares of 2x2 values have become channels |
struct LatentMetadata: Sendable {
  /// The units of the values.
  let units: Latent.Units
  /// What the values are.
  let posterior: Latent.Posterior?
  /// The space they live in.
  let space: LatentSpace?
  let encoderFingerprint: UInt64?
  let picture: PictureInfo?
  /// Side of the squares of values that the file has as channels; 1 where it has none.
  let patchSize: Int

  private static let marker = "vaecodec"
  private static let version = "1"

  /// What `latent`, which is of some space or picture, has to say.
  static func strings(of latent: Latent) -> [(name: String, value: String)] {
    var strings = [(marker, version), ("units", latent.units.rawValue)]
    if let posterior = latent.posterior {
      strings.append(("posterior", posterior.kind.rawValue))
      if let seed = posterior.seed { strings.append(("seed", "\(seed)")) }
      if let refinement = posterior.refinement {
        strings += [
          ("refine_steps", "\(refinement.steps)"), ("refine_loss", refinement.loss.rawValue),
          ("refine_anchor", "\(refinement.anchor)"),
        ]
      }
    }
    if let picture = latent.picture {
      strings += [("width", "\(picture.width)"), ("height", "\(picture.height)")]
      strings.append(("bit_depth", "\(picture.bitDepth)"))
    }
    if let space = latent.space {
      strings += [
        ("padded_width", "\(latent.width * space.spatialFactor)"),
        ("padded_height", "\(latent.height * space.spatialFactor)"),
        ("family", space.family), ("spatial_factor", "\(space.spatialFactor)"),
      ]
      strings += space.scaling.map(Self.strings) ?? []
    }
    if latent.units == .scaled, latent.patchSize > 1 {
      strings.append(("patch_size", "\(latent.patchSize)"))
    }
    if let fingerprint = latent.encoderFingerprint {
      let digits = String(fingerprint, radix: 16)
      strings.append(
        ("encoder_fingerprint", String(repeating: "0", count: 16 - digits.count) + digits))
    }
    return strings
  }

  private static func strings(_ scaling: LatentScaling) -> [(String, String)] {
    func list(_ values: [Float]) -> String { values.map { "\($0)" }.joined(separator: ",") }
    var strings = [("scaling_factor", "\(scaling.factor)"), ("shift_factor", "\(scaling.shift)")]
    if !scaling.mean.isEmpty {
      strings += [
        ("latents_mean", list(scaling.mean)), ("latents_std", list(scaling.standardDeviation)),
      ]
    }
    return strings
  }

  /// What `strings` say of a latent of `extents`, channels, height and width; nil if this program did
  /// not write them.
  ///
  /// - Throws: `ContainerError.malformed` for values that are impossible.
  init?(_ strings: [String: String], extents: [Int], hasLogVariance: Bool) throws {
    guard let version = strings[Self.marker] else { return nil }
    let fields = MetadataFields(strings)
    guard version == Self.version else {
      throw fields.malformed(Self.marker, "expected version \(Self.version)")
    }
    units = try fields.choice("units", of: Latent.Units.self) ?? .raw
    posterior = try fields.posterior()
    guard (posterior == .moments) == hasLogVariance else {
      throw fields.malformed("posterior", "moments and a log-variance come together only")
    }
    patchSize = try fields.choice("patch_size", ["2": 2]) ?? 1
    guard extents[0] % (patchSize * patchSize) == 0, patchSize == 1 || units == .scaled else {
      throw fields.malformed("patch_size", "\(extents[0]) channels are no such squares")
    }
    let extents = [
      extents[0] / (patchSize * patchSize), extents[1] * patchSize, extents[2] * patchSize,
    ]
    space = try fields.space(channels: extents[0])
    encoderFingerprint = try strings["encoder_fingerprint"].map { digits in
      guard let number = UInt64(digits, radix: 16) else {
        throw fields.malformed("encoder_fingerprint", "expected hexadecimal digits")
      }
      return number
    }
    picture = try fields.picture(extents, factor: space?.spatialFactor)
  }

  /// `latent` with its planes whole again, and what the strings say of it.
  ///
  /// - Throws: `LatentError` if it is none that they can be said of.
  func described(_ latent: Latent) throws -> Latent {
    var described = try latent.unpacked(patchSize: patchSize)
    described = try described.replacing(
      values: described.values, logVariance: described.logVariance, posterior: posterior)
    described.space = space
    described.encoderFingerprint = encoderFingerprint
    described.picture = picture
    return described
  }
}

/// Reads values of metadata by name.
private struct MetadataFields {
  private let strings: [String: String]

  init(_ strings: [String: String]) { self.strings = strings }

  func malformed(_ name: String, _ reason: String) -> ContainerError {
    let value = (strings[name] ?? "").escapedForTerminal
    return .malformed(
      section: "metadata `\(name)`", offset: 8, reason: "'\(value)': \(reason)")
  }

  func integer<Number: FixedWidthInteger>(_ name: String) throws -> Number? {
    try strings[name].map { text in
      guard let number = Number(text) else { throw malformed(name, "expected a number") }
      return number
    }
  }

  /// A number from 1 to the most that a side is believed to have.
  private func extent(_ name: String) throws -> Int? {
    guard let number: Int = try integer(name) else { return nil }
    guard (1...Int(Int32.max)).contains(number) else { throw malformed(name, "impossible") }
    return number
  }

  private func floats(_ name: String) throws -> [Float]? {
    try strings[name].map { text in
      let items = text.split(separator: ",").map { Float($0) }
      guard items.allSatisfy({ $0 != nil }) else { throw malformed(name, "expected numbers") }
      return items.compactMap { $0 }
    }
  }

  func choice<Value: RawRepresentable<String> & CaseIterable>(
    _ name: String, of _: Value.Type
  ) throws -> Value? {
    try choice(name, Dictionary(uniqueKeysWithValues: Value.allCases.map { ($0.rawValue, $0) }))
  }

  func choice<Value>(_ name: String, _ values: [String: Value]) throws -> Value? {
    try strings[name].map { text in
      guard let value = values[text] else {
        throw malformed(name, "expected \(values.keys.sorted().joined(separator: ", "))")
      }
      return value
    }
  }

  func posterior() throws -> Latent.Posterior? {
    switch try choice("posterior", of: Latent.Posterior.Kind.self) {
    case .mean: return .mean
    case .sample: return .sample(seed: try integer("seed") ?? 0)
    case .moments: return .moments
    case .optimised: return .optimised(try refinement())
    case nil: return nil
    }
  }

  private func refinement() throws -> Latent.Refinement {
    guard let steps: Int = try integer("refine_steps"),
      let loss = try choice("refine_loss", of: Latent.Refinement.Loss.self),
      let refinement = Latent.Refinement(
        steps: steps, loss: loss, anchor: try floats("refine_anchor")?.first ?? 0)
    else { throw malformed("refine_steps", "no such refinement") }
    return refinement
  }

  func space(channels: Int) throws -> LatentSpace? {
    guard let family = strings["family"], let factor = try extent("spatial_factor") else {
      return nil
    }
    guard LatentFormat.spatialFactors.contains(factor) else {
      throw malformed("spatial_factor", "impossible")
    }
    var scaling: LatentScaling?
    if let factor = try floats("scaling_factor")?.first {
      let mean = try floats("latents_mean") ?? []
      scaling = LatentScaling(
        factor: factor, shift: try floats("shift_factor")?.first ?? 0, mean: mean,
        standardDeviation: try floats("latents_std") ?? [],
        patchSize: mean.count > channels ? AutoencoderKLConfig.patchSize : 1)
    }
    guard scaling?.isUsable(channels: channels) ?? true else {
      throw malformed("scaling_factor", "the scaling is not usable")
    }
    return LatentSpace(
      family: family.escapedForTerminal, channels: channels, spatialFactor: factor,
      scaling: scaling)
  }

  /// The picture, which must have a latent of `extents` where the factor is known.
  func picture(_ extents: [Int], factor: Int?) throws -> PictureInfo? {
    guard let width = try extent("width"), let height = try extent("height") else { return nil }
    if let factor {
      guard width.dividedRoundingUp(by: factor) == extents[2],
        height.dividedRoundingUp(by: factor) == extents[1]
      else {
        throw malformed(
          "width", "a picture of \(width)x\(height) has no latent of \(extents[2])x\(extents[1])")
      }
    }
    let depth: Int = try integer("bit_depth") ?? 8
    guard depth == 8 || depth == 16 else { throw malformed("bit_depth", "expected 8 or 16") }
    return PictureInfo(width: width, height: height, bitDepth: depth)
  }
}
