/// What one command is called, takes and is shown as in its help.
struct CommandSpec: Sendable {
  /// An operand: an argument that is neither an option nor an option's value.
  struct Operand: Sendable {
    /// What stands for it in the help, such as "INPUT".
    let placeholder: String
    /// What it is.
    let value: ArgumentValue
    /// One sentence for the help, without a full stop.
    let help: String
    /// Whether it may be left out.
    let isOptional: Bool
    /// Whether more may follow; for the last operand only.
    let isRepeatable: Bool

    /// An operand shown as `placeholder`.
    init(
      _ placeholder: String, value: ArgumentValue = .path, isOptional: Bool = false,
      isRepeatable: Bool = false, help: String
    ) {
      self.placeholder = placeholder
      self.value = value
      self.help = help
      self.isOptional = isOptional
      self.isRepeatable = isRepeatable
    }
  }

  /// A worked example for the help.
  struct Example: Sendable {
    /// The line as a user types it.
    let line: String
    /// What it does, in one sentence without a full stop.
    let meaning: String
  }

  /// The word that chooses the command.
  let name: String
  /// What it does, in one sentence without a full stop.
  let summary: String
  /// Whole lines that show its forms, program name included.
  let usage: [String]
  /// The operands in their order.
  let operands: [Operand]
  /// The options it knows besides `--help`.
  let options: [OptionSpec]
  /// What its results are not good for or do not say: paragraphs for the help.
  var limits: [String] = []
  /// Examples for the help.
  let examples: [Example]

  /// Whether the command knows `option`.
  func declares(_ option: OptionSpec) -> Bool { options.contains { $0.name == option.name } }
}
