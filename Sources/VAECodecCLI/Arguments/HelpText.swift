/// Lays out the help of a program and of its commands for a terminal of 80 columns.
enum HelpText {
  private static let columns = 80
  /// Left entries longer than this stand on a line of their own.
  private static let widestEntry = 26

  /// The help of the whole program: its commands.
  static func text(for program: ProgramSpec) -> String {
    sections([
      wrapped(program.summary, indent: 0),
      section("Usage", ["  \(program.name) COMMAND [options] ..."]),
      section("Commands", table(program.commands.map { ($0.name, $0.summary) })),
      section("Options", table([OptionSpec.help, .version].map(entry))),
      section("Examples", program.examples.flatMap(lines)),
      wrapped(
        "'\(program.name) help COMMAND', or COMMAND --help, shows what a command takes", indent: 0),
    ])
  }

  /// The help of one command.
  static func text(for command: CommandSpec) -> String {
    let operands = command.operands.map { operand in
      (operand.placeholder + (operand.isRepeatable ? "..." : ""), operand.help)
    }
    return sections([
      wrapped(command.summary, indent: 0),
      section("Usage", command.usage.map { "  " + $0 }),
      section("Operands", table(operands)),
      section("Options", table((command.options + [.help]).map(entry))),
      section("Examples", command.examples.flatMap(lines)),
    ])
  }

  private static func sections(_ sections: [[String]]) -> String {
    sections.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") + "\n" }
      .joined(separator: "\n")
  }

  private static func section(_ title: String, _ lines: [String]) -> [String] {
    lines.isEmpty ? [] : [title + ":"] + lines
  }

  private static func entry(_ option: OptionSpec) -> (String, String) {
    let letter = option.letter.map { "-\($0), " } ?? "    "
    let value = option.placeholder.map { " " + $0 } ?? ""
    return (letter + option.spelling + value, option.help)
  }

  private static func lines(_ example: CommandSpec.Example) -> [String] {
    ["  " + example.line] + wrapped(example.meaning, indent: 6)
  }

  /// Two columns, the left one as wide as its entries need.
  private static func table(_ entries: [(left: String, right: String)]) -> [String] {
    let widths = entries.map(\.left.count).filter { $0 <= widestEntry }
    let indent = 2 + (widths.max() ?? widestEntry) + 2
    return entries.flatMap { entry in
      let right = wrapped(entry.right, indent: indent)
      let left = "  " + entry.left
      guard left.count + 2 <= indent, let first = right.first else { return [left] + right }
      return [left + first.dropFirst(left.count)] + right.dropFirst()
    }
  }

  /// `text` in lines of at most 80 columns that begin with `indent` spaces; longer words stay whole.
  private static func wrapped(_ text: String, indent: Int) -> [String] {
    let margin = String(repeating: " ", count: indent)
    var lines: [String] = []
    for word in text.split(separator: " ") {
      if let line = lines.last, line.count + 1 + word.count <= columns {
        lines[lines.count - 1] = line + " " + word
      } else {
        lines.append(margin + word)
      }
    }
    return lines
  }
}
