import Synchronization

/// Takes the files that are made of one input of a data set, until all of them are there.
final class DatasetOutput: OutputSink {
  private let folder: DatasetFolder
  private let staged = Mutex<[StagedFile]>([])

  init(_ folder: DatasetFolder) { self.folder = folder }

  /// The files in the order in which they were written.
  var files: [StagedFile] { staged.withLock(\.self) }

  func write(_ bytes: [UInt8], to path: String, replacing: Bool) throws {
    let file = try folder.stage(bytes, for: path)
    staged.withLock { $0.append(file) }
  }
}
