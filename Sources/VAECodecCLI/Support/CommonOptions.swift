import FoundationEssentials
import VAECodec

/// Options that several commands share, and what their values mean.
enum CommonOptions {
  static let output = OptionSpec(
    "output", letter: "o", placeholder: "FILE",
    help: "write to FILE, into a folder for a name that ends in /, to standard output for -")
  /// The output of a command that has a place for it where none is named.
  static let outputBeside = OptionSpec(
    output.name, letter: output.letter, placeholder: "FILE",
    help: "\(output.help); beside the input unless given")
  static let force = OptionSpec(flag: "force", help: "replace existing files")
  static let skipExisting = OptionSpec(
    flag: "skip-existing", help: "leave existing files and go on, as when a batch is taken up again"
  )
  static let model = OptionSpec(
    "model", placeholder: "MODEL",
    help:
      "a .safetensors file, a folder, or ORG/NAME in the Hugging Face cache; the built-in model "
      + "unless VAECODEC_MODEL names another")
  static let family = OptionSpec(
    "family", placeholder: "NAME",
    help: "the latent space of a model that does not tell it: "
      + LatentFamily.allCases.map(\.rawValue).joined(separator: ", "))
  static let groups = OptionSpec(
    "groups", placeholder: "N",
    help: "the groups of the norms of a model that does not tell them; 32 unless given")
  /// For commands that run no model.
  static let latentModel = OptionSpec(
    "model", placeholder: "MODEL",
    help: "a model whose latent space it is, where a file does not say")
  /// For commands that run no model.
  static let latentFamily = OptionSpec(
    "family", placeholder: "NAME",
    help: "the latent space, where a file does not say it: "
      + LatentFamily.allCases.map(\.rawValue).joined(separator: ", "))
  static let threads = OptionSpec(
    "threads", placeholder: "N", help: "compute on N threads; one for each core unless given")
  static let kernels = OptionSpec(
    "kernels", placeholder: "KIND",
    help: "auto, or im2col: the plain convolutions, slower and closest to diffusers")
  static let maxMemory = OptionSpec(
    "max-memory", placeholder: "SIZE",
    help: "stay below SIZE, such as 800M or 4G, with the same result; what is free unless given")
  static let dryRun = OptionSpec(
    flag: "dry-run", help: "print the memory and the time that it would take, and write nothing")
  static let json = OptionSpec(flag: "json", help: "print one JSON object a line")
  static let quiet = OptionSpec(flag: "quiet", help: "print nothing but errors")
  static let progress = OptionSpec(
    "progress", placeholder: "WHEN", help: "auto (a line on a terminal) or never")
  static let matte = OptionSpec(
    "matte", placeholder: "COLOR",
    help: "what stands behind transparent parts: RRGGBB in hexadecimal, white unless given")
  static let quality = quality(usual: "75 unless given")
  /// The quality of a latent.bin, where the help says what it is `usual`ly.
  static func quality(usual: String) -> OptionSpec {
    OptionSpec(
      "quality", letter: "q", placeholder: "N",
      help: "size against fidelity of latent.bin, 1 to 100: 75 costs 0.05 dB at most, 15 more "
        + "halve the step, 100 keeps 16-bit floats; \(usual)")
  }
  static let lossless = OptionSpec(
    flag: "lossless", help: "keep every bit of the latent's 32-bit floats")
  static let seed = OptionSpec("seed", placeholder: "N", help: "the seed of a sample")
  static let maxPixels = OptionSpec(
    "max-pixels", placeholder: "N",
    help: "refuse pictures of more than N pixels; \(Image.defaultMaximumPixelCount) unless given")
  static let scaled = OptionSpec(
    flag: "scaled", help: "the latent file holds values as diffusion models see them")
  static let unscaled = OptionSpec(
    flag: "unscaled", help: "the latent file holds raw values; so most do unless given")
  static let jpegQuality = OptionSpec(
    "jpeg-quality", placeholder: "N", help: "quality of JPEG output, 1 to 100; 95 unless given")

  /// What every command that runs a model takes.
  static let modelOptions = [
    model, family, groups, threads, maxMemory, kernels, maxPixels, json, progress, quiet,
  ]
}

extension ParsedArguments {
  /// Whether nothing is to be written.
  var isDryRun: Bool {
    command.options.contains(CommonOptions.dryRun) && has(CommonOptions.dryRun)
  }

