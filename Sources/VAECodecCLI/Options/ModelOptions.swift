import FoundationEssentials
import VAECodec

/// The model that a command runs, and what it may use of the machine.
struct ModelOptions {
  let model: NamedModel
  /// The family of a model whose files do not say it.
  let family: LatentFamily?
  /// The groups of the norms of a model whose files do not say them.
  let groups: Int?
  let resources: Resources

  /// The options that choose them, and those that go with every command that runs a model.
  static let specs = [
    CommonOptions.model, CommonOptions.family, CommonOptions.groups, CommonOptions.threads,
    CommonOptions.maxMemory, CommonOptions.kernels, CommonOptions.maxPixels,
    CommonOptions.batchJSON,
    CommonOptions.progress, CommonOptions.quiet,
  ]

  /// The model that `arguments` ask for.
  ///
  /// - Parameter runsOften: whether the model runs more than once, whatever the operands are.
  /// - Throws: `UsageError`.
  init(_ arguments: ParsedArguments, runsOften: Bool = false) throws {
    model =
      NamedModel(arguments, CommonOptions.model) ?? NamedModel(model: .bundled, variable: nil)
    family = try arguments.choice(CommonOptions.family, of: LatentFamily.self)
    if model.model == .bundled {
      for option in [CommonOptions.family, CommonOptions.groups] where arguments.has(option) {
        throw UsageError.bundledModel(option: option.spelling, advice: Self.advice(family))
      }
    }
    groups = try arguments.groups()
    var resources = Resources(
      threads: try arguments.integer(CommonOptions.threads, in: 1...1024),
      instructionSet: ProcessInfo.processInfo.value(of: "VAECODEC_ISA"),
      convolutions: try arguments.choice(CommonOptions.kernels, of: Resources.Convolutions.self)
        ?? .auto,
      maximumMemory: try arguments.byteCount(CommonOptions.maxMemory))
    // Nothing comes after the only file.
    resources.keepsMemory =
      runsOften || arguments.operands.count > 1
      || arguments.operands.contains(where: InputFile.isFolder)
      || DatasetOptions.areGiven(arguments)
    self.resources = resources
  }

  /// Which model to name in place of the built-in one.
  private static func advice(_ family: LatentFamily?) -> String {
    "\(CommonOptions.model.spelling) names another"
      + (family.map { ", such as \($0.publishedModel) for '\($0.rawValue)'" } ?? "")
  }
}
