import Testing
import VAECodec

/// Pictures to tensors and back. Expected values are computed here one by one, in the order of
/// operations that diffusers has.
struct ImagePixelConversionTests {
  @Test("every 8-bit sample becomes 2 * (x / 255) - 1 and comes back as itself")
  func allEightBitSamples() {
    let picture = Image(width: 256, height: 1, color: .bits8((0..<768).map { UInt8($0 / 3) }))
    let conversion = PixelConversion(width: 256, height: 1, factor: 1)
    let tensor = written(picture, by: conversion)
    #expect(tensor == (0..<768).map { expectedNumber(Float($0 / 3), 255) })
    #expect(conversion.image(from: tensor.span, bitDepth: 8) == picture)
  }

  @Test("every 16-bit sample becomes 2 * (x / 65535) - 1 and comes back as itself")
  func allSixteenBitSamples() {
    let values = (0..<196_608).map { UInt16($0 / 3) }
    let picture = Image(width: 256, height: 256, color: .bits16(values))
    let conversion = PixelConversion(width: 256, height: 256, factor: 8)
    let tensor = written(picture, by: conversion)
    #expect(tensor == values.map { expectedNumber(Float($0), 65535) })
    #expect(conversion.image(from: tensor.span, bitDepth: 16) == picture)
  }

  @Test(
    "the last column and row are repeated into the padding, which is cut off again",
    arguments: [1, 2, 7, 8, 9, 16, 17], [1, 4, 8, 32])
  func padding(side: Int, factor: Int) {
    let width = side
    let height = side + 3
    let color = (0..<width * height * 3).map { UInt8(truncatingIfNeeded: $0 &* 37) }
    let picture = Image(width: width, height: height, color: .bits8(color))
    let conversion = PixelConversion(width: width, height: height, factor: factor)
    #expect(conversion.paddedWidth % factor == 0 && conversion.paddedWidth - width < factor)
    #expect(conversion.paddedHeight % factor == 0 && conversion.paddedHeight - height < factor)
    let tensor = written(picture, by: conversion)
    var expected: [Float] = []
    for y in 0..<conversion.paddedHeight {
      for x in 0..<conversion.paddedWidth {
        let pixel = min(y, height - 1) * width + min(x, width - 1)
        expected += color[pixel * 3..<pixel * 3 + 3].map { expectedNumber(Float($0), 255) }
      }
    }
    #expect(tensor == expected)
    #expect(conversion.image(from: tensor.span, bitDepth: 8) == picture)
  }

  @Test("runs of rows give what the whole gives", arguments: [1, 2, 5, 16])
  func runs(step: Int) {
    let color = (0..<11 * 13 * 3).map { UInt16(truncatingIfNeeded: $0 &* 9973) }
    let alpha = (0..<11 * 13).map { UInt16($0 * 400) }
    let picture = Image(width: 11, height: 13, color: .bits16(color), alpha: .bits16(alpha))
    let conversion = PixelConversion(width: 11, height: 13, factor: 8)
    let whole = written(picture, by: conversion)
    var joined: [Float] = []
    for start in stride(from: 0, to: conversion.paddedHeight, by: step) {
      let rows = start..<min(start + step, conversion.paddedHeight)
      joined += written(picture, by: conversion, rows: rows)
    }
    #expect(joined == whole)
    var samples: [UInt16] = []
    for start in stride(from: 0, to: 13, by: step) {
      let rows = start..<min(start + step, 13)
      var part = [UInt16](repeating: 0, count: rows.count * 33)
      var output = part.mutableSpan
      let first = start * conversion.rowCount
      let source = whole.span.extracting(first..<first + rows.count * conversion.rowCount)
      conversion.read(source, rows: rows, alpha: alpha.span, to: &output)
      samples += part
    }
    let image = conversion.image(from: whole.span, bitDepth: 16, alpha: picture.alpha)
    #expect(image.color == .bits16(samples))
    #expect(image.alpha == picture.alpha)
  }

  @Test("values round half to even, are clamped, and NaN becomes 0")
  func rounding() {
    let row: [Float] = [-1, 1, -1.5, 1.5, -.infinity, .infinity, .nan, 0, 1.0 / 255]
    let conversion = PixelConversion(width: 3, height: 1, factor: 1)
    // 0 is 127.5, of which 128 is the even neighbour; 1/255 is 128.
    let narrow = conversion.image(from: row.span, bitDepth: 8)
    #expect(narrow.color == .bits8([0, 255, 0, 255, 0, 255, 0, 128, 128]))
    let wide = conversion.image(from: row.span, bitDepth: 16)
    #expect(wide.color == .bits16([0, 65535, 0, 65535, 0, 65535, 0, 32768, 32896]))
  }

