import TestSupport
import Testing

@testable import VAECodec

/// Latents of every kind that latent.bin holds, the same on every machine.
enum LatentSamples {
  /// A latent and the name that tests and golden files call it by.
  struct Sample: Sendable, CustomTestStringConvertible {
    let name: String
    let latent: Latent
    var testDescription: String { name }
  }

  static let space = LatentSpace(
    family: "sd", channels: 4, spatialFactor: 8, scaling: LatentScaling(factor: 0.18215))

  /// The kinds whose bytes are pinned. Compressed sections are not among them: zlib may choose other
  /// bytes for the same content.
  static let golden = [
    Sample(name: "mean", latent: latent()),
    Sample(name: "sample", latent: latent(posterior: .sample(seed: 0xFEDC_BA98_7654_3210))),
    Sample(name: "moments", latent: latent(posterior: .moments)),
    Sample(
      name: "statistics",
      latent: latent(
        units: .scaled,
        space: LatentSpace(
          family: "playground", channels: 4, spatialFactor: 8,
          scaling: LatentFamily.playground.scaling))),
  ]

  static let all =
    golden + [
      Sample(
        name: "alpha of 8 bits",
        latent: latent(picture: picture(bitDepth: 8, alpha: .bits8((0..<187).map { UInt8($0) })))),
      Sample(
        name: "alpha of 16 bits",
        latent: latent(
          picture: picture(bitDepth: 16, alpha: .bits16((0..<187).map { UInt16($0) * 350 })))),
      Sample(
        name: "profile",
        latent: latent(
          picture: PictureInfo(
            width: 17, height: 11, appliedOrientation: 6,
            profile: ColorProfile(colorSpace: .cmyk, bytes: (0..<200).map { UInt8($0) })))),
      Sample(
        name: "unknown scaling",
        latent: latent(
          space: LatentSpace(family: "custom", channels: 4, spatialFactor: 8, scaling: nil),
          fingerprint: nil)),
    ]

  /// A latent of 4 channels, 2 rows and 3 columns for a picture of 17x11 pixels.
  private static func latent(
    posterior: Latent.Posterior = .mean, units: Latent.Units = .raw,
    space: LatentSpace = LatentSamples.space, fingerprint: UInt64? = 0x0123_4567_89AB_CDEF,
    picture: PictureInfo = PictureInfo(width: 17, height: 11)
  ) -> Latent {
    // Values whose last bits matter, signed zero and the denormal 1e-40.
    let values =
      (0..<24).map { Float($0 * $0 - 200) / 7 }.dropLast(2) + [-0.0, Float(bitPattern: 71362)]
    return sound {
      try Latent(
        channels: 4, height: 2, width: 3, values: Array(values),
        logVariance: posterior == .moments ? (0..<24).map { Float($0) / 3 - 30 } : nil,
        units: units, posterior: posterior, space: space, encoderFingerprint: fingerprint,
        picture: picture)
    }
  }

  /// The latent that `make` makes, whose numbers are known to fit.
  static func sound(_ make: () throws -> Latent) -> Latent {
    do {
      return try make()
    } catch {
      preconditionFailure("\(error)")
    }
  }

  private static func picture(bitDepth: Int, alpha: Image.Samples) -> PictureInfo {
    PictureInfo(
      width: 17, height: 11, bitDepth: bitDepth, appliedOrientation: 3,
      matte: Matte(red: 1, green: 128, blue: 255), alpha: alpha)
  }
}
