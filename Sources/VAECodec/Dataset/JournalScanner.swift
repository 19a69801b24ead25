import VAE

/// Reads the parts of a journal's line one after the other.
struct JournalScanner {
  private var rest: ArraySlice<UInt8>

  init(_ line: ArraySlice<UInt8>) { rest = line }

  var isAtEnd: Bool { rest.isEmpty }

  /// Takes `text` if it comes next.
  mutating func take(_ text: String) -> Bool {
    guard rest.starts(with: text.utf8) else { return false }
    rest = rest.dropFirst(text.utf8.count)
    return true
  }

  /// Takes a whole number that is not negative.
  mutating func number() -> Int? {
    var value = 0
    var isEmpty = true
    while let byte = rest.first, UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte {
      let (product, overflows) = value.multipliedReportingOverflow(by: 10)
      let (sum, carries) = product.addingReportingOverflow(Int(byte - UInt8(ascii: "0")))
      guard !overflows, !carries else { return nil }
      (value, isEmpty) = (sum, false)
      rest = rest.dropFirst()
    }
    return isEmpty ? nil : value
  }

  /// Takes a string, with the bytes of paths that are no UTF-8.
  mutating func string() -> String? {
    guard take("\"") else { return nil }
    guard
      let end = rest.firstIndex(where: { [UInt8(ascii: "\""), UInt8(ascii: "\\")].contains($0) })
    else { return nil }
    var bytes = Array(rest[..<end])
    rest = rest[end...]
    while let byte = rest.first {
      rest = rest.dropFirst()
      switch byte {
      case UInt8(ascii: "\""): return String(pathBytes: bytes)
      case UInt8(ascii: "\\"):
        guard let escaped = escape() else { return nil }
        bytes.append(escaped)
      default: bytes.append(byte)
      }
    }
    return nil
  }

  /// Takes what follows a backslash: a sign that stands for itself, or four digits, of a control character or of
  /// a byte that is no UTF-8, 0xDC80...0xDCFF.
  private mutating func escape() -> UInt8? {
    guard let sign = rest.first else { return nil }
    rest = rest.dropFirst()
    guard sign == UInt8(ascii: "u") else { return sign }
    let digits = String(decoding: rest.prefix(4), as: UTF8.self)
    guard digits.utf8.count == 4, let value = UInt32(digits, radix: 16),
      value < 0x20 || 0xDC80...0xDCFF ~= value
    else { return nil }
    rest = rest.dropFirst(4)
    return UInt8(truncatingIfNeeded: value)
  }
}
