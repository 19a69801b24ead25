/// Turns the arguments of a program into a command with operands and options.
///
/// A value follows its option as the next argument, after "=" (long names) or at once (letters). "--" ends
/// the options, "-" is an operand, and an option is given once unless its declaration says otherwise.
struct ArgumentParser: Sendable {
  /// What a command line asks for.
  enum Request: Sendable {
    /// The help of one command, or of the whole program.
    case help(CommandSpec?)
    /// The program's version.
    case version
    /// A command's work.
    case run(ParsedArguments)
  }

  /// The program whose arguments are parsed.
  let program: ProgramSpec

  /// What `arguments` (the program's name not among them) ask for.
  ///
  /// - Throws: `UsageError`.
  func parse(_ arguments: [String]) throws -> Request {
    guard let name = arguments.first else {
      throw UsageError.missingCommand(expected: program.commands.map(\.name))
    }
    if name.hasPrefix("-") {
      let options = [OptionSpec.help, OptionSpec.version]
      switch Self.option(name, among: options) {
      case .some(.help): return .help(nil)
      case .some(.version): return .version
      default: throw Self.unknownOption(name, among: options)
      }
    }
    switch name {
    case OptionSpec.help.name: return .help(try arguments.dropFirst().first.flatMap(topic))
    case OptionSpec.version.name: return .version
    default: break
    }
    let command = try command(name)
    let rest = arguments.dropFirst()
    // Whoever asks for help gets it, whatever else is wrong.
    if rest.prefix(while: { $0 != "--" }).contains(where: { $0 == "--help" || $0 == "-h" }) {
      return .help(command)
    }
    return .run(try Self.parse(rest, of: command))
  }

  /// The command that help is asked for; nil for words and options of the program itself, of which its own
  /// help says all.
  private func topic(_ name: String) throws -> CommandSpec? {
    let isOwn = [OptionSpec.help, .version].contains { [$0.name, $0.spelling].contains(name) }
    return isOwn ? nil : try command(name)
  }

  private func command(_ name: String) throws -> CommandSpec {
    if let command = program.commands.first(where: { $0.name == name }) { return command }
    let nearest = Spelling.nearest(to: name, among: program.words.map(\.word))
    throw UsageError.unknownCommand(name, nearest: nearest)
  }

  private static func parse(
    _ arguments: ArraySlice<String>, of command: CommandSpec
  ) throws -> ParsedArguments {
    var operands: [String] = []
    var values: [String: [String]] = [:]
    var rest = arguments
    while let argument = rest.popFirst() {
      if argument == "--" {
        operands += rest
        break
      }
      guard argument.hasPrefix("-"), argument != "-" else {
        operands.append(argument)
        continue
      }
      let (name, attached) = split(argument, among: command.options)
      guard let option = option(name, among: command.options) else {
        throw unknownOption(name, among: command.options + [.help])
      }
      if values[option.name] != nil, !option.isRepeatable {
        throw UsageError.repeatedOption(option.spelling)
      }
      let value = try value(of: option, attached: attached, rest: &rest)
      values[option.name, default: []] += value
    }
    try check(operands, of: command)
    return ParsedArguments(command: command, operands: operands, values: values)
  }

  /// An option's name, and the value after "=" of a long one or at once after a letter that takes one.
  private static func split(
    _ argument: String, among options: [OptionSpec]
  ) -> (name: String, attached: String?) {
    let letter = argument.prefix(2)
    let takesValue = options.contains { option in
      option.placeholder != nil && option.letter.map { letter == "-\($0)" } == true
    }
    // A long name after one dash is a slip, not a value.
    let isName = options.contains { argument == "-\($0.name)" }
    if takesValue, argument.count > 2, !isName {
      return (String(letter), String(argument.dropFirst(2)))
    }
    guard argument.hasPrefix("--"), let equals = argument.firstIndex(of: "=") else {
      return (argument, nil)
    }
    return (String(argument[..<equals]), String(argument[argument.index(after: equals)...]))
  }

  private static func option(_ name: String, among options: [OptionSpec]) -> OptionSpec? {
    options.first { $0.spellings.contains(name) }
  }

  private static func unknownOption(_ name: String, among options: [OptionSpec]) -> UsageError {
    let word = String(name.drop { $0 == "-" })
    let synonym = options.first { $0.synonyms.contains(word.lowercased()) }?.spelling
    let near =
      synonym ?? Spelling.nearest(to: word, among: options.map(\.name)).map { "--" + $0 }
    let letter = options.compactMap(\.letter).first { name.hasPrefix("-\($0)") }
    return .unknownOption(name, nearest: near ?? letter.map { "-\($0)" })
  }

  /// The value of `option` as a list of one, taken from `rest` where none is attached; an empty list
  /// for a flag.
  private static func value(
    of option: OptionSpec, attached: String?, rest: inout ArraySlice<String>
  ) throws -> [String] {
    guard let placeholder = option.placeholder else {
      if let attached {
        throw UsageError.unexpectedValue(option: option.spelling, found: attached)
      }
      return []
    }
    if let attached { return [attached] }
    let next = rest.first
    // "-" and negative numbers are values; what else begins with a dash was meant as an option.
    guard let next, !next.hasPrefix("-") || next == "-" || Double(next) != nil else {
      throw UsageError.missingValue(
        option: option.spelling, placeholder: placeholder, found: next)
    }
    rest = rest.dropFirst()
    return [next]
  }

  private static func check(_ operands: [String], of command: CommandSpec) throws {
    let required = command.operands.prefix { !$0.isOptional }
    if operands.count < required.count {
      throw UsageError.missingOperand(
        command: command.name, placeholder: required[operands.count].placeholder)
    }
    let isOpen = command.operands.last?.isRepeatable ?? false
    if operands.count > command.operands.count, !isOpen {
      throw UsageError.unexpectedOperand(
        command: command.name, found: operands[command.operands.count])
    }
  }
}
