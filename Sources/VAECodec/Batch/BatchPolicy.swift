/// What a batch does where not all is as it should be.
public struct BatchPolicy: Sendable, Equatable {
  /// What to do with an item whose output exists.
  public enum ExistingFiles: Sendable, Equatable {
    /// The item fails.
    case keep
    /// The file is replaced.
    case replace
    /// The item is passed over, as when a batch is taken up again, if its output is whole and what it states
    /// is what would be written; else the item fails.
    case skip
  }

  /// What to do with items whose output exists.
  public var existingFiles: ExistingFiles
  /// Whether the first failure is the last, and what follows is left undone.
  public var stopsAtFailure: Bool
  /// How many items may fail before what follows is left undone.
  public var maximumFailures: FailureLimit

  /// A policy; existing files are kept and failures passed over unless it says otherwise.
  public init(
    existingFiles: ExistingFiles = .keep, stopsAtFailure: Bool = false,
    maximumFailures: FailureLimit = .all
  ) {
    self.existingFiles = existingFiles
    self.stopsAtFailure = stopsAtFailure
    self.maximumFailures = maximumFailures
  }

  var replaces: Bool { existingFiles == .replace }
}
