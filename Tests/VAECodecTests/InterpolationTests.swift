import TestSupport
import Testing

@testable import VAECodec

/// Frames between decoded pictures.
@Suite struct InterpolationTests {
  private let codec: Codec
  private let latents: [Latent]

  init() throws {
    codec = try Codec(model: .path(Fixtures.path("models/kl-sd")))
    let picture = try Image(contentsOf: Fixtures.path("models/kl-sd/picture.png"))
    let pictures = [
      picture,
      picture.mixed(
        with: TestPictures.smooth(width: picture.width, height: picture.height), at: 0.6),
      TestPictures.smooth(width: picture.width, height: picture.height),
    ]
    let codec = self.codec
    latents = try pictures.map { try codec.encode($0) }
  }

  @Test func `every path begins and ends with what the latents decode to, byte by byte`() throws {
    let interpolation = try Interpolation(
      latents, codec: codec, along: Interpolation.Path.allCases, count: 3)
    #expect(interpolation.columnCount == 5 && interpolation.frames.count == 20)
    #expect(interpolation.frames.prefix(5).map(\.position) == [0, 0.5, 1, 1.5, 2])
    let decoded = try latents.map { try codec.decode($0) }
    for frame in interpolation.frames where frame.position.rounded() == frame.position {
      #expect(
        try codec.picture(of: frame, in: interpolation) == decoded[Int(frame.position)], "\(frame)")
    }
    let middle = try interpolation.frames.filter { $0.position == 0.5 }.map {
      try codec.picture(of: $0, in: interpolation)
    }
    #expect(middle.last == decoded[0].mixed(with: decoded[1], at: 0.5))
    for (index, picture) in middle.enumerated() {
      #expect(middle.dropFirst(index + 1).allSatisfy { $0 != picture })
    }
  }

  @Test func `transparent pictures are mixed as they look, without their alpha`() throws {
    let picture = try Image(contentsOf: Fixtures.path("models/kl-sd/picture.png"))
    let count = picture.width * picture.height
    let clear = picture.withAlpha(.bits8((0..<count).map { UInt8($0 % 256) }))
    let latent = try codec.encode(clear)
    let interpolation = try Interpolation(
      [latent, latents[2]], codec: codec, along: [.pixel], count: 2)
    let frame = try codec.picture(of: interpolation.frames[0], in: interpolation)
    #expect(frame.alpha == nil)
    // Flattening rounds to levels, encoding does not.
    let flat = try codec.decode(codec.encode(clear.flattened(over: .white)))
    #expect(try Comparison(flat, frame).psnr ?? .infinity > 40)
    #expect(try Comparison(codec.decode(codec.encode(picture)), frame).psnr ?? .infinity < 30)
  }

  @Test func `pictures mix to the nearest level, of 16 bits where both have them`() {
    func image(_ color: Image.Samples) -> Image { Image(width: 1, height: 1, color: color) }
    let (dark, light) = (image(.bits8([0, 10, 255])), image(.bits8([255, 13, 0])))
    #expect(dark.mixed(with: light, at: 0.25).color == .bits8([64, 11, 191]))
    let (deep, high) = (image(.bits16([0, 1, 65535])), image(.bits16([65535, 3, 0])))
    #expect(deep.mixed(with: high, at: 0.5).color == .bits16([32768, 2, 32768]))
    #expect(dark.mixed(with: high, at: 0.5).color == .bits8([128, 5, 128]))
    #expect(dark.mixed(with: high, at: 1) == high)
  }
}
