import FoundationEssentials
import Glibc

/// What the program knows of the terminal that a stream leads to.
enum Terminal {
  /// The columns of the terminal at `stream`; nil where it leads elsewhere.
  static func columns(of stream: Int32) -> Int? {
    guard isatty(stream) == 1 else { return nil }
    var size = winsize()
    guard unsafe ioctl(stream, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
      return usualColumns
    }
    return Int(size.ws_col)
  }

  /// Of a terminal that does not say it.
  static let usualColumns = 80

  /// Whether a line on standard error can be taken back.
  static var canRedraw: Bool {
    isatty(STDERR_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
  }
}
