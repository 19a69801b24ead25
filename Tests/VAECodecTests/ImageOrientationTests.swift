import TestSupport
import Testing
import VAECodec

/// EXIF fields of every make, and alpha planes that are turned with the colour.
struct ImageOrientationTests {
  @Test(
    "the orientation is read in both byte orders and as either type",
    arguments: [false, true], [UInt8(3), 4])
  func fields(isBigEndian: Bool, type: UInt8) throws {
    let file = try jpeg(exif: exif(orientation: 8, isBigEndian: isBigEndian, type: type))
    let image = try Image(decoding: file)
    #expect(image.appliedOrientation == 8)
    #expect(image.width == 11 && image.height == 13)
  }

  @Test("an orientation that does not exist counts as none", arguments: [0, 9, 255] as [UInt8])
  func invalidValues(value: UInt8) throws {
    let image = try Image(decoding: jpeg(exif: exif(orientation: value)))
    #expect(image == (try Image(decoding: PictureFixtures.bytes(of: "ycc_444.jpg"))))
  }

  @Test("EXIF data cut at any byte never stops a picture from being read")
  func cutShort() throws {
    let whole = exif(orientation: 3)
    for count in 0..<whole.count {
      let image = try Image(decoding: jpeg(exif: Array(whole.prefix(count))))
      #expect(image.appliedOrientation == (count >= 20 ? 3 : 1), "cut at \(count)")
    }
  }

  @Test("an EXIF directory past the end counts as none")
  func wildOffset() throws {
    var bytes = exif(orientation: 3)
    bytes.replaceSubrange(4..<8, with: [0xFF, 0xFF, 0xFF, 0xFF])
    #expect(try Image(decoding: jpeg(exif: bytes)).appliedOrientation == 1)
  }

  @Test("an alpha plane and 16-bit samples turn with the picture")
  func alphaTurns() throws {
    let color = (0..<18).map { UInt16($0) * 3000 }
    let picture = Image(
      width: 3, height: 2, color: .bits16(color), alpha: .bits16([1, 2, 3, 4, 5, 6]))
    let file = inserting(chunk: exif(orientation: 6), into: try picture.pngData())
    let turned = try Image(decoding: file)
    #expect(turned.width == 2 && turned.height == 3)
    #expect(turned.alpha == .bits16([4, 1, 5, 2, 6, 3]))
    let rows = [3, 0, 4, 1, 5, 2].flatMap { color[$0 * 3..<$0 * 3 + 3] }
    #expect(turned.color == .bits16(rows))
  }

  @Test("an eXIf chunk behind the picture's data counts")
  func chunkAfterData() throws {
    let picture = Image(width: 2, height: 1, color: .bits8([1, 2, 3, 4, 5, 6]))
    let file = try picture.pngData()
    let image = try Image(
      decoding: inserting(chunk: exif(orientation: 2), into: file, at: file.count - 12))
    #expect(image.color == .bits8([4, 5, 6, 1, 2, 3]))
  }
}

/// A TIFF header and a directory of one field, the orientation.
private func exif(
  orientation: UInt8, isBigEndian: Bool = false, type: UInt8 = 3
) -> [UInt8] {
  func number(_ value: UInt8, byteCount: Int) -> [UInt8] {
    let rest = [UInt8](repeating: 0, count: byteCount - 1)
    return isBigEndian ? rest + [value] : [value] + rest
  }
  let valueBytes =
    type == 3 ? number(orientation, byteCount: 2) + [0, 0] : number(orientation, byteCount: 4)
  let tag: [UInt8] = isBigEndian ? [0x01, 0x12] : [0x12, 0x01]
  return Array((isBigEndian ? "MM" : "II").utf8) + number(42, byteCount: 2)
    + number(8, byteCount: 4) + number(1, byteCount: 2) + tag + number(type, byteCount: 2)
    + number(1, byteCount: 4) + valueBytes
}

/// The fixture `ycc_444.jpg` with an EXIF segment in front.
private func jpeg(exif: [UInt8]) throws -> [UInt8] {
  let bytes = try PictureFixtures.bytes(of: "ycc_444.jpg")
  let segment = Array("Exif\0\0".utf8) + exif
  return bytes[..<2] + [0xFF, 0xE1, 0, UInt8(segment.count + 2)] + segment + bytes[2...]
}

/// A PNG file with an eXIf chunk at `place`, by default behind its header. Readers of EXIF chunks
/// do not check their sums, so it has none.
private func inserting(chunk data: [UInt8], into file: [UInt8], at place: Int = 33) -> [UInt8] {
  let chunk = [0, 0, 0, UInt8(data.count)] + Array("eXIf".utf8) + data + [0, 0, 0, 0]
  return file[..<place] + chunk + file[place...]
}
