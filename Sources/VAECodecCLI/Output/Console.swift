import FoundationEssentials
import Glibc
import VAECodec

/// The standard streams: results go to standard output, everything else to standard error.
enum Console {
  /// Prints `text` on standard output.
  ///
  /// - Throws: `FileError`.
  static func print(_ text: String) throws {
    try OutputFile.write(Array(text.utf8), to: "-")
  }

  /// Prints a line on standard output, in which the names of files are made harmless as they are in
  /// `complain`.
  ///
  /// - Throws: `FileError`.
  static func printLine(_ line: String) throws {
    try print(line.withoutControls + "\n")
  }

  /// Prints a value on standard output as one line of JSON.
  ///
  /// - Throws: `FileError`.
  static func printJSON(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let text = String(decoding: try encoder.encode(value), as: UTF8.self)
    try print(text.withEscapedPathBytes + "\n")
  }

  /// Prints a line on standard error, prefixed with the program's name.
  ///
  /// Names of files may hold line ends and terminal sequences: those are shown as "?".
  static func complain(_ message: String) {
    write("vaecodec: \(message.withoutControls)\n")
  }

  /// Prints what is wrong, and what helps, on standard error.
  static func complain(of error: any Error) {
    for line in ErrorText.lines(of: error) { complain(line) }
  }

  /// Prints what was assumed about a model or a file, a line for each of `notes`, on standard error.
  static func note(_ notes: [String], of name: String) {
    for note in notes { complain("\(InputFile.displayName(of: name)): note: \(note)") }
  }

  /// Prints `text` on standard error as it is.
  static func write(_ text: String) {
    // When standard error is gone nobody is left to read it.
    let bytes = Array(text.utf8)
    _ = unsafe Glibc.write(STDERR_FILENO, bytes, bytes.count)
  }
}
