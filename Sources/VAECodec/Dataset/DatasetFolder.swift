import VAE

import Synchronization

/// An output folder that remembers what was done in it.
///
/// What the disk holds under its own name is done: outputs are written under temporary names, synced, and renamed
/// in groups, and then the journal gets their lines. Whenever a run ends, by whatever, only the group in hand is
/// lost; its outputs that have their names already are looked at and kept by the next run.
///
/// In the folder `.vaecodec` lie `run.json`, which is what the outputs have in common; a journal and a lock for each
/// process that works on a part of the data set; and the temporary files.
final class DatasetFolder: Sendable {
  /// The output folder.
  private let path: String
  let policy: DatasetPolicy
  /// Whether all is made anew.
  private let replaces: Bool
  /// Whether a run was here before: what it left without a line may be replaced.
  private let isTakenUp: Bool
  private let journal: Journal
  private let lines: AppendedFile
  private let lock: FolderLock?
  /// Where the temporary files of this process lie.
  private let temporaryFolder: String
  private let madeFolders = Mutex<Set<String>>([])

  /// The folder with what is remembered, in an output folder.
  static let name = ".vaecodec"

  /// Opens the folder at `path`, which is there.
  ///
  /// - Parameters:
  ///   - record: what the outputs are to have in common.
  ///   - replaces: makes all outputs anew, whatever was there.
  /// - Throws: `DatasetError`, `FileError`.
  init(at path: String, _ record: RunRecord, _ policy: DatasetPolicy, replaces: Bool) throws {
    let own = FileSystem.path(Self.name, in: path)
    let temporaries = Self.temporaries(in: path)
    try OutputFolder.make(temporaries)
    let holder = "process \(ThisProcess.number) on \(ThisProcess.host)"
    (lock, _) = try Self.lock(
      FileSystem.path("lock-\(policy.writerName)", in: own), holder, folder: path)
    let recordPath = FileSystem.path("run.json", in: own)
    let found = replaces ? nil : try RunRecord(at: recordPath)
    let differences = found?.differences(from: record) ?? []
    guard differences.isEmpty else {
      throw DatasetError.otherRun(folder: path, differences: differences)
    }
    let journalPath = FileSystem.path(Journal.name(of: policy.writerName), in: own)
    if replaces { try OutputFile.remove(journalPath) }
    if found == nil { try record.write(to: recordPath) }
    self.path = path
    self.policy = policy
    self.replaces = replaces
    isTakenUp = found != nil
    journal = Journal(in: own)
    lines = try AppendedFile(journalPath)
    Self.removeAbandoned(in: temporaries)
    temporaryFolder = Self.temporaryFolder(in: path)
    try OutputFolder.make(temporaryFolder)
  }

  deinit { OutputFolder.remove(temporaryFolder) }

  /// Takes away the temporary files of this process in the output folder at `path`.
  static func removeTemporaryFiles(in path: String) {
    OutputFolder.remove(temporaryFolder(in: path))
  }

  private static func temporaries(in path: String) -> String {
    FileSystem.path("tmp", in: FileSystem.path(name, in: path))
  }

  private static func temporaryFolder(in path: String) -> String {
    FileSystem.path("\(ThisProcess.host)-\(ThisProcess.number)", in: temporaries(in: path))
  }

  private static func lock(
    _ path: String, _ holder: String, folder: String
  ) throws -> (FolderLock?, String) {
    let (lock, holder) = try FolderLock.taken(path, holder: holder)
    guard lock != nil else { throw DatasetError.locked(folder: folder, holder: holder) }
    return (lock, holder)
  }

  /// Takes away the temporary files of processes of this machine that are gone.
  private static func removeAbandoned(in folder: String) {
    let host = ThisProcess.host + "-"
    for name in FileSystem.fileNames(in: folder) where name.hasPrefix(host) {
      guard let number = Int(name.dropFirst(host.count)), !ThisProcess.isRunning(number) else {
        continue
      }
      OutputFolder.remove(FileSystem.path(name, in: folder))
    }
  }
}

