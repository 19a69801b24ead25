import VAECodec

/// `vaecodec info`: what a file is, or what this machine offers.
struct InfoCommand {
  static let spec = CommandSpec(
    name: "info",
    summary: "say what a latent, a picture or a model is, or what this machine offers",
    usage: ["vaecodec info [FILE] [options]"],
    operands: [
      .init(
        "FILE", isOptional: true,
        help: "a latent, a picture, or a model as --model takes it; without it, the machine")
    ],
    options: [CommonOptions.family, CommonOptions.groups] + LatentInput.options
      + [CommonOptions.maxPixels, CommonOptions.json],
    examples: [
      .init(line: "vaecodec info latent.bin", meaning: "latent space, size, what is kept"),
      .init(line: "vaecodec info sdxl-vae/", meaning: "class, latent space and size of a model"),
      .init(line: "vaecodec info", meaning: "kernels, threads and the OpenBLAS core in use"),
    ])

  private let arguments: ParsedArguments
  private let maximumPixelCount: Int
  private let family: LatentFamily?
  private let groups: Int?
  private let latentInput: LatentInput

  /// The command that `arguments` ask for.
  ///
  /// - Throws: `UsageError`.
  init(_ arguments: ParsedArguments) throws {
    self.arguments = arguments
    maximumPixelCount = try arguments.maximumPixelCount()
    family = try arguments.choice(CommonOptions.family, of: LatentFamily.self)
    groups = try arguments.groups()
    latentInput = try LatentInput(arguments, convention: nil)
  }

  /// Prints what there is to say.
  ///
  /// - Throws: `ReportedFailure` if the file cannot be understood.
  func run() throws {
    guard let path = arguments.operands.first else { return try print(Facts.machine()) }
    try Batch.forEach([path]) { path in
      try print(
        Facts.file(
          path, family: family, groups: groups, latentInput: latentInput,
          maximumPixelCount: maximumPixelCount))
    } name: {
      $0
    }
  }

  private func print(_ facts: Facts) throws {
    if arguments.has(CommonOptions.json) {
      try Console.printJSON(facts)
    } else {
      try Console.print(facts.text)
    }
  }
}
