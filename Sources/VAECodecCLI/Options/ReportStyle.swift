/// How a command reports what it did.
struct ReportStyle {
  /// Whether results are printed as JSON.
  let isJSON: Bool
  /// Whether nothing is printed but errors, and JSON where that was asked for.
  let isQuiet: Bool
  /// Whether a line on a terminal says how far the work is.
  let showsProgress: Bool

  /// The name of the command.
  let command: String
  /// Where the results are written for CI systems; nil where nobody asked for that.
  let junit: ResultFile?

  /// Seconds for which work in hand goes on after a signal to end.
  let grace: Double
  /// Whether inputs of a data set may fail, if the whole of it was gone through.
  let allowsFailures: Bool

  /// Whether standard output is taken by a file.
  private let isBesideFile: Bool

  /// Whether results are printed as lines for people.
  var printsLines: Bool { !isJSON && !isQuiet && !isBesideFile }

  /// The name that a line about `output` begins with; nil where no line is printed, as beside a result
  /// on standard output.
  func named(_ output: String?) -> String? { printsLines && output != "-" ? output : nil }

  /// When a progress line is shown.
  enum ProgressChoice: String, CaseIterable {
    case auto, never
  }

  /// The style that `arguments` ask for, as far as their command leaves the choice.
  ///
  /// - Throws: `UsageError`.
  init(_ arguments: ParsedArguments) throws {
    command = arguments.command.name
    junit = ResultFile(arguments, CommonOptions.junit)
    isBesideFile = [CommonOptions.output, CommonOptions.junit, PageOptions.report].contains {
      ResultFile(arguments, $0)?.path == "-"
    }
    isJSON = arguments.command.declares(CommonOptions.json) && arguments.has(CommonOptions.json)
    grace = try DatasetOptions.grace(arguments)
    allowsFailures = try DatasetOptions.maximumFailures(arguments) != nil
    isQuiet =
      arguments.command.declares(CommonOptions.quiet) && arguments.has(CommonOptions.quiet)
    guard arguments.command.declares(CommonOptions.progress) else {
      showsProgress = false
      return
    }
    let choice = try arguments.choice(CommonOptions.progress, of: ProgressChoice.self) ?? .auto
    showsProgress = choice == .auto && !isQuiet
  }
}