  /// The codec that the options ask for.
  ///
  /// - Throws: `UsageError` and `CodecError`.
  func codec() throws -> Codec {
    let model = namedModel(CommonOptions.model) ?? .bundled
    let family = try choice(CommonOptions.family, of: LatentFamily.self)
    if model == .bundled {
      for option in [CommonOptions.family, CommonOptions.groups] where has(option) {
        throw UsageError.conflict(option.spelling, "the built-in model, which tells it")
      }
    }
    let codec = try Codec(
      model: model, family: family, groups: try groups(),
      resources: Resources(
        threads: try integer(CommonOptions.threads, in: 1...1024),
        instructionSet: Self.variable("VAECODEC_ISA"),
        convolutions: try choice(CommonOptions.kernels, of: Resources.Convolutions.self) ?? .auto,
        maximumMemory: try byteCount(CommonOptions.maxMemory)))
    note(codec)
    return codec
  }

  /// The latent space that the options name, by a model or by a family; nil if they name none.
  ///
  /// - Throws: `UsageError`, and `CodecError` if the model cannot be used.
  func latentSpace() throws -> LatentSpace? {
    let family = try choice(CommonOptions.latentFamily, of: LatentFamily.self)
    if let model = namedModel(CommonOptions.latentModel) {
      let codec = try Codec(model: model, family: family)
      note(codec)
      return codec.latentSpace
    }
    return family.map { LatentSpace($0) }
  }

  /// Tells what was assumed about a model.
  private func note(_ codec: Codec) {
    guard !has(CommonOptions.quiet) else { return }
    Console.note(codec.assumptions.map(Advice.text), of: codec.model.name)
  }

  /// The model that `option` or the environment names.
  private func namedModel(_ option: OptionSpec) -> Codec.Model? {
    (string(option) ?? Self.variable("VAECODEC_MODEL")).map { Codec.Model($0) }
  }

  private static func variable(_ name: String) -> String? {
    ProcessInfo.processInfo.environment[name].flatMap { $0.isEmpty ? nil : $0 }
  }

  /// The groups of every norm of a model that does not tell them, or nil.
  ///
  /// - Throws: `UsageError`.
  func groups() throws -> Int? { try integer(CommonOptions.groups, in: 1...4096) }

  /// The largest picture that is accepted, in pixels.
  ///
  /// - Throws: `UsageError`.
  func maximumPixelCount() throws -> Int {
    try integer(CommonOptions.maxPixels, in: 1...(1 << 40)) ?? Image.defaultMaximumPixelCount
  }

  /// The matte for transparent parts.
  ///
  /// - Throws: `UsageError`.
  func matte() throws -> Matte {
    guard let text = string(CommonOptions.matte) else { return .white }
    let digits = text.hasPrefix("#") ? String(text.dropFirst()) : text
    guard digits.count == 6, digits.allSatisfy(\.isHexDigit), let value = UInt32(digits, radix: 16)
    else {
      throw UsageError.invalidValue(
        option: CommonOptions.matte.spelling, found: text, expected: .form("six hexadecimal digits")
      )
    }
    return Matte(
      red: UInt8(value >> 16), green: UInt8(value >> 8 & 0xFF), blue: UInt8(value & 0xFF))
  }

  /// The units of an interchange file, or nil if the options do not say.
  ///
  /// - Throws: `UsageError.conflict` if both are given.
  func convention() throws -> Latent.Units? {
    switch (has(CommonOptions.scaled), has(CommonOptions.unscaled)) {
    case (true, true):
      throw UsageError.conflict(CommonOptions.scaled.spelling, CommonOptions.unscaled.spelling)
    case (true, false): return .scaled
    case (false, true): return .raw
    case (false, false): return nil
    }
  }

  /// The seed of a sample, or nil.
  ///
  /// - Throws: `UsageError`.
  func seed() throws -> UInt64? { try integer(CommonOptions.seed, in: 0...UInt64.max) }

  /// How exactly a latent is kept; nil if nothing was said of it.
  ///
  /// - Throws: `UsageError`.
  func latentQuality() throws -> Quality? {
    let level = try integer(CommonOptions.quality, in: Quality.levels)
    guard has(CommonOptions.lossless) else { return level.map { .level($0) } }
    guard level == nil else {
      throw UsageError.conflict(CommonOptions.quality.spelling, CommonOptions.lossless.spelling)
    }
    return .lossless
  }

  /// The quality of JPEG output, or nil.
  ///
  /// - Throws: `UsageError`.
  func jpegQuality() throws -> Int? { try integer(CommonOptions.jpegQuality, in: 1...100) }

  /// Where the progress line goes.
  ///
  /// - Throws: `UsageError`.
  func progressLine() throws -> ProgressLine {
    let when = try choice(CommonOptions.progress, of: ProgressChoice.self) ?? .auto
    return ProgressLine(isWanted: when == .auto && !has(CommonOptions.quiet))
  }
}

/// When a progress line is shown.
private enum ProgressChoice: String, CaseIterable {
  case auto, never
}
