import Glibc
import Synchronization
import VAECodec

/// A line on a terminal that says how far the work is; nothing where there is no terminal.
///
/// It may be advanced from several threads at the same time.
final class ProgressLine: Sendable {
  private struct Drawing {
    var state: ProgressState
    var isVisible = false
    var drawn: ContinuousClock.Instant?
  }

  private let drawing: Mutex<Drawing>
  private let isShown: Bool
  private let start = ContinuousClock.now

  /// More often than this, nobody reads it.
  private static let interval = Duration.milliseconds(100)

  /// A line for a batch of `itemCount`, that is shown if `isWanted` and standard error is a terminal.
  init(isWanted: Bool, itemCount: Int) {
    isShown = isWanted && Terminal.canRedraw
    drawing = Mutex(Drawing(state: ProgressState(itemCount: itemCount)))
  }

  /// Shows that `fraction` (0...1) of the work on the item called `name` is done.
  func advance(_ name: String, to fraction: Double) {
    guard isShown else { return }
    drawing.withLock { drawing in
      drawing.state.advance(name, to: fraction)
      draw(&drawing)
    }
  }

  /// Takes note that an item is over.
  func end(_ item: Batch.Item, skipped: Bool = false, failed: Bool = false) {
    guard isShown else { return }
    drawing.withLock { drawing in
      // Its input was counted as one.
      if item.isFurtherPart { drawing.state.itemCount += 1 }
      drawing.state.end(skipped: skipped, failed: failed)
      let state = drawing.state
      if state.itemCount > 1, state.endedCount < state.itemCount { draw(&drawing) }
    }
  }

  /// Takes the line away, for another to be printed in its place.
  func clear() {
    guard isShown else { return }
    drawing.withLock { drawing in
      guard drawing.isVisible else { return }
      drawing.isVisible = false
      Console.write("\r\u{1B}[K")
    }
  }

  private func draw(_ drawing: inout Drawing) {
    let now = ContinuousClock.now
    if let drawn = drawing.drawn, now - drawn < Self.interval { return }
    // A line that fills the last column may go on in the next.
    let columns = (Terminal.columns(of: STDERR_FILENO) ?? Terminal.usualColumns) - 1
    let text = drawing.state.line(after: (now - start) / .seconds(1), columns: columns)
    Console.write("\r\u{1B}[K" + text)
    (drawing.isVisible, drawing.drawn) = (true, now)
  }
}
