import VAECodec

/// A file for what came of a whole run, which is written at its end.
struct ResultFile {
  /// The path of the file; "-" for standard output.
  let path: String
  private let replaces: Bool

  /// The file that `option` names; nil where its command has no such option or it was not given.
  init?(_ arguments: ParsedArguments, _ option: OptionSpec) {
    guard arguments.command.declares(option), let path = arguments.string(option) else {
      return nil
    }
    self.path = path
    replaces = arguments.has(CommonOptions.force)
  }

  /// Checks that the file is no other file of the command, and has standard output for itself.
  ///
  /// - Throws: `UsageError`.
  static func check(_ arguments: ParsedArguments, _ batch: Batch) throws {
    let files = [CommonOptions.junit, PageOptions.report].compactMap { option in
      ResultFile(arguments, option).map { (name: "\(option.spelling) \($0.path)", path: $0.path) }
    }
    for file in files {
      guard !file.path.isEmpty else {
        throw UsageError.conflict(file.name + "''", "an empty name")
      }
      if file.path == "-", arguments.has(CommonOptions.json) {
        throw UsageError.conflict(file.name, CommonOptions.json.spelling)
      }
      if batch.writes(file.path) {
        throw UsageError.conflict(file.name, "\(CommonOptions.output.spelling) \(file.path)")
      }
      if batch.reads(file.path) {
        throw UsageError.conflict(file.name, "the input \(file.path)")
      }
    }
    if files.count == 2, InputFile.areSame(files[0].path, files[1].path) {
      throw UsageError.conflict(files[0].name, files[1].name)
    }
  }

  /// Checks before the work begins that the file may be written.
  ///
  /// - Throws: `FileError`.
  func check() throws { try OutputFile.check(path, replacing: replaces) }

  /// Writes the file.
  ///
  /// - Throws: `FileError`.
  func write(_ bytes: [UInt8]) throws {
    try OutputFile.write(bytes, to: path, replacing: replaces)
  }
}
