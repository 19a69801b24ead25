/// What one option of a command is called and what it takes.
struct OptionSpec: Sendable, Equatable {
  /// The long name without dashes, such as "threads".
  let name: String
  /// The letter after a single dash; nil where there is no short form.
  let letter: Character?
  /// What stands for the value in the help, such as "N"; nil for a flag, which takes none.
  let placeholder: String?
  /// What the value is; nil for a flag.
  let value: ArgumentValue?
  /// One sentence for the help, without a full stop.
  let help: String
  /// Whether the option may be given more than once.
  let isRepeatable: Bool
  /// What other programs call it: who types that is shown the option's own name.
  let synonyms: [String]

  /// An option that takes a value.
  init(
    _ name: String, letter: Character? = nil, placeholder: String, value: ArgumentValue = .text,
    isRepeatable: Bool = false, synonyms: [String] = [], help: String
  ) {
    self.name = name
    self.letter = letter
    self.placeholder = placeholder
    self.value = value
    self.help = help
    self.isRepeatable = isRepeatable
    self.synonyms = synonyms
  }

  /// A flag: an option that takes no value.
  init(
    flag name: String, letter: Character? = nil, synonyms: [String] = [], help: String
  ) {
    self.name = name
    self.letter = letter
    placeholder = nil
    value = nil
    self.help = help
    isRepeatable = false
    self.synonyms = synonyms
  }

  /// The option as a user writes it in full: "--threads".
  var spelling: String { "--" + name }

  /// The letter, if there is one, and the name, each with its dashes.
  var spellings: [String] { (letter.map { ["-\($0)"] } ?? []) + [spelling] }

  /// Prints the help; every command has it without declaring it.
  static let help = OptionSpec(flag: "help", letter: "h", help: "print this help")
  /// Prints the version; stands before a command only.
  static let version = OptionSpec(flag: "version", letter: "V", help: "print the version")
}
