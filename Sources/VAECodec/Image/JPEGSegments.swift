import VAE

/// The metadata that stands before the first scan of a JPEG file: EXIF and the ICC profile. The
/// picture itself is libjpeg's work.
struct JPEGSegments {
  /// The bytes of the EXIF segment from its TIFF header on; empty without one.
  let exif: [UInt8]
  /// The ICC profile, joined from its segments; empty without one, or if a part is missing.
  let iccProfile: [UInt8]

  /// The marker codes (ITU-T T.81, table B.1) that matter here.
  private enum Marker {
    static let standalone: Set<UInt8> = [
      0x01, 0xD0, 0xD1, 0xD2, 0xD3, 0xD4, 0xD5, 0xD6, 0xD7, 0xD8,
    ]
    static let endOfImage: UInt8 = 0xD9
    static let startOfScan: UInt8 = 0xDA
    static let app1: UInt8 = 0xE1
    static let app2: UInt8 = 0xE2
  }

  /// The segments of the file `bytes`; what cannot be read is as if it were not there.
  init(of bytes: [UInt8]) {
    var exif: [UInt8]?
    var profileParts: [ArraySlice<UInt8>] = []
    let exifName = Array("Exif\0\0".utf8)
    let profileName = Array("ICC_PROFILE\0".utf8)
    Self.forEachSegment(of: bytes) { marker, data in
      if marker == Marker.app1, exif == nil, data.starts(with: exifName) {
        exif = Array(data.dropFirst(exifName.count))
      } else if marker == Marker.app2, data.starts(with: profileName) {
        profileParts.append(data.dropFirst(profileName.count))
      }
    }
    self.exif = exif ?? []
    self.iccProfile = Self.joined(profileParts)
  }

  private static func forEachSegment(
    of bytes: [UInt8], _ body: (_ marker: UInt8, _ data: ArraySlice<UInt8>) -> Void
  ) {
    var reader = ByteReader(bytes, byteOrder: .bigEndian)
    do {
      while true {
        let marker = try nextMarker(&reader)
        if marker == Marker.startOfScan || marker == Marker.endOfImage { return }
        if Marker.standalone.contains(marker) { continue }
        body(marker, try reader.readBytes(Int(try reader.read(UInt16.self)) - 2))
      }
    } catch {
      return
    }
  }

  /// The next marker code, past stray bytes and fill bytes as libjpeg passes over them.
  private static func nextMarker(_ reader: inout ByteReader) throws -> UInt8 {
    while true {
      while try reader.read(UInt8.self) != 0xFF {}
      var code = try reader.read(UInt8.self)
      while code == 0xFF { code = try reader.read(UInt8.self) }
      if code != 0 { return code }
    }
  }

  /// The profile whose parts each begin with their number, from 1, and the number of parts
  /// (ICC.1:2022, B.4); empty if one is missing or the numbers disagree.
  private static func joined(_ parts: [ArraySlice<UInt8>]) -> [UInt8] {
    var byNumber: [UInt8: ArraySlice<UInt8>] = [:]
    var counts: Set<UInt8> = []
    for part in parts {
      guard let number = part.first, let count = part.dropFirst().first else { return [] }
      byNumber[number] = part.dropFirst(2)
      counts.insert(count)
    }
    guard counts.count == 1, let count = counts.first, count > 0 else { return [] }
    var profile: [UInt8] = []
    for number in 1...count {
      guard let part = byNumber[number] else { return [] }
      profile += part
    }
    return profile
  }
}
