import FoundationEssentials
import Glibc
import VAECodec

/// The standard streams: results go to standard output, everything else to standard error.
enum Console {
  /// Whether standard error is a terminal.
  static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// Prints `text` on standard output.
  ///
  /// - Throws: `FileError`.
  static func print(_ text: String) throws {
    try OutputFile.write(Array(text.utf8), to: "-")
  }

  /// Prints a value on standard output as one line of JSON.
  ///
  /// - Throws: `FileError`.
  static func printJSON(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    try print(String(decoding: encoder.encode(value), as: UTF8.self) + "\n")
  }

  /// Prints a line on standard error, prefixed with the program's name.
  static func complain(_ message: String) {
    write("vaecodec: \(message)\n")
  }

  /// Prints `text` on standard error as it is.
  static func write(_ text: String) {
    // When standard error is gone there is nobody left to tell.
    let bytes = Array(text.utf8)
    _ = unsafe Glibc.write(STDERR_FILENO, bytes, bytes.count)
  }
}

/// A line on a terminal that says how far the work is; nothing where there is no terminal.
final class ProgressLine {
  private let isShown: Bool
  private var percent = -1

  /// A line that is shown if `isWanted` and standard error is a terminal.
  init(isWanted: Bool) { isShown = isWanted && Console.isTerminal }

  /// Shows that `fraction` (0...1) of `what` is done.
  func show(_ what: String, _ fraction: Double) {
    let now = Int(fraction * 100)
    guard isShown, now != percent else { return }
    percent = now
    Console.write("\r\u{1B}[Kvaecodec: \(what): \(now) %")
  }

  /// Takes the line away.
  func clear() {
    guard isShown, percent >= 0 else { return }
    percent = -1
    Console.write("\r\u{1B}[K")
  }
}
