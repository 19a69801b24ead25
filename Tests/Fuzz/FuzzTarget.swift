import VAE
import VAECodec

/// The parsers that libFuzzer is let loose on.
///
/// A parser may refuse anything in any words; it may not crash, hang or take memory without bounds.
enum FuzzTarget: String, CaseIterable {
  /// latent.bin, whose checksums are made right so that what they guard is reached.
  case latent
  /// .npy.
  case npy
  /// The header of a .safetensors file.
  case safetensors
  /// PNG and JPEG.
  case picture

  /// Pictures of more pixels are refused.
  private static let maximumPixelCount = 1 << 16

  /// Parses `bytes` and forgets what they hold.
  func parse(_ bytes: [UInt8]) {
    switch self {
    case .latent:
      _ = try? Latent(
        decoding: ChecksumRepair.repaired(bytes), maximumPixelCount: Self.maximumPixelCount)
    case .npy: _ = try? Latent(decoding: bytes)
    case .safetensors:
      unsafe bytes.withUnsafeBytes { buffer in
        _ = try? SafetensorsFile(unsafe MappedFile(name: "input", staticBytes: buffer))
      }
    case .picture:
      _ = try? Image(decoding: bytes, maximumPixelCount: Self.maximumPixelCount)
    }
  }
}
