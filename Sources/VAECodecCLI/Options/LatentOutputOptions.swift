import VAECodec

/// How a command writes latent files.
struct LatentOutputOptions {
  let writing: LatentWriting
  private let command: String
  /// What messages call the options that say the units.
  private let unitsOptions: String

  private static let formats = LatentFileFormat.all.filter(\.isWritten).map(\.identifier)
  private static let format = OptionSpec(
    "format", placeholder: "NAME", value: .words(formats),
    help: "the format, whatever the output is called: " + formats.joined(separator: ", "))
  private static let architecture = OptionSpec(
    "architecture", placeholder: "NAME",
    help: "the model that a musubi cache names, such as z_image")

  private static let allowOptimised = OptionSpec(
    flag: "allow-optimised",
    help: "write a latent of --effort to a format that cannot say that it is one")

  /// The options that choose the format and what it keeps, where `quality` is that of a latent.bin.
  static func specs(quality: OptionSpec) -> [OptionSpec] {
    [format, quality, CommonOptions.lossless, architecture, allowOptimised]
  }

  /// Writes as `arguments` say.
  ///
  /// - Parameters:
  ///   - units: the units to write; nil for those that are usual in the format.
  ///   - unitsOptions: what messages call the options that say them.
  /// - Throws: `UsageError`.
  init(
    _ arguments: ParsedArguments, units: Latent.Units?, unitsOptions: String
  ) throws {
    writing = LatentWriting(
      format: try arguments.choice(Self.format, named: { LatentFileFormat(identifier: $0) }),
      units: units, quality: try arguments.latentQuality(),
      architecture: arguments.string(Self.architecture),
      allowsOptimised: arguments.has(Self.allowOptimised))
    command = arguments.command.name
    self.unitsOptions = unitsOptions
  }

  /// Checks that an optimised latent may be written in `format`.
  ///
  /// - Throws: `UsageError`.
  func checkOptimised(_ format: LatentFileFormat) throws {
    guard format.namesPosterior || writing.allowsOptimised else {
      throw UsageError.missingOption(
        command:
          "\(RefinementOptions.spelling) to \(format.name), which cannot say that a latent is "
          + "optimised for one decoder,", option: Self.allowOptimised.spelling)
    }
  }

  /// The extension of files in an output folder.
  var fileExtension: String { (writing.format ?? .bin).fileExtension }

  /// Checks that the file at `output` can be written with what the options say.
  ///
  /// - Returns: its format.
  /// - Throws: `UsageError`.
  func checkedFormat(of output: String) throws -> LatentFileFormat {
    guard let format = try? writing.format(of: output) else {
      throw UsageError.invalidValue(
        option: CommonOptions.output.spelling, found: output,
        expected: .form(
          "a name that ends in .bin, .npy, .npz, .latent or .safetensors, or --format"))
    }
    switch (format.units, writing.units) {
    case (.fixed(let only), .some(let asked)) where asked != only:
      throw UsageError.conflict(unitsOptions, "\(format.name), which holds \(only.rawValue) values")
    case (.unsettled, nil):
      throw UsageError.missingOption(
        command: "\(command) to \(format.name)", option: unitsOptions)
    default: break
    }
    if !format.hasQuality, writing.quality?.level != nil {
      throw UsageError.conflict(
        CommonOptions.quality.spelling, "\(format.name), which holds 32-bit floats")
    }
    if format.namesArchitecture, writing.architecture == nil {
      throw UsageError.missingOption(
        command: "\(command) to \(format.name)", option: Self.architecture.spelling)
    }
    return format
  }
}
