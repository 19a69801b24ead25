/// How a data set is worked on whose outputs lie in a folder that remembers what was done.
public struct DatasetPolicy: Sendable, Equatable {
  /// How it is told that an input has not changed since its output was made.
  public enum SourceCheck: String, Sendable, CaseIterable {
    /// By its size and the time of its last change.
    case stat
    /// By nothing: where the output is, the work is done.
    case exists
  }

  /// When outputs are on the disk.
  public enum Sync: String, Sendable, CaseIterable {
    /// Many at a time, before they take their names.
    case group
    /// Each for itself, before they take their names: where other programs write much to the same file system.
    case file
    /// When the system likes: for disks whose content may be lost.
    case none
  }

  /// How a changed input is noticed.
  public var check: SourceCheck
  /// Whether inputs that failed are tried again.
  public var retriesFailed: Bool
  /// When outputs are on the disk.
  public var sync: Sync
  /// The part of the data set that is worked on.
  public var shard: DatasetPart
  /// The name of this process among those that write to one folder at the same time with lists of their own; nil for
  /// the name of its part.
  public var writer: String?

  /// What the process's journal and lock are called by.
  var writerName: String { writer ?? shard.name }

  /// A policy; what is left out is as usual.
  public init(
    check: SourceCheck = .stat, retriesFailed: Bool = true, sync: Sync = .group,
    shard: DatasetPart = .whole, writer: String? = nil
  ) {
    self.check = check
    self.retriesFailed = retriesFailed
    self.sync = sync
    self.shard = shard
    self.writer = writer
  }
}
