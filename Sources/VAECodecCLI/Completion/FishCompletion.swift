/// The completion of a program in fish.
struct FishCompletion {
  private let program: ProgramSpec
  private let function: String

  init(_ program: ProgramSpec) {
    self.program = program
    function = "__\(program.name)_command"
  }

  var script: String {
    let words = program.words.map { line(nil, "-a \($0.word)", $0.summary) }
    let topOptions = [OptionSpec.help, .version].map { line(nil, names($0), $0.help) }
    let helped = program.words.map { line(OptionSpec.help.name, "-a \($0.word)", $0.summary) }
    return """
      # fish completion of \(program.name); made by: \(program.name) completion fish

      function \(function) --description 'Whether the command is the one named, or there is none yet'
          set -l words (commandline -opc)
          test "$words[2]" = "$argv"
      end

      complete -c \(program.name) -f
      \((words + topOptions + helped + program.commands.flatMap(lines)).joined(separator: "\n"))

      """
  }

  private func lines(_ command: CommandSpec) -> [String] {
    let options = (command.options + [.help]).map { option in
      let value = option.value.map { " " + argument($0, ofOption: true) } ?? ""
      return line(command.name, names(option) + value, option.help)
    }
    let operand = command.operands.last.map { operand in
      line(command.name, argument(operand.value, ofOption: false), operand.placeholder)
    }
    return options + (operand.map { [$0] } ?? [])
  }

  private func line(_ command: String?, _ what: String, _ description: String) -> String {
    let condition = ([function] + (command.map { [$0] } ?? [])).joined(separator: " ")
    return "complete -c \(program.name) -n \(quoted(condition)) \(what) -d \(quoted(description))"
  }

  private func names(_ option: OptionSpec) -> String {
    (option.letter.map { "-s \($0) " } ?? "") + "-l \(option.name)"
  }

  private func argument(_ value: ArgumentValue, ofOption isOption: Bool) -> String {
    switch value {
    case .words(let words): (isOption ? "-x " : "") + "-a \(quoted(words.joined(separator: " ")))"
    case .path: (isOption ? "-r " : "") + "-F"
    case .text: isOption ? "-x" : ""
    }
  }

  private func quoted(_ text: String) -> String {
    "'" + text.replacing("\\", with: "\\\\").replacing("'", with: "\\'") + "'"
  }
}
