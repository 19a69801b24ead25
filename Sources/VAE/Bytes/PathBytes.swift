/// Paths as strings, whatever their bytes are.
///
/// To the system a path is bytes, of which 0 and "/" alone mean something; a string holds Unicode. What is
/// no UTF-8 stands in the string as characters of private use, one for each byte: U+10FF80...U+10FFFF for
/// 0x80...0xFF. The bytes of those characters themselves are kept in the same way, so that a path comes
/// back as it was, whatever it is.
extension String {
  /// The string for a path of `bytes`.
  package init(pathBytes bytes: some Collection<UInt8>) {
    if !bytes.contains(Self.firstByteOfStands), let text = String(validating: bytes, as: UTF8.self)
    {
      self = text
      return
    }
    self.init()
    var rest = Array(bytes)[...]
    while let byte = rest.first {
      let scalar = (1...4).lazy.compactMap { Self.scalar(rest.prefix($0)) }.first
      if let scalar, Self.byte(of: scalar) == nil {
        unicodeScalars.append(scalar)
        rest = rest.dropFirst(UTF8.width(scalar))
      } else {
        unicodeScalars.append(Self.stand(for: byte))
        rest = rest.dropFirst()
      }
    }
  }

  /// The bytes of the path that the string stands for.
  package var pathBytes: [UInt8] {
    guard utf8.contains(Self.firstByteOfStands) else { return Array(utf8) }
    return unicodeScalars.flatMap { scalar in
      Self.byte(of: scalar).map { [$0] } ?? Array(String(scalar).utf8)
    }
  }

  /// The same bytes with a 0 at their end, as calls of the system take them.
  package var systemPath: [CChar] { pathBytes.map { CChar(bitPattern: $0) } + [0] }

  /// The byte that a character of a path stands for; nil if it stands for itself.
  package static func byte(of scalar: Unicode.Scalar) -> UInt8? {
    firstStand...lastStand ~= scalar ? UInt8(truncatingIfNeeded: scalar.value) : nil
  }

  private static let firstStand: Unicode.Scalar = "\u{10FF80}"
  private static let lastStand: Unicode.Scalar = "\u{10FFFF}"
  /// The byte that all of them begin with in UTF-8: a path without it has none.
  private static let firstByteOfStands: UInt8 = 0xF4

  private static func stand(for byte: UInt8) -> Unicode.Scalar {
    // Only bytes from 0x80 on are ever no UTF-8.
    Unicode.Scalar(firstStand.value & ~0xFF | UInt32(byte)) ?? firstStand
  }

  /// The one scalar that `bytes` are; nil if they are none or more.
  private static func scalar(_ bytes: ArraySlice<UInt8>) -> Unicode.Scalar? {
    guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
    return text.unicodeScalars.count == 1 ? text.unicodeScalars.first : nil
  }
}
