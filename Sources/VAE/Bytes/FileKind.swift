/// Kinds of files that people hold for weights by mistake, told by their first bytes.
package enum FileKind: String {
  case pickle =
    "a PyTorch pickle or ZIP archive (.pt, .pth, .ckpt, .bin); convert it to safetensors"
  case gguf = "a GGUF file"
  case lfsPointer = "a Git LFS pointer: the file itself was not downloaded"
  case html = "an HTML page saved under the name of a weight file"
  case xml = "an XML text, such as a server's error message"
  case json = "a JSON text, such as a server's error message or a configuration"
  case text = "a text, such as a server's error message"

  /// The first bytes of each kind, in lower case; a byte order mark and space before them are skipped.
  private static let beginnings: [(String, FileKind)] = [
    ("pk\u{03}\u{04}", .pickle), ("gguf", .gguf), ("version https://git-lfs", .lfsPointer),
    ("<!doctype", .html), ("<html", .html), ("<head", .html), ("<!--", .html), ("<?xml", .xml),
    ("{", .json),
  ]

  private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// The kind of a file that begins with `prefix`, or nil if it is none of these.
  package init?(_ prefix: [UInt8]) {
    if prefix.first == 0x80, let version = prefix.dropFirst().first, version < 6 {
      self = .pickle
      return
    }
    let unmarked = prefix.starts(with: Self.byteOrderMark) ? prefix.dropFirst(3) : prefix[...]
    let text = String(decoding: unmarked.drop { $0.isSpace }, as: UTF8.self).lowercased()
    if let match = Self.beginnings.first(where: { text.hasPrefix($0.0) }) {
      self = match.1
    } else if !prefix.isEmpty, unmarked.allSatisfy({ $0.isSpace || (0x20...0x7E).contains($0) }) {
      self = .text
    } else {
      return nil
    }
  }
}

extension FileKind {
  /// The kind of the file at `path`, or nil if it is none of these or cannot be read.
  package init?(path: String) {
    guard let file = try? MappedFile(path: path) else { return nil }
    self.init(file.bytes(in: 0..<min(file.byteCount, Self.prefixByteCount)))
  }

  /// Bytes of a file's beginning that tell its kind.
  package static let prefixByteCount = 64
}

extension UInt8 {
  /// Whether the byte is a space, a tab or a line end in ASCII.
  fileprivate var isSpace: Bool { [0x20, 0x09, 0x0A, 0x0D].contains(self) }
}
