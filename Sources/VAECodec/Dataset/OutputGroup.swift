import VAE

/// What the journal is to say of an input, and the files that take their names before.
struct DatasetRecord: Sendable {
  let entry: JournalEntry
  fileprivate let files: [StagedFile]
  /// Whether the files may take the place of others.
  private let replacing: Bool

  /// The files that were made of an input.
  init(_ key: String, _ source: FileStamp, _ files: [StagedFile], replacing: Bool) {
    self.files = files
    self.replacing = replacing
    entry = JournalEntry(
      key: key, source: source,
      outcome: .made(
        files: files.count, byteCount: files.reduce(0) { $0 + $1.byteCount },
        checksum: files.count == 1 ? files[0].checksum : nil))
  }

  /// Files that are there already.
  ///
  /// - Throws: `FileError`.
  init(existing paths: [String], _ key: String, _ source: FileStamp) throws {
    let contents = try paths.map { try InputFile.bytes(at: $0) }
    self.init(
      JournalEntry(
        key: key, source: source,
        outcome: .made(
          files: paths.count, byteCount: contents.reduce(0) { $0 + $1.count },
          checksum: paths.count == 1 ? Deflate.checksum(contents[0]) : nil)))
  }

  /// A record without files.
  init(_ entry: JournalEntry) { (self.entry, files, replacing) = (entry, [], false) }

  /// Gives the files their names.
  ///
  /// - Throws: `FileError`.
  func publish() throws { for file in files { try file.publish(replacing: replacing) } }

  /// Takes away the files that have no names yet.
  func discard() { files.forEach { $0.discard() } }
}

/// Outputs that take their names together, because waiting for the disk takes as long for many as for one.
struct OutputGroup {
  /// Inputs of a group at most.
  static let capacity = 64
  /// Bytes that make a group large enough.
  private static let byteCapacity = 8 << 20
  /// The oldest output waits no longer.
  private static let patience = Duration.seconds(1)

  private(set) var records: [DatasetRecord] = []
  private var byteCount = 0
  private var begun: ContinuousClock.Instant?

  /// Whether the group is large or old enough.
  var isDue: Bool {
    guard let begun else { return false }
    return records.count >= Self.capacity || byteCount >= Self.byteCapacity
      || ContinuousClock.now - begun > Self.patience
  }

  /// Whether something is to take its name.
  var hasFiles: Bool { records.contains { !$0.files.isEmpty } }

  /// The folders in which something appears.
  var folders: Set<String> {
    Set(records.flatMap(\.files).map { FileSystem.parent(of: $0.target) })
  }

  /// Adds what was made of an input.
  mutating func add(_ record: DatasetRecord) {
    if begun == nil { begun = .now }
    records.append(record)
    byteCount += record.files.reduce(0) { $0 + $1.byteCount }
  }
}
