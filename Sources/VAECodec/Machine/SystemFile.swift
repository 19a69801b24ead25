/// A short text that the system makes up as it is read.
struct SystemFile {
  private let bytes: [UInt8]

  /// Few of these texts are longer.
  private static let usualByteCount = 4096

  /// The text of the file at `path`; nil if there is none.
  init?(_ path: String) {
    guard let bytes = try? InputFile.bytes(at: path, chunkByteCount: Self.usualByteCount) else {
      return nil
    }
    self.bytes = bytes
  }

  /// The text.
  var text: String { String(decoding: bytes, as: UTF8.self) }

  /// The number that the file holds and nothing else; nil for "max" and -1, which stand for no limit.
  var number: Int? {
    let numbers = numbers
    return numbers.count == 1 ? numbers[0] : nil
  }

  /// The numbers of the file, which are all that it holds; else none.
  var numbers: [Int] {
    let words = bytes.split { [UInt8(ascii: " "), UInt8(ascii: "\n")].contains($0) }
    let numbers = words.compactMap(Self.number)
    return numbers.count == words.count ? numbers : []
  }

  /// The first number in the line that begins with `name`; nil if there is no such line.
  func field(_ name: String) -> Int? {
    var start = bytes.startIndex
    while start < bytes.endIndex {
      let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.endIndex
      let line = bytes[start..<end]
      if line.starts(with: name.utf8) {
        return Self.number(
          line.dropFirst(name.utf8.count).drop { !Self.isDigit($0) }.prefix(while: Self.isDigit))
      }
      start = end + 1
    }
    return nil
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
  }

  private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
    guard !digits.isEmpty, digits.allSatisfy(isDigit) else { return nil }
    var value = 0
    for digit in digits {
      let (product, overflows) = value.multipliedReportingOverflow(by: 10)
      guard !overflows else { return nil }
      value = product &+ Int(digit - UInt8(ascii: "0"))
    }
    return value
  }
}
