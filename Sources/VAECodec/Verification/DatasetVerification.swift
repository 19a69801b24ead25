import VAE

/// What is wrong with an output of a data set, or an output that is not there.
public enum DatasetFault: Sendable, Equatable, CustomStringConvertible {
  /// It was made, or should have been, and is not there.
  case missing(reason: String)
  /// It is there and not whole.
  case broken(reason: String)
  /// Its input is another one now, or gone.
  case stale(reason: String)
  /// Nothing is known of where it comes from.
  case extra

  /// The word for the kind of fault.
  public var kind: String {
    switch self {
    case .missing: "missing"
    case .broken: "broken"
    case .stale: "stale"
    case .extra: "extra"
    }
  }

  public var description: String {
    switch self {
    case .missing(let reason), .broken(let reason), .stale(let reason): "\(kind): \(reason)"
    case .extra: "extra: no run of this folder made it"
    }
  }
}

/// Looks whether the files of a data set are what they should be.
///
/// In a folder that `Batch` wrote, its journal says what there should be. In any other, such as a trainer's cache,
/// every file that is called as latents are is read.
public struct DatasetVerification: Sendable {
  /// How closely the files are looked at.
  public enum Depth: String, Sendable, CaseIterable {
    /// By their names and sizes.
    case quick
    /// All of their bytes, with their checksums and values.
    case full
  }

  /// What was found.
  public struct Summary: Sendable {
    /// Outputs that were looked at, or looked for.
    public internal(set) var fileCount = 0
    /// Faults by kind.
    public internal(set) var faultCounts: [String: Int] = [:]
    /// Outputs that were taken away.
    public internal(set) var removedCount = 0

    /// All faults.
    public var faultCount: Int { faultCounts.values.reduce(0, +) }
  }

  private let path: String
  private let record: RunRecord?
  private let journal: Journal
  /// The folder of the inputs; nil where they are not looked at.
  private let inputs: String?
  private let depth: Depth

  /// A verification of the folder at `path`.
  ///
  /// - Parameters:
  ///   - inputs: the folder that the outputs were made of; nil to leave the inputs alone.
  /// - Throws: `DatasetError.damagedRecord`, `FileError.unreadable` where there is no such folder.
  public init(of path: String, inputs: String? = nil, depth: Depth = .full) throws {
    guard FileSystem.isFolder(path) else {
      throw FileError.unreadable(path: path, reason: "no folder is there")
    }
    let own = FileSystem.path(DatasetFolder.name, in: path)
    self.path = path
    self.inputs = inputs
    self.depth = depth
    record = try RunRecord(at: FileSystem.path("run.json", in: own))
    journal = Journal(in: own)
  }

  /// Looks at all files.
  ///
  /// - Parameters:
  ///   - repairing: takes broken files away, so that the next run makes them again.
  ///   - threads: files that are looked at at the same time.
  ///   - report: called on the caller's thread with each fault, in the order of the files.
  /// - Throws: `FileError`, and what `report` throws.
  public func run(
    repairing: Bool = false, threads: Int = Resources().resolvedThreads,
    report: (_ path: String, DatasetFault) throws -> Void
  ) throws -> Summary {
    let subjects = try subjects()
    var summary = Summary(fileCount: subjects.count)
    var rest = subjects[...]
    try OrderedWork(threads: threads).run(stop: OrderedWork.Stop(), next: { rest.popFirst() }) {
      ($0, fault(of: $0))
    } receive: { subject, fault in
      guard let fault else { return true }
      summary.faultCounts[fault.kind, default: 0] += 1
      try report(subject.path, fault)
      if repairing, case .broken = fault {
        try OutputFile.remove(subject.path)
        summary.removedCount += 1
      }
      return true
    } waiting: {
      try Task.checkCancellation()
      return true
    }
    return summary
  }

