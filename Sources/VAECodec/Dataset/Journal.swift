import VAE

/// What was done in a folder before, by the lines of its journals.
///
/// The files are the truth, and a journal is what saves looking at them: a line that is lost or damaged costs
/// nothing but the look.
struct Journal: Sendable {
  private let entries: [String: JournalEntry]

  /// The name of the journal of one of several processes that share a data set.
  static func name(of writer: String) -> String { "items-\(writer).jsonl" }

  /// Reads all journals in `folder`.
  init(in folder: String) {
    var entries: [String: JournalEntry] = [:]
    for name in FileSystem.fileNames(in: folder)
    where name.hasPrefix("items-") && name.hasSuffix(".jsonl") {
      guard let bytes = try? InputFile.bytes(at: FileSystem.path(name, in: folder)) else {
        continue
      }
      var start = bytes.startIndex
      // What follows the last line end was cut short.
      while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
        if let entry = JournalEntry(bytes[start..<end]) { entries[entry.key] = entry }
        start = end + 1
      }
    }
    self.entries = entries
  }

  /// The inputs of which something was made.
  var made: [JournalEntry] { entries.values.filter { $0.fileCount != nil } }

  /// What the last line on an input says.
  subscript(key: String) -> JournalEntry? { entries[key] }
}
