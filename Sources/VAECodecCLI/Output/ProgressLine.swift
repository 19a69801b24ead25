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
    Console.write("\r\u{1B}[Kvaecodec: \(what.withoutControls): \(now) %")
  }

  /// Takes the line away.
  func clear() {
    guard isShown, percent >= 0 else { return }
    percent = -1
    Console.write("\r\u{1B}[K")
  }
}
