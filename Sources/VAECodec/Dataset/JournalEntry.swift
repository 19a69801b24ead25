import VAE

/// What a journal says of one input: a line of JSON.
struct JournalEntry: Equatable, Sendable {
  /// What became of the input.
  enum Outcome: Equatable, Sendable {
    /// So many files were made, of so many bytes together; the checksum is the CRC-32 of an only one.
    case made(files: Int, byteCount: Int, checksum: UInt32?)
    /// Nothing was made, for this reason; what lies in the place of the outputs may be of an earlier run.
    case failed(String, isMadeBefore: Bool)
  }

  /// The input, as the whole data set calls it.
  let key: String
  /// The input as it was; nil where it could not be looked at.
  let source: FileStamp?
  let outcome: Outcome

  /// The files that were made; nil where none was.
  var fileCount: Int? {
    if case .made(let count, _, _) = outcome { count } else { nil }
  }
}

extension JournalEntry {
  private static let version = "{\"v\":1,\"key\":"

  /// The line, its end included.
  var line: [UInt8] {
    var text = Self.version + Self.quoted(key)
    if let source { text += ",\"size\":\(source.byteCount),\"mtime_ns\":\(source.modified)" }
    switch outcome {
    case .made(let files, let byteCount, let checksum):
      text += ",\"status\":\"ok\",\"files\":\(files),\"bytes\":\(byteCount)"
      if let checksum { text += ",\"crc32\":\(checksum)" }
    case .failed(let error, let isMadeBefore):
      text += ",\"status\":\"\(isMadeBefore ? "stale" : "failed")\",\"error\":" + Self.quoted(error)
    }
    return Array((text + "}\n").utf8)
  }

  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": quoted += "\\" + String(scalar)
      case "\u{0}"..<" ":
        quoted += "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return (quoted + "\"").withEscapedPathBytes
  }

  /// The entry of a line without its end; nil if it is no line that was written whole.
  init?(_ line: ArraySlice<UInt8>) {
    var scanner = JournalScanner(line)
    guard scanner.take(Self.version), let key = scanner.string() else { return nil }
    self.key = key
    if scanner.take(",\"size\":") {
      guard let size = scanner.number(), scanner.take(",\"mtime_ns\":"),
        let modified = scanner.number()
      else { return nil }
      source = FileStamp(byteCount: size, modified: modified)
    } else {
      source = nil
    }
    if scanner.take(",\"status\":\"ok\",\"files\":") {
      guard let files = scanner.number(), files > 0, scanner.take(",\"bytes\":"),
        let byteCount = scanner.number()
      else { return nil }
      var checksum: UInt32?
      if scanner.take(",\"crc32\":") {
        checksum = scanner.number().flatMap { UInt32(exactly: $0) }
        guard checksum != nil else { return nil }
      }
      outcome = .made(files: files, byteCount: byteCount, checksum: checksum)
    } else {
      let isMadeBefore = scanner.take(",\"status\":\"stale\",\"error\":")
      guard isMadeBefore || scanner.take(",\"status\":\"failed\",\"error\":"),
        let error = scanner.string()
      else { return nil }
      outcome = .failed(error, isMadeBefore: isMadeBefore)
    }
    guard scanner.take("}"), scanner.isAtEnd else { return nil }
  }
}
