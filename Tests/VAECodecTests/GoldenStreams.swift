import TestSupport
import Testing

@testable import VAECodec

/// Latents whose range-coded files are pinned: Fixtures/golden/coded-*.latent.bin.
///
/// The values are made of whole numbers, so that they are the same on every machine: smooth waves with
/// an edge, a flat corner and noise.
enum GoldenStreams {
  /// A latent, how it is kept, and what its file holds.
  struct Golden: Sendable, CustomTestStringConvertible {
    let name: String
    let quality: Quality
    let latent: Latent
    /// Whether the file is still written as it is. How fine the steps of a level are is no part of the
    /// format: those of Stable Diffusion were larger once, and what was written then is read for ever.
    var isWritten = true
    var testDescription: String { name }
  }

  static let all = [
    Golden(name: "coded-q75", quality: 75, latent: latent(channels: 4), isWritten: false),
    Golden(name: "coded-q20", quality: 20, latent: latent(channels: 4), isWritten: false),
    Golden(name: "coded-q75-16", quality: 75, latent: latent(channels: 16)),
    Golden(
      name: "coded-q75-moments", quality: 75, latent: latent(channels: 4, hasVariance: true),
      isWritten: false),
    Golden(
      name: "coded-q75-moments-16", quality: 75, latent: latent(channels: 16, hasVariance: true)),
    Golden(name: "coded-q100", quality: 100, latent: latent(channels: 4)),
    Golden(name: "coded-lossless", quality: .lossless, latent: latent(channels: 4)),
  ]

  /// The CRC-32 of the values of each file as they are read, little-endian f32: lines of a name and a
  /// hexadecimal number.
  static func checksums() throws -> [String: UInt32] {
    let text = String(
      decoding: try Fixtures.bytes(at: Fixtures.path("golden/checksums.txt")), as: UTF8.self)
    return text.split(separator: "\n").reduce(into: [:]) { checksums, line in
      let words = line.split(separator: " ")
      guard words.count == 2 else { return }
      checksums[String(words[0])] = UInt32(words[1], radix: 16)
    }
  }

  /// A latent of `channels` planes of 18 x 20 values in about -3...3.
  static func latent(channels: Int, hasVariance: Bool = false) -> Latent {
    let (height, width) = (18, 20)
    var state: UInt32 = 1
    let values = (0..<channels * height * width).map { index -> Float in
      let (x, y, c) = (index % width, index / width % height, index / (width * height))
      state = state &* 1_664_525 &+ 1_013_904_223
      let noise = Int(state >> 20) - 2048
      let wave = (x * (c % 3 + 1) * 97 + y * (c % 5) * 61) % 4096 - 2048
      let edge = x > y ? 1500 : -700
      return x > 14 && y < 5 ? 0.25 : Float(wave + edge + noise / 4) / 1024
    }
    return LatentSamples.sound {
      try Latent(
        channels: channels, height: height, width: width, values: values,
        logVariance: hasVariance ? values.map { $0 - 12 } : nil, units: .raw,
        posterior: hasVariance ? .moments : .mean,
        space: LatentSpace(
          family: channels == 4 ? "sd" : "sd3", channels: channels, spatialFactor: 8,
          scaling: channels == 4 ? LatentFamily.sd.scaling : LatentFamily.sd3.scaling),
        encoderFingerprint: 0x0123_4567_89AB_CDEF,
        picture: PictureInfo(width: width * 8 - 3, height: height * 8 - 5))
    }
  }
}
