/// A command of the program, made of its arguments: it resolves them once and never asks them again.
protocol Command: SendableMetatype {
  /// What the parser and the help know of it.
  static var spec: CommandSpec { get }

  /// The command that `arguments` ask for.
  ///
  /// - Throws: `UsageError`.
  init(_ arguments: ParsedArguments) throws

  /// Does the work and prints what came of it.
  ///
  /// - Throws: `ReportedFailure` if an input failed, or what nothing was printed of yet.
  func run() throws
}

/// A failure of which the user knows already; the process ends with status 1.
struct ReportedFailure: Error {
  /// The exit status.
  var status: Int32 = 1
}
