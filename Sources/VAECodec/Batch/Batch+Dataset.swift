import VAE

extension Batch {
  /// The files of a data set and the files that become of them, in a folder that mirrors theirs.
  ///
  /// An output is called as its input is, with the extension behind it: `a.jpg` and `a.png` become two files. What
  /// was done in the output folder is remembered there (`.vaecodec`), and the next run goes on with the rest; the
  /// policy for existing files only says whether all is made anew.
  ///
  /// - Parameters:
  ///   - inputs: the files.
  ///   - destination: the output folder, `beside` for that of the only input folder, or nowhere.
  ///   - fileExtension: of the outputs, without the dot.
  ///   - policy: what happens with existing files, and after failures.
  ///   - dataset: how the data set is worked on.
  /// - Throws: `DatasetError.sameOutputs`, `BatchError`.
  public init(
    _ inputs: DatasetInputs, to destination: Destination, fileExtension: String,
    policy: BatchPolicy = BatchPolicy(), dataset: DatasetPolicy = DatasetPolicy()
  ) throws {
    var inputs = inputs
    inputs.keep(dataset.shard)
    let folder: String?
    switch destination {
    case .nowhere: folder = nil
    case .beside:
      guard let root = inputs.root else { throw BatchError.noFolder }
      folder = root
    case .file(let path): throw BatchError.oneFile(path, inputCount: inputs.files.count)
    case .folder(let path): folder = path
    }
    let prefix = folder.map { FileSystem.namesFolder($0) ? $0 : $0 + "/" }
    self.init(
      items: inputs.files.map { file in
        Item(
          input: file.path, output: prefix.map { "\($0)\(file.key).\(fileExtension)" },
          key: file.key)
      }, policy: policy, folder: prefix, dataset: prefix == nil ? nil : dataset,
      omission: inputs.omission)
    try checkClashes()
    try checkOutputs()
  }

  /// Takes away the temporary files of this process in the output folder, before the process ends with work in hand.
  public func removeTemporaryFiles() {
    if let folder, dataset != nil { DatasetFolder.removeTemporaryFiles(in: folder) }
  }

  /// - Throws: `DatasetError.sameOutputs` with all inputs whose output another input has before them.
  private func checkClashes() throws {
    var outputs: Set<[UInt8]> = []
    let clashes = items.compactMap { item -> (input: String, output: String)? in
      guard let output = item.output, !outputs.insert(output.pathBytes).inserted else { return nil }
      return (item.input, output)
    }
    guard clashes.isEmpty else { throw DatasetError.sameOutputs(clashes) }
  }
}