  @Test("rounding is that of fp32 to the nearest even for any value")
  func roundingOfNoise() {
    var state: UInt32 = 12345
    let values = (0..<30_000).map { _ -> Float in
      state = state &* 1_664_525 &+ 1_013_904_223
      return Float(state >> 8) / Float(1 << 23) * 1.1 - 1.1
    }
    let conversion = PixelConversion(width: 100, height: 100, factor: 4)
    let expected = values.map { value -> UInt8 in
      let clamped = min(max(value * 0.5 + 0.5, 0), 1)
      return UInt8((clamped * 255).rounded(.toNearestOrEven))
    }
    #expect(conversion.image(from: values.span, bitDepth: 8).color == .bits8(expected))
  }

  @Test("a picture is laid over the matte in fp32 and an opaque pixel stays exact")
  func matte() {
    let alpha: [UInt8] = [0, 1, 128, 254, 255]
    let color = (0..<15).map { UInt8($0 * 17) }
    let picture = Image(width: 5, height: 1, color: .bits8(color), alpha: .bits8(alpha))
    let matte = Matte(red: 255, green: 0, blue: 51)
    let conversion = PixelConversion(width: 5, height: 1, factor: 1, matte: matte)
    let background: [Float] = [255, 0, 51]
    let expected = (0..<15).map { (i: Int) -> Float in
      let opacity = Float(alpha[i / 3]) / 255
      let sample = Float(color[i]) / 255
      let mixture = opacity * sample + (1 - opacity) * (background[i % 3] / 255)
      return 2 * mixture - 1
    }
    let tensor = written(picture, by: conversion)
    #expect(tensor == expected)
    let opaque = color[12...].map { expectedNumber(Float($0), 255) }
    #expect(Array(tensor[12...]) == opaque)
  }

  @Test("the matte is taken out again, and stands where nothing else is known", arguments: [8, 16])
  func matteRemoval(depth: Int) throws {
    let alpha = Image.Samples.bits8([0, 64, 128, 255])
    let color = Image.Samples.bits8([9, 9, 9, 200, 100, 0, 0, 255, 77, 1, 2, 3])
    let matte = Matte(red: 255, green: 128, blue: 0)
    let conversion = PixelConversion(width: 4, height: 1, factor: 2, matte: matte)
    let picture = Image(width: 4, height: 1, color: color, alpha: alpha)
    let tensor = written(picture, by: conversion)
    let back = conversion.image(from: tensor.span, bitDepth: depth, alpha: alpha)
    let expected: [UInt8] = [255, 128, 0, 200, 100, 0, 0, 255, 77, 1, 2, 3]
    guard case .bits16(let values) = back.color else {
      #expect(back.color == .bits8(expected))
      #expect(back.alpha == alpha)
      return
    }
    // Division by the opacity multiplies the tensor's rounding, 2^-24, by 4 at most.
    for (value, wanted) in zip(values, expected) {
      #expect(abs(Int(value) - Int(wanted) * 257) <= 1)
    }
    #expect(back.alpha == .bits16([0, 64 * 257, 128 * 257, 65535]))
  }

  @Test("a 16-bit alpha plane is rounded for an 8-bit picture")
  func alphaDepth() {
    let conversion = PixelConversion(width: 3, height: 1, factor: 1)
    let tensor = [Float](repeating: 0, count: 9)
    let alpha = Image.Samples.bits16([128, 129, 65535])
    let image = conversion.image(from: tensor.span, bitDepth: 8, alpha: alpha)
    #expect(image.alpha == .bits8([0, 1, 255]))
  }
}

/// The number that stands in a tensor for `sample` of 0...`full`.
private func expectedNumber(_ sample: Float, _ full: Float) -> Float {
  2 * (sample / full) - 1
}

/// The rows of the tensor that `conversion` writes, all by default.
private func written(
  _ picture: Image, by conversion: PixelConversion, rows: Range<Int>? = nil
) -> [Float] {
  let rows = rows ?? 0..<conversion.paddedHeight
  var tensor = [Float](repeating: .nan, count: rows.count * conversion.rowCount)
  var output = tensor.mutableSpan
  conversion.write(picture, rows: rows, to: &output)
  return tensor
}
