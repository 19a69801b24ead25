import VAECodec

/// Writes latent files in the format that an option or the output's name asks for.
struct LatentOutput {
  private static let format = OptionSpec(
    "format", placeholder: "NAME",
    help: "whatever the output is called: "
      + LatentFileFormat.all.map(\.identifier).joined(separator: ", "))
  private static let architecture = OptionSpec(
    "architecture", placeholder: "NAME",
    help: "what a musubi cache names as its model, such as z_image")

  /// The options that choose the format and what it keeps, where `quality` is that of a latent.bin.
  static func options(quality: OptionSpec = CommonOptions.quality) -> [OptionSpec] {
    [format, quality, CommonOptions.lossless, architecture]
  }

  private let format: LatentFileFormat?
  private let options: LatentFileOptions
  private let quality: Quality?
  private let usualQuality: (Latent) -> Quality
  private let command: String
  private let unitsOptions: String

  /// Writes as `arguments` say.
  ///
  /// - Parameters:
  ///   - convention: the units to write; nil for those that are usual in the format.
  ///   - unitsOptions: what messages call the options that say them.
  ///   - usualQuality: how exactly a latent.bin keeps a latent unless an option says it.
  /// - Throws: `UsageError`.
  init(
    _ arguments: ParsedArguments, convention: Latent.Units?, unitsOptions: String,
    usualQuality: @escaping (Latent) -> Quality
  ) throws {
    format = try arguments.choice(Self.format, among: LatentFileFormat.all, by: \.identifier)
    options = LatentFileOptions(
      units: convention, architecture: arguments.string(Self.architecture))
    quality = try arguments.latentQuality()
    self.usualQuality = usualQuality
    command = arguments.command.name
    self.unitsOptions = unitsOptions
  }

  /// The extension of files in an output folder.
  var fileExtension: String { (format ?? .bin).fileExtension }

  /// The format of `output`.
  ///
  /// - Throws: `UsageError` if it is not known.
  func format(of output: String) throws -> LatentFileFormat {
    if let format { return format }
    guard let format = output == "-" ? .bin : LatentFileFormat(fileName: output) else {
      throw UsageError.invalidValue(
        option: CommonOptions.output.spelling, found: output,
        expected: .form(
          "a name that ends in .bin, .npy, .npz, .latent or .safetensors, or --format"))
    }
    return format
  }

  /// Checks that `output` can be written with what the options say.
  ///
  /// - Throws: `UsageError`.
  func check(_ output: String) throws {
    let format = try format(of: output)
    switch (format.units, options.units) {
    case (.fixed(let only), .some(let asked)) where asked != only:
      throw UsageError.conflict(unitsOptions, "\(format.name), which holds \(only.rawValue) values")
    case (.unsettled, nil):
      throw UsageError.missingOption(
        command: "\(command) to \(format.name)", option: unitsOptions)
    default: break
    }
    if !format.hasQuality, quality?.level != nil {
      throw UsageError.conflict(
        CommonOptions.quality.spelling, "\(format.name), which holds 32-bit floats")
    }
    if format.namesArchitecture, options.architecture == nil {
      throw UsageError.missingOption(
        command: "\(command) to \(format.name)", option: Self.architecture.spelling)
    }
  }

  /// How exactly `output` keeps `latent`; nil for a format that knows no other way than its own.
  ///
  /// - Throws: `UsageError` if the format is not known.
  func quality(of latent: Latent, in output: String) throws -> Quality? {
    try format(of: output).hasQuality ? quality ?? usualQuality(latent) : nil
  }

  /// Writes `latent` to `output`.
  ///
  /// - Returns: the bytes of the file.
  /// - Throws: `ContainerError`, `LatentError.unknownScaling` and `FileError`.
  func write(_ latent: Latent, to output: String, replacing: Bool) throws -> Int {
    var options = options
    if let quality = try quality(of: latent, in: output) { options.quality = quality }
    let bytes = try latent.encoded(as: format(of: output), options)
    try OutputFile.write(bytes, to: output, replacing: replacing)
    return bytes.count
  }

  /// Tells on standard error what the output of `item` cannot say of `latent`, and what it says though
  /// nobody knows it.
  ///
  /// - Throws: `UsageError` if the format is not known.
  func note(_ latent: Latent, _ item: Batch.Item) throws {
    let format = try format(of: item.output)
    let losses = latent.losses(as: format)
    if !losses.isEmpty {
      Console.complain(
        "\(item.input): note: \(format.name) has no place for \(losses.joined(separator: ", "))")
    }
    if latent.assumesSize(as: format) {
      Console.complain(
        "\(item.input): note: the picture's size is not known; \(format.name) says what the latent "
          + "covers")
    }
  }
}