  /// An output that is there, or should be.
  private struct Subject: Sendable {
    let path: String
    let entry: JournalEntry?
    /// An input of which nothing was made.
    var input: String?
  }

  private func subjects() throws -> [Subject] {
    guard let fileExtension = record?.fileExtension else {
      return try DatasetInputs(at: [path], .latents).files.map {
        Subject(path: $0.path, entry: nil)
      }
    }
    let root = FileSystem.namesFolder(path) ? path : path + "/"
    var subjects: [Subject] = []
    var known: Set<[UInt8]> = []
    for entry in journal.made {
      let item = Batch.Item(input: entry.key, output: "\(root)\(entry.key).\(fileExtension)")
      for output in item.outputs(count: entry.fileCount ?? 0) {
        subjects.append(Subject(path: output, entry: entry))
        known.insert(output.pathBytes)
      }
    }
    let found = try? DatasetInputs(at: [path], record?.makesPictures == true ? .pictures : .latents)
    for file in found?.files ?? [] where !known.contains(file.path.pathBytes) {
      let key = String(file.key.dropLast(fileExtension.count + 1))
      subjects.append(Subject(path: file.path, entry: journal[key]))
    }
    if let inputs {
      let kind: DatasetInputs.Kind = record?.command == "encode" ? .pictures : .latents
      for file in try DatasetInputs(at: [inputs], kind).files
      where journal[file.key]?.fileCount == nil {
        subjects.append(
          Subject(path: "\(root)\(file.key).\(fileExtension)", entry: nil, input: file.path))
      }
    }
    return subjects.sorted { $0.path < $1.path }
  }

  private func fault(of subject: Subject) -> DatasetFault? {
    if let input = subject.input { return .missing(reason: "nothing was made of \(input)") }
    guard let entry = subject.entry else {
      return record == nil ? Self.damage(of: subject.path, isPicture: false) : .extra
    }
    if case .failed(let reason, _) = entry.outcome {
      return .stale(reason: "its input has failed since: \(reason)")
    }
    guard let stamp = try? FileStamp(subject.path) else {
      return .missing(reason: "the file is gone")
    }
    if entry.fileCount == 1, case .made(_, let byteCount, _) = entry.outcome,
      stamp.byteCount != byteCount
    {
      return .broken(reason: "\(stamp.byteCount) bytes, \(byteCount) were written")
    }
    if depth == .full, let fault = contentFault(of: subject.path, entry) { return fault }
    guard let inputs else { return nil }
    guard let source = try? FileStamp(FileSystem.path(entry.key, in: inputs)) else {
      return .stale(reason: "its input is gone")
    }
    return source == entry.source ? nil : .stale(reason: "its input has changed")
  }

  private func contentFault(of path: String, _ entry: JournalEntry) -> DatasetFault? {
    if case .made(_, _, let checksum?) = entry.outcome {
      guard let bytes = try? InputFile.bytes(at: path) else {
        return .broken(reason: "cannot be read")
      }
      guard Deflate.checksum(bytes) == checksum else {
        return .broken(reason: "its bytes are not those that were written")
      }
    }
    return Self.damage(of: path, isPicture: record?.makesPictures == true)
  }

  /// What shows that a file cannot be used.
  private static func damage(of path: String, isPicture: Bool) -> DatasetFault? {
    do {
      guard !isPicture else {
        _ = try Image(contentsOf: path, maximumPixelCount: .max)
        return nil
      }
      let reading = LatentReading(maximumPixelCount: .max)
      let file = try reading.open(path).file
      for index in file.entries.indices {
        let latent = try file.latent(key: "\(index)", units: file.units == nil ? .raw : nil)
        guard (latent.values + (latent.logVariance ?? [])).allSatisfy(\.isFinite) else {
          return .broken(reason: "has values that are no numbers")
        }
      }
      return nil
    } catch let error as InputError {
      return .broken(reason: "\(error.reason)")
    } catch {
      return .broken(reason: "\(error)")
    }
  }
}
