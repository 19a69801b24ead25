import VAECodec

/// How far the work of a command is, and the line that says so.
struct ProgressState {
  /// Items of the batch.
  var itemCount: Int
  /// Items that were worked on or passed over.
  private(set) var endedCount = 0
  private var skippedCount = 0
  private var failedCount = 0
  /// What messages call the item in hand.
  private var name = ""
  /// The part of the item's work that is done, 0...1.
  private var fraction = 0.0

  init(itemCount: Int) { self.itemCount = itemCount }

  /// Takes note that `fraction` of the work on the item called `name` is done.
  mutating func advance(_ name: String, to fraction: Double) {
    self.name = InputFile.displayName(of: FileName(name).last)
    self.fraction = min(max(fraction, 0), 1)
  }

  /// Takes note that an item is over.
  mutating func end(skipped: Bool = false, failed: Bool = false) {
    endedCount += 1
    skippedCount += skipped ? 1 : 0
    failedCount += failed ? 1 : 0
    (name, fraction) = ("", 0)
  }

  /// The line after so many `seconds`, of at most `columns`.
  func line(after seconds: Double, columns: Int) -> String {
    itemCount > 1
      ? batchLine(after: seconds, columns: columns) : itemLine(after: seconds, columns: columns)
  }

  /// `photo.jpg  [######......]  45 %  0:12 left`
  private func itemLine(after seconds: Double, columns: Int) -> String {
    let left = fraction > 0.02 ? Self.clock(seconds / fraction * (1 - fraction)) + " left" : ""
    let numbers = "  " + Self.padded("\(Int(fraction * 100)) %", to: 5) + "  " + left
    // The bar keeps its length while the numbers grow.
    let room = columns - max(numbers.count, "  100 %  59:59 left".count) - "  []".count
    let name = name.withoutControls.cut(to: max(Self.leastName, room - Self.leastBar))
    let bar = min(room - name.displayWidth, Self.widestBar)
    guard bar >= Self.leastBar else { return (name + numbers).cut(to: columns) }
    let filled = Int(Double(bar) * fraction)
    return name + "  [" + String(repeating: "#", count: filled)
      + String(repeating: ".", count: bar - filled) + "]" + numbers
  }

  private static let leastBar = 8
  private static let widestBar = 40

  /// `37/500  3.1/s  ETA 2:29  2 failed  photo.jpg 45 %`, of which what has no room is left out.
  private func batchLine(after seconds: Double, columns: Int) -> String {
    var parts = ["\(endedCount)/\(itemCount)"]
    // Files that are passed over take no time, and say nothing of those to come.
    let worked = Double(endedCount - skippedCount) + fraction
    if worked > 0.02, seconds > 0.2 {
      let rate = worked / seconds
      parts += [
        Self.rate(rate), "ETA " + Self.clock((Double(itemCount - endedCount) - fraction) / rate),
      ]
    }
    if failedCount > 0 { parts.append("\(failedCount) failed") }
    var line = parts.joined(separator: "  ")
    let percent = " \(Int(fraction * 100)) %"
    let room = columns - line.count - percent.count - 2
    if !name.isEmpty, room >= Self.leastName {
      line += "  " + name.withoutControls.cut(to: room) + percent
    }
    return line.cut(to: columns)
  }

  /// Less of a name says nothing.
  private static let leastName = 8

  private static func rate(_ perSecond: Double) -> String {
    perSecond >= 0.1
      ? perSecond.fixed(perSecond < 10 ? 1 : 0) + "/s" : (1 / perSecond).fixed(0) + " s each"
  }

  /// A duration as minutes and seconds, or hours, minutes and seconds.
  static func clock(_ seconds: Double) -> String {
    let whole = Int(min(seconds, 359_999).rounded())
    let (hours, minutes) = (whole / 3600, whole / 60 % 60)
    let tail = ":" + padded("\(whole % 60)", to: 2, with: "0")
    return hours > 0
      ? "\(hours):" + padded("\(minutes)", to: 2, with: "0") + tail : "\(minutes)" + tail
  }

  private static func padded(_ text: String, to count: Int, with pad: Character = " ") -> String {
    String(repeating: pad, count: max(0, count - text.count)) + text
  }
}
