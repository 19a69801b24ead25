import Glibc
import VAECodec

/// A line on a terminal that says how far the work is; nothing where there is no terminal.
final class ProgressLine {
  private var state: ProgressState
  private let isShown: Bool
  private let start = ContinuousClock.now
  private var isVisible = false
  private var drawn: ContinuousClock.Instant?

  /// More often than this, nobody reads it.
  private static let interval = Duration.milliseconds(100)

  /// A line for a batch of `itemCount`, that is shown if `isWanted` and standard error is a terminal.
  init(isWanted: Bool, itemCount: Int) {
    isShown = isWanted && Terminal.canRedraw
    state = ProgressState(itemCount: itemCount)
  }

  /// Shows that `fraction` (0...1) of the work on the item called `name` is done.
  func advance(_ name: String, to fraction: Double) {
    state.advance(name, to: fraction)
    draw()
  }

  /// Takes note that an item is over.
  func end(_ item: Batch.Item, skipped: Bool = false, failed: Bool = false) {
    // Its input was counted as one.
    if item.isFurtherPart { state.itemCount += 1 }
    state.end(skipped: skipped, failed: failed)
    if state.itemCount > 1, state.endedCount < state.itemCount { draw() }
  }

  /// Takes the line away, for another to be printed in its place.
  func clear() {
    guard isVisible else { return }
    isVisible = false
    Console.write("\r\u{1B}[K")
  }

  private func draw() {
    guard isShown else { return }
    let now = ContinuousClock.now
    if let drawn, now - drawn < Self.interval { return }
    // A line that fills the last column may go on in the next.
    let columns = (Terminal.columns(of: STDERR_FILENO) ?? Terminal.usualColumns) - 1
    let text = state.line(after: (now - start) / .seconds(1), columns: columns)
    Console.write("\r\u{1B}[K" + text)
    (isVisible, drawn) = (true, now)
  }
}
