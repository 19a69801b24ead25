/// How kinds of files are recognised that have no signature.
extension FileKind {
  static func unmarked(_ beginning: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    beginning.starts(with: [0xEF, 0xBB, 0xBF]) ? beginning.dropFirst(3) : beginning
  }

  static func text(of beginning: ArraySlice<UInt8>) -> String {
    String(decoding: unmarked(beginning).drop { $0.isSpace }, as: UTF8.self).lowercased()
  }

  static func isText(_ beginning: ArraySlice<UInt8>) -> Bool {
    !beginning.isEmpty
      && unmarked(beginning).allSatisfy { $0.isSpace || (0x20...0x7E).contains($0) }
  }

  /// A count of samples and as many offsets and one more, which grow and begin behind their table and a
  /// short description of the columns.
  ///
  /// - SeeAlso: mosaicml/streaming `base/format/mds/writer.py`.
  static func isShard(_ beginning: ArraySlice<UInt8>) -> Bool {
    let bytes = Array(beginning)
    let words = stride(from: 0, to: bytes.count - 3, by: 4).map { offset in
      bytes[offset..<offset + 4].reversed().reduce(0) { $0 << 8 | Int($1) }
    }
    guard let count = words.first, (1..<1 << 24).contains(count), words.count > 2 else {
      return false
    }
    let offsets = words.dropFirst().prefix(count + 1)
    let table = 4 * (count + 2)
    return (table...table + 4096).contains(offsets.first ?? 0)
      && Swift.zip(offsets, offsets.dropFirst()).allSatisfy { $0 < $1 }
  }

  /// A plausible length and an opening brace.
  static func isSafetensors(_ beginning: ArraySlice<UInt8>) -> Bool {
    let bytes = Array(beginning.prefix(9))
    guard bytes.count == 9, bytes[8] == UInt8(ascii: "{") else { return false }
    // The reference reader's limit, 100 MB, needs 27 bits.
    return bytes[4..<8].allSatisfy { $0 == 0 } && bytes[3] < 8
  }

  /// The name of the first file of a ZIP archive, as far as it is shown.
  ///
  /// - SeeAlso: PKWARE's APPNOTE.TXT, 4.3.7, for the local file header.
  static func firstName(ofZIP beginning: ArraySlice<UInt8>) -> String {
    let bytes = Array(beginning)
    guard bytes.count > 30 else { return "" }
    return String(
      decoding: bytes[30...].prefix(Int(bytes[26]) | Int(bytes[27]) << 8), as: UTF8.self)
  }

  /// A version, and then the name of the program that wrote the model, a text.
  ///
  /// - SeeAlso: onnx `onnx.proto`, `ModelProto`.
  static func isONNX(_ beginning: ArraySlice<UInt8>) -> Bool {
    let bytes = Array(beginning)
    guard bytes.count > 8, bytes[0] == 0x08, bytes[1] < 0x20, bytes[2] == 0x12, bytes[3] > 1 else {
      return false
    }
    return bytes[4...].prefix(Int(bytes[3])).allSatisfy { (0x20...0x7E).contains($0) }
  }

  /// A version, and then a description, a message.
  ///
  /// - SeeAlso: Core ML's `Model.proto`.
  static func isCoreML(_ beginning: ArraySlice<UInt8>) -> Bool {
    let bytes = Array(beginning)
    return bytes.count > 8 && bytes[0] == 0x08 && bytes[1] < 0x20 && bytes[2] == 0x12
      && !isONNX(beginning)
  }

  /// A map of few entries, of which the first has a text for its key; the count may be followed by
  /// anything where it takes bytes of its own.
  ///
  /// - SeeAlso: the specification of MessagePack, map format family.
  static func isMessagePack(_ beginning: ArraySlice<UInt8>) -> Bool {
    let bytes = Array(beginning)
    guard bytes.count > 8 else { return false }
    switch bytes[0] {
    case 0x81...0x8F: return (0xA1...0xBF).contains(bytes[1]) || bytes[1] == 0xD9
    case 0xDE: return bytes[1] < 0x10
    case 0xDF: return bytes[1] == 0 && bytes[2] == 0
    default: return false
    }
  }
}

extension UInt8 {
  /// Whether the byte is a space, a tab or a line end in ASCII.
  fileprivate var isSpace: Bool { [0x20, 0x09, 0x0A, 0x0D].contains(self) }
}
