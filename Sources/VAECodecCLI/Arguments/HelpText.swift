/// Lays out the help of a program and of its commands for a terminal.
struct HelpText {
  /// The columns of the lines.
  private let columns: Int

  /// Help for a terminal of `columns`; nil for a file, and what reads it as if it were one.
  init(columns: Int?) {
    self.columns = min(columns ?? Terminal.usualColumns, Self.mostColumns)
  }

  /// Longer lines are hard to read.
  private static let mostColumns = 120
  /// Left entries longer than this stand on a line of their own.
  private static let widestEntry = 26
  /// Where less is left for the right entries, they stand below the left ones.
  private static let leastRight = 32

  /// The help of the whole program: its commands.
  func text(for program: ProgramSpec) -> String {
    sections([
      wrapped(program.summary, indent: 0),
      section("Usage", command("\(program.name) COMMAND [options] ...", indent: 2)),
      section("Commands", table(program.commands.map { ($0.name, $0.summary) })),
      section("Options", table([OptionSpec.help, .version].map(entry))),
      section("Examples", program.examples.flatMap(lines)),
      wrapped(
        "'\(program.name) help COMMAND', or COMMAND --help, shows what a command takes", indent: 0),
    ])
  }

  /// The help of one command.
  func text(for command: CommandSpec) -> String {
    let operands = command.operands.map { operand in
      (operand.placeholder + (operand.isRepeatable ? "..." : ""), operand.help)
    }
    return sections([
      wrapped(command.summary, indent: 0),
      section("Usage", command.usage.flatMap { self.command($0, indent: 2) }),
      section("Operands", table(operands)),
      section("Options", table((command.options + [.help]).map(entry))),
      section("Limits", command.limits.flatMap { wrapped($0, indent: 2) }),
      section("Examples", command.examples.flatMap(lines)),
    ])
  }

  private func sections(_ sections: [[String]]) -> String {
    sections.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") + "\n" }
      .joined(separator: "\n")
  }

  private func section(_ title: String, _ lines: [String]) -> [String] {
    lines.isEmpty ? [] : [title + ":"] + lines
  }

  private func entry(_ option: OptionSpec) -> (String, String) {
    let letter = option.letter.map { "-\($0), " } ?? "    "
    let value = option.placeholder.map { " " + $0 } ?? ""
    return (letter + option.spelling + value, option.help)
  }

  private func lines(_ example: CommandSpec.Example) -> [String] {
    command(example.line, indent: 2, joint: " \\") + wrapped(example.meaning, indent: 6)
  }

  /// A command line, which goes on with a deeper indent; `joint` ends the lines that another follows.
  private func command(_ line: String, indent: Int, joint: String = "") -> [String] {
    let first = wrapped(line, indent: indent)
    guard first.count > 1 else { return first }
    let lines = wrapped(line, indent: indent + 4, reserving: joint.count)
    let unindented = lines.prefix(1).map { String($0.dropFirst(4)) } + lines.dropFirst()
    return unindented.dropLast().map { $0 + joint } + unindented.suffix(1)
  }

  /// Two columns, the left one as wide as its entries need.
  private func table(_ entries: [(left: String, right: String)]) -> [String] {
    let widths = entries.map(\.left.count).filter { $0 <= Self.widestEntry }
    let beside = 2 + (widths.max() ?? Self.widestEntry) + 2
    guard columns - beside >= Self.leastRight else {
      return entries.flatMap { entry in
        ["  " + entry.left.drop { $0 == " " }] + wrapped(entry.right, indent: 6)
      }
    }
    return entries.flatMap { entry in
      let right = wrapped(entry.right, indent: beside)
      let left = "  " + entry.left
      guard left.count + 2 <= beside, let first = right.first else { return [left] + right }
      return [left + first.dropFirst(left.count)] + right.dropFirst()
    }
  }

  /// `text` in lines of at most `columns`, less those reserved, that begin with `indent` spaces; longer words
  /// stay whole.
  private func wrapped(_ text: String, indent: Int, reserving reserved: Int = 0) -> [String] {
    let margin = String(repeating: " ", count: indent)
    var lines: [String] = []
    for word in text.split(separator: " ") {
      if let line = lines.last, line.count + 1 + word.count <= columns - reserved {
        lines[lines.count - 1] = line + " " + word
      } else {
        lines.append(margin + word)
      }
    }
    return lines
  }
}
