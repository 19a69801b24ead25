/// The manual page of a program, of section 1: its help in the macros of man(7).
struct ManualPage {
  private let program: ProgramSpec

  init(_ program: ProgramSpec) { self.program = program }

  var text: String {
    let reference = program.reference
    let lines =
      [
        // The date is no text that is to be seen as it is.
        ".TH \(Roff.escaped(program.name.uppercased())) 1 \(reference.date) "
          + "\"\(Roff.escaped("\(program.name) \(reference.version)"))\" \"User Commands\"",
        // Nobody should copy a word that was broken at the end of a line.
        ".nh",
      ]
      + section("NAME", [Roff.text("\(program.name) - \(program.summary)")])
      + section("SYNOPSIS", [usage("\(program.name) COMMAND [options] ...")])
      + section("DESCRIPTION", paragraphs(reference.description))
      + section("COMMANDS", program.commands.flatMap(lines))
      + section("EXIT STATUS", reference.exitStatuses.flatMap(entry))
      + section("ENVIRONMENT", reference.environment.flatMap(entry))
      + section("FILES", reference.files.flatMap(entry))
      + section("EXAMPLES", program.examples.flatMap(example))
      + section("SEE ALSO", [Roff.text(reference.relatedPages.joined(separator: ", "))])
    return lines.joined(separator: "\n") + "\n"
  }

  private func section(_ title: String, _ lines: [String]) -> [String] {
    [Roff.macro("SH", title)] + lines
  }

  private func lines(_ command: CommandSpec) -> [String] {
    let operands = command.operands.map { operand in
      (Roff.italic(operand.placeholder) + (operand.isRepeatable ? "..." : ""), operand.help)
    }
    let options = (command.options + [.help]).map { ($0.spelled, $0.help) }
    let examples = command.examples.flatMap(example)
    return [Roff.macro("SS", "\(program.name) \(command.name)"), Roff.text(command.summary), ".PP"]
      + [command.usage.map(usage).joined(separator: "\n.br\n")]
      + (operands + options).flatMap(item) + command.limits.flatMap { [".PP", Roff.text($0)] }
      + (examples.isEmpty ? [] : [".PP", "Examples:"] + examples)
  }

  private func paragraphs(_ texts: [String]) -> [String] {
    [texts.map(Roff.text).joined(separator: "\n.PP\n")]
  }

  /// A form of the command line, with what is typed as it stands in bold.
  private func usage(_ line: String) -> String {
    let words = line.split(separator: " ", maxSplits: 2)
    let literal = words.prefix { $0.allSatisfy(\.isLowercase) }
    let rest = words.dropFirst(literal.count).joined(separator: " ")
    return Roff.bold(literal.joined(separator: " ")) + (rest.isEmpty ? "" : " " + Roff.text(rest))
  }

  private func item(_ tag: String, _ meaning: String) -> [String] {
    [".TP", tag, Roff.text(meaning)]
  }

  private func entry(_ entry: ProgramReference.Entry) -> [String] {
    item(Roff.bold(entry.name), entry.meaning)
  }

  private func example(_ example: CommandSpec.Example) -> [String] {
    item(Roff.bold(example.line), example.meaning)
  }
}

extension OptionSpec {
  /// The option in the fonts of a manual page.
  fileprivate var spelled: String {
    spellings.map(Roff.bold).joined(separator: ", ")
      + (placeholder.map { " " + Roff.italic($0) } ?? "")
  }
}
