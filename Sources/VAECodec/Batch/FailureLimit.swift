/// How many items of a batch may fail before what follows is left undone.
public enum FailureLimit: Sendable, Equatable {
  /// As many as there are.
  case all
  /// As many as there are, unless none was right among the first hundred: then something is wrong that is no
  /// matter of single files.
  case unlessHopeless
  /// So many.
  case count(Int)
  /// A share of all items, 0...1.
  case share(Double)

  /// The failures without a success that are taken for a mistake.
  private static let hopelessCount = 100

  /// Whether a batch goes on that has come so far.
  public func allows(_ summary: BatchSummary) -> Bool {
    let failures = summary.failedCount
    return switch self {
    case .all: true
    case .unlessHopeless:
      summary.doneCount + summary.skippedCount > 0 || failures < Self.hopelessCount
    case .count(let count): failures <= count
    case .share(let share): Double(failures) <= share * Double(summary.itemCount)
    }
  }
}
