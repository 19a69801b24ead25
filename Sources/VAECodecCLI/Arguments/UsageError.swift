import VAECodec

/// What is wrong with a command line.
enum UsageError: Error, Equatable, CustomStringConvertible {
  /// What the value of an option has to be.
  enum Expectation: Equatable, CustomStringConvertible {
    /// A number within bounds that belong to it.
    case number(lowest: String, highest: String)
    /// A count of bytes.
    case byteCount
    /// A form that a phrase names.
    case form(String)
    /// One of a few words.
    case choice([String])

    /// The expectation as the object of a sentence.
    var description: String {
      switch self {
      case .number(let lowest, let highest): "a number from \(lowest) to \(highest)"
      case .form(let phrase): phrase
      case .byteCount: "a size such as 600M or 4G"
      case .choice(let words):
        words.count < 2
          ? words.joined()
          : words.dropLast().joined(separator: ", ") + " or " + words.suffix(1).joined()
      }
    }
  }

  /// No command was given, where one of `expected` has to be.
  case missingCommand(expected: [String])
  /// The first argument is no command; `nearest` is one that is spelled much like it.
  case unknownCommand(String, nearest: String?)
  /// An option that the command does not have; `nearest` is one that is spelled much like it.
  case unknownOption(String, nearest: String?)
  /// An option that may be given once was given again.
  case repeatedOption(String)
  /// An option was the last argument, or another option (`found`) followed in place of its value.
  case missingValue(option: String, placeholder: String, found: String?)
  /// A flag was given a value.
  case unexpectedValue(option: String, found: String)
  /// The value of an option is not what it has to be.
  case invalidValue(option: String, found: String, expected: Expectation)
  /// An option that the command cannot do without is not there.
  case missingOption(command: String, option: String)
  /// Two things were asked for that do not go together.
  case conflict(String, String)
  /// An option is about a model that must be named; `advice` says which.
  case bundledModel(option: String, advice: String)
  /// An operand that is not there has the name of an output.
  case operandForOutput(String)
  /// Inputs and outputs do not go together.
  case batch(BatchError)
  /// There are too few operands; the first one missing is shown as `placeholder`.
  case missingOperand(command: String, placeholder: String)
  /// There are too many operands; the first one too many is `found`.
  case unexpectedOperand(command: String, found: String)

  /// What was found and what was expected, in lower case.
  var description: String {
    switch self {
    case .missingCommand(let expected):
      "found no command, expected \(Expectation.choice(expected))"
    case .unknownCommand(let found, let nearest):
      "unknown command '\(found)'" + Self.suggestion(nearest)
    case .unknownOption(let found, let nearest):
      "unknown option \(found)" + Self.suggestion(nearest)
    case .repeatedOption(let option): "\(option) is given twice, expected once"
    case .missingValue(let option, let placeholder, let found):
      "\(option) expects \(placeholder), found " + (found.map { "option \($0)" } ?? "nothing")
    case .unexpectedValue(let option, let found): "\(option) takes no value, found '\(found)'"
    case .invalidValue(let option, let found, let expected):
      "\(option) expects \(expected), found '\(found)'"
    case .missingOption(let command, let option):
      "\(command) expects \(option), found none"
    case .conflict(let first, let second): "\(first) does not go with \(second)"
    case .bundledModel(let option, let advice):
      "\(option) does not go with the built-in model, which says it itself; \(advice)"
    case .operandForOutput(let name): "'\(name)' is no file that is read; did you mean -o \(name)?"
    case .batch(let error): error.description
    case .missingOperand(let command, let placeholder):
      "\(command) expects \(placeholder), found nothing"
    case .unexpectedOperand(let command, let found):
      "\(command) expects no further operand, found '\(found)'"
    }
  }

  private static func suggestion(_ nearest: String?) -> String {
    nearest.map { "; did you mean \($0)?" } ?? ""
  }
}