extension DatasetFolder {
  /// How far the work on an input is.
  enum State {
    /// Its outputs are there.
    case done
    /// It failed before and is not tried again.
    case failed(EarlierFailure)
    /// Its outputs have to be made, and may take the place of others where `replacing` is true.
    case undone(replacing: Bool)
  }

  /// How far the work on the input called `key` is.
  ///
  /// - Parameters:
  ///   - source: the input as it is now.
  ///   - outputs: the paths of its outputs, if there are so many.
  func state(of key: String, _ source: FileStamp, outputs: (_ count: Int) -> [String]) -> State {
    guard !replaces, let entry = journal[key] else { return .undone(replacing: replaces) }
    let isSame = policy.check == .exists || entry.source == source
    switch entry.outcome {
    case .failed(let reason, let isMadeBefore):
      return isSame && !policy.retriesFailed
        ? .failed(EarlierFailure(reason: reason)) : .undone(replacing: isMadeBefore)
    case .made(let count, let byteCount, _):
      let stamps = outputs(count).compactMap { try? FileStamp($0) }
      let isWhole = stamps.count == count && stamps.reduce(0) { $0 + $1.byteCount } == byteCount
      return isSame && isWhole ? .done : .undone(replacing: true)
    }
  }

  /// What the journal is to say of an input that failed.
  ///
  /// - Parameter source: the input as it is now; nil where it could not be looked at.
  func failure(of key: String, _ source: FileStamp?, _ reason: String) -> JournalEntry {
    let isMadeBefore =
      switch journal[key]?.outcome {
      case .made: true
      case .failed(_, let isMadeBefore): isMadeBefore
      case nil: false
      }
    return JournalEntry(
      key: key, source: source, outcome: .failed(reason, isMadeBefore: isMadeBefore))
  }

  /// Whether outputs that are there, though the journal says nothing of them, may be those of the input.
  ///
  /// - Parameter source: the input as it is now.
  func mayBeDone(_ key: String, _ source: FileStamp, _ outputs: [String]) -> Bool {
    guard !replaces, journal[key] == nil, !outputs.isEmpty else { return false }
    return outputs.allSatisfy { output in
      guard let stamp = try? FileStamp(output) else { return false }
      return policy.check == .exists || stamp.modified >= source.modified
    }
  }

  /// Whether what lies in the place of an output may be replaced: not what was there before the first run came.
  func mayReplaceUnknown(of key: String) -> Bool { replaces || isTakenUp && journal[key] == nil }

  /// Stages a file for the output at `target`.
  ///
  /// - Throws: `FileError`.
  func stage(_ bytes: [UInt8], for target: String) throws -> StagedFile {
    let folder = FileSystem.parent(of: target)
    if !madeFolders.withLock({ $0.contains(folder) }) {
      try OutputFolder.make(folder)
      _ = madeFolders.withLock { $0.insert(folder) }
    }
    return try StagedFile(
      bytes, for: target, in: temporaryFolder, named: target, isSynced: policy.sync == .file)
  }

  /// Gives the files of a group their names, and the journal their lines; the group is empty then.
  ///
  /// - Throws: `FileError`, with what has no name yet gone: the next run makes it.
  func commit(_ group: inout OutputGroup) throws {
    defer { group = OutputGroup() }
    do {
      if policy.sync == .group, group.hasFiles { try OutputFolder.syncFileSystem(of: path) }
      for record in group.records { try record.publish() }
      if policy.sync != .none {
        for folder in group.folders.sorted() { try OutputFolder.sync(folder) }
      }
      try lines.append(group.records.flatMap { $0.entry.line })
      if policy.sync != .none, !group.records.isEmpty { try lines.sync() }
    } catch {
      group.records.forEach { $0.discard() }
      throw error
    }
  }
}

/// A failure that an earlier run noted.
struct EarlierFailure: Error, CustomStringConvertible {
  let reason: String

  var description: String { "failed before: \(reason)" }
}
