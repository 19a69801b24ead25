/// What is kept of a picture beside its latent.
public struct PictureInfo: Sendable, Equatable {
  /// Width in pixels, before the right edge was repeated to fill the latent.
  public let width: Int
  /// Height in pixels, before the lower edge was repeated to fill the latent.
  public let height: Int
  /// Bits of a sample of the file: 8 or 16.
  public let bitDepth: Int
  /// The EXIF orientation (1...8) that was applied before encoding.
  public var appliedOrientation: Int
  /// The colour under the transparent parts as they were encoded; nil for an opaque picture.
  public var matte: Matte?
  /// The opacity `[height, width]`, exactly as it was; nil for an opaque picture.
  ///
  /// - Precondition: there is one for each pixel, of `bitDepth` bits.
  public var alpha: Image.Samples? { didSet { checkAlpha() } }
  /// The ICC profile of the file.
  public var profile: ColorProfile?

  /// What is kept of a picture of `width` x `height` pixels.
  ///
  /// - Precondition: there is an opacity for each pixel, of `bitDepth` bits, if there are any.
  public init(
    width: Int, height: Int, bitDepth: Int = 8, appliedOrientation: Int = 1,
    matte: Matte? = nil, alpha: Image.Samples? = nil, profile: ColorProfile? = nil
  ) {
    self.width = width
    self.height = height
    self.bitDepth = bitDepth
    self.appliedOrientation = appliedOrientation
    self.matte = matte
    self.alpha = alpha
    self.profile = profile
    checkAlpha()
  }

  private func checkAlpha() {
    guard let alpha else { return }
    precondition(
      alpha.count == width * height && alpha.bitDepth == bitDepth,
      "\(alpha.count) \(alpha.bitDepth)-bit opacities for \(width)x\(height) pixels")
  }

  /// Bytes of the picture's samples.
  var byteCount: Int { width * height * 3 * (bitDepth / 8) }
}
