/// A picture in memory: RGB samples, an optional alpha plane and an optional colour profile.
///
/// What picture files decode to and are encoded from. Rows run from top to bottom; an orientation
/// that the file asked for has been applied.
public struct Image: Sendable, Equatable {
  /// Integer samples of one depth.
  public enum Samples: Sendable, Equatable {
    /// Samples in 0...255.
    case bits8([UInt8])
    /// Samples in 0...65535.
    case bits16([UInt16])

    /// The number of samples.
    public var count: Int {
      switch self {
      case .bits8(let samples): samples.count
      case .bits16(let samples): samples.count
      }
    }

    /// The bits of a sample: 8 or 16.
    public var bitDepth: Int {
      switch self {
      case .bits8: 8
      case .bits16: 16
      }
    }
  }

  /// Pictures of more pixels than this are refused unless a caller raises the limit.
  public static let defaultMaximumPixelCount = 1 << 28

  /// Width in pixels, at least 1.
  public let width: Int
  /// Height in pixels, at least 1.
  public let height: Int
  /// Colour samples `[height, width, 3]`, row-major, in the order red, green, blue.
  public let color: Samples
  /// Opacity `[height, width]`, row-major, not multiplied into the colour, at the depth of `color`;
  /// nil where the picture is opaque by nature.
  public let alpha: Samples?
  /// The ICC profile found in the file.
  public var profile: ColorProfile?
  /// The EXIF orientation (1...8) that was applied when the file was read; 1 where there was none.
  public var appliedOrientation: Int

  /// A picture made of samples.
  ///
  /// - Precondition: the counts of the samples fit `width` and `height`, and both planes have one
  ///   depth.
  public init(
    width: Int, height: Int, color: Samples, alpha: Samples? = nil, profile: ColorProfile? = nil,
    appliedOrientation: Int = 1
  ) {
    precondition(width > 0 && height > 0, "a picture of \(width)x\(height) pixels has no samples")
    precondition(
      color.count == width * height * 3,
      "\(color.count) colour samples given for \(width)x\(height) pixels")
    if let alpha {
      precondition(
        alpha.count == width * height && alpha.bitDepth == color.bitDepth,
        "\(alpha.count) \(alpha.bitDepth)-bit alpha samples given for \(width)x\(height) pixels")
    }
    self.width = width
    self.height = height
    self.color = color
    self.alpha = alpha
    self.profile = profile
    self.appliedOrientation = appliedOrientation
  }
}

/// An ICC profile as a picture file carries it.
public struct ColorProfile: Sendable, Equatable {
  /// The colour space of the samples that the profile describes (ICC.1, data colour space field).
  public enum ColorSpace: UInt8, Sendable {
    /// Red, green and blue.
    case rgb = 1
    /// One channel.
    case grey = 2
    /// The four inks of print.
    case cmyk = 3
  }

  /// What kind of samples the profile describes.
  public let colorSpace: ColorSpace
  /// The profile, byte for byte.
  public let bytes: [UInt8]

  /// A profile for samples of `colorSpace`.
  public init(colorSpace: ColorSpace, bytes: [UInt8]) {
    self.colorSpace = colorSpace
    self.bytes = bytes
  }
}
