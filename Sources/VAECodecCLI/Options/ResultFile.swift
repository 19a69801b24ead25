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
