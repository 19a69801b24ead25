import FoundationEssentials
import VAECodec

/// The model that a command runs, and what it may use of the machine.
struct ModelOptions {
  let model: Codec.Model
  /// The family of a model whose files do not say it.
  let family: LatentFamily?
  /// The groups of the norms of a model whose files do not say them.
  let groups: Int?
  let resources: Resources

  /// The options that choose them, and those that go with every command that runs a model.
  static let specs = [
    CommonOptions.model, CommonOptions.family, CommonOptions.groups, CommonOptions.threads,
    CommonOptions.maxMemory, CommonOptions.kernels, CommonOptions.maxPixels, CommonOptions.json,
    CommonOptions.progress, CommonOptions.quiet,
  ]

  /// The model that `arguments` ask for.
  ///
  /// - Throws: `UsageError`.
  init(_ arguments: ParsedArguments) throws {
    model = Self.namedModel(arguments, CommonOptions.model) ?? .bundled
    family = try arguments.choice(CommonOptions.family, of: LatentFamily.self)
    if model == .bundled {
      for option in [CommonOptions.family, CommonOptions.groups] where arguments.has(option) {
        throw UsageError.conflict(option.spelling, "the built-in model, of which it is known")
      }
    }
    groups = try arguments.groups()
    var resources = Resources(
      threads: try arguments.integer(CommonOptions.threads, in: 1...1024),
      instructionSet: Self.variable("VAECODEC_ISA"),
      convolutions: try arguments.choice(CommonOptions.kernels, of: Resources.Convolutions.self)
        ?? .auto,
      maximumMemory: try arguments.byteCount(CommonOptions.maxMemory))
    // Nothing comes after the only file.
    resources.keepsMemory =
      arguments.operands.count > 1 || arguments.operands.contains(where: InputFile.isFolder)
    self.resources = resources
  }

  /// The model that `option` or the environment names.
  static func namedModel(_ arguments: ParsedArguments, _ option: OptionSpec) -> Codec.Model? {
    (arguments.string(option) ?? variable("VAECODEC_MODEL")).map { Codec.Model($0) }
  }

  private static func variable(_ name: String) -> String? {
    ProcessInfo.processInfo.environment[name].flatMap { $0.isEmpty ? nil : $0 }
  }
}
