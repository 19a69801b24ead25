import VAE

/// How pictures are compared.
public struct CompareSettings: Sendable {
  /// How the `ComparisonSheet`s are written.
  public var writing: PictureWriting
  /// Larger pictures are refused.
  public var maximumPixelCount: Int
  /// The threads to use; the result is the same for any number.
  public var resources: Resources

  /// Settings; what is left out is as usual.
  public init(
    writing: PictureWriting = PictureWriting(),
    maximumPixelCount: Int = Image.defaultMaximumPixelCount, resources: Resources = Resources()
  ) {
    self.writing = writing
    self.maximumPixelCount = maximumPixelCount
    self.resources = resources
  }
}

/// A picture that was compared with its reference.
public struct ComparedFile: BatchResult {
  /// What the picture was held against.
  public let reference: Image
  /// The picture.
  public let picture: Image
  /// How far it is from its reference.
  public let result: Comparison
  /// Bytes of the sheet; 0 where none was written.
  public let byteCount: Int
  /// How long the parts of the work took.
  public let seconds: FileSeconds

  /// The same, as a batch counts it.
  public var comparison: Comparison? { result }
}

extension Batch {
  /// Pairs of pictures, and the `ComparisonSheet` that each of them becomes.
  ///
  /// - Parameters:
  ///   - pairs: the pictures and their references.
  ///   - destination: where the sheets go, if any are written; in a folder they are called as the pictures
  ///     are. They do not go beside the pictures.
  ///   - fileExtension: of the sheets in a folder, without the dot.
  ///   - policy: what happens with existing files, and after failures.
  /// - Throws: `BatchError.oneFile`, `.overwritesInput`.
  public init(
    _ pairs: PicturePairs, to destination: Destination = .nowhere, fileExtension: String = "png",
    policy: BatchPolicy = BatchPolicy()
  ) throws {
    let pictures = pairs.pairs.filter { (try? $0.reference.get()) != nil }.map(\.picture)
    let outputs: [String]
    var folder: String?
    switch destination {
    case .nowhere: outputs = []
    case .beside: preconditionFailure("a sheet beside its picture would have the picture's name")
    case .file(let path):
      guard pairs.pairs.count <= 1 else {
        throw BatchError.oneFile(path, inputCount: pairs.pairs.count)
      }
      outputs = pictures.map { _ in path }
    case .folder(let path):
      let prefix = FileSystem.namesFolder(path) ? path : path + "/"
      folder = prefix
      let stems = Dictionary(grouping: pictures) { FileName($0).stem }
      outputs = pictures.map { picture in
        let name = FileName(picture)
        // Two pictures of one name but for the extension become two sheets.
        let stem = stems[name.stem]?.count == 1 ? name.stem : name.last
        return "\(prefix)\(stem).\(fileExtension)"
      }
    }
    let outputOfPicture = Dictionary(
      zip(pictures.map { $0.pathBytes }, outputs), uniquingKeysWith: { first, _ in first })
    self.init(
      items: pairs.pairs.map { pair in
        var item = Item(input: pair.picture, output: outputOfPicture[pair.picture.pathBytes])
        item.reference = pair.reference
        return item
      }, policy: policy, folder: folder)
    try checkOutputs()
  }

  /// Measures how far pictures are from their references; the summary has the means.
  ///
  /// A picture without a partner is a failure. To let pictures fail that are too far, throw in `report` for
  /// what is done, as `QualityBounds.check` does.
  ///
  /// - Parameters:
  ///   - settings: how the pictures are read and compared.
  ///   - report: called with what became of each item.
  /// - Throws: as `run`.
  /// - Precondition: the batch was made of `PicturePairs`.
  public func compare(
    _ settings: CompareSettings = CompareSettings(),
    report: (BatchEvent<ComparedFile>) throws -> Void
  ) throws -> BatchSummary {
    try run(
      threads: settings.resources.resolvedThreads, record: nil,
      { item, worker in
        var settings = settings
        settings.resources.threads = worker.threads
        return try compare(item, settings, worker)
      },
      // What differs is measured anew, whatever is there.
      checkExisting: { _, output in throw FileError.exists(path: output) }, report: report)
  }

  private func compare(
    _ item: Item, _ settings: CompareSettings, _ worker: BatchWorker
  ) throws -> ComparedFile {
    guard let partner = item.reference else {
      preconditionFailure("'\(item.input)' is not one of a pair")
    }
    let referencePath = try partner.get()
    var seconds = FileSeconds()
    let (reference, picture) = try seconds.measure(\.read) {
      (
        try Image(contentsOf: referencePath, maximumPixelCount: settings.maximumPixelCount),
        try Image(contentsOf: item.input, maximumPixelCount: settings.maximumPixelCount)
      )
    }
    let comparison = try Comparison(reference, picture, resources: settings.resources)
    let byteCount = try item.output.map { output in
      try seconds.measure(\.write) {
        try settings.writing.write(
          ComparisonSheet(
            reference, named: referencePath, picture, named: item.input, comparison
          ).image, matte: .white, to: output, replacing: policy.replaces, worker.output)
      }
    }
    return ComparedFile(
      reference: reference, picture: picture, result: comparison, byteCount: byteCount ?? 0,
      seconds: seconds)
  }
}
