import VAECodec

/// `vaecodec info`: what a file is, or what this machine offers.
struct InfoCommand: Command {
  static let spec = CommandSpec(
    name: "info",
    summary: "say what a latent, a picture or a model is, or what this machine offers",
    usage: ["vaecodec info [FILE] [options]"],
    operands: [
      .init(
        "FILE", isOptional: true,
        help: "a latent, a picture, or a model as --model takes it; without it, the machine")
    ],
    options: InfoOptions.specs,
    examples: [
      .init(line: "vaecodec info latent.bin", meaning: "latent space, size, what is kept"),
      .init(line: "vaecodec info sdxl-vae/", meaning: "class, latent space and size of a model"),
      .init(line: "vaecodec info", meaning: "kernels, threads and the OpenBLAS core in use"),
    ])

  private let options: InfoOptions

  init(_ arguments: ParsedArguments) throws { options = try InfoOptions(arguments) }

  func run() throws {
    let known = try options.file.map { path in
      try InputError.naming(path) { try inspected(path) }
    }
    let facts = known ?? Facts.machine()
    if options.style.isJSON {
      try Console.printJSON(facts)
    } else {
      try Console.print(facts.text)
    }
  }

  /// What the file or folder at `path` is.
  private func inspected(_ path: String) throws -> Facts {
    let content = try content(of: path)
    if content == .model {
      let codec = try Codec(
        model: Codec.Model(path), family: options.family, groups: options.groups)
      Console.note(codec.assumptions.map(ErrorText.text), of: path)
      return Facts.model(codec.summary)
    }
    let isRaw = options.reading.rawExtents != nil
    let bytes = try InputFile.bytes(at: path) { beginning in
      guard !isRaw, !Latent.recognises(beginning) else { return }
      do {
        try Image.checkBeginning(beginning)
      } catch ImageFileError.unsupportedFormat(let name, _) {
        throw UnknownFile(kind: name)
      } catch is ImageFileError {
        throw UnknownFile(content, isEmpty: beginning.isEmpty)
      }
    }
    if isRaw || Latent.recognises(bytes) {
      return try Facts.latent(
        options.reading.file(of: bytes, name: FileName(path).last), byteCount: bytes.count,
        options.reading)
    }
    return Facts.picture(
      try Image(decoding: bytes, maximumPixelCount: options.reading.maximumPixelCount),
      byteCount: bytes.count)
  }

  /// What is at `path`, which may be the name of a repository or of the built-in model.
  private func content(of path: String) throws -> FileContent {
    switch Codec.Model(path) {
    case .bundled, .repository: return .model
    case .path: if InputFile.isFolder(path) { return .model }
    }
    let isStream = options.reading.rawExtents != nil || path == "-"
    return isStream ? .other(kind: nil) : try FileContent(of: path)
  }
}

/// A file that is neither a latent nor a picture nor a model.
private struct UnknownFile: Error, CustomStringConvertible {
  private let kind: String

  /// A file of a known kind.
  init(kind: String) { self.kind = kind }

  /// A file whose first bytes say no more than `content`.
  init(_ content: FileContent, isEmpty: Bool) {
    switch content {
    case .other(let kind?): self.kind = kind
    default: kind = isEmpty ? "empty" : "of no known kind"
    }
  }

  var description: String {
    "the file is \(kind), expected a latent, a PNG or JPEG picture or a model"
  }
}
