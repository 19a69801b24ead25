/// The completion of a program in zsh, by its function `_arguments`.
struct ZshCompletion {
  private let program: ProgramSpec
  private let function: String

  init(_ program: ProgramSpec) {
    self.program = program
    function = "_" + program.name
  }

  /// A script that is sourced, or lies in a folder of `fpath`.
  var script: String {
    let words = program.words.map { word, summary in
      "    " + quoted(escaped(word, ":") + ":" + summary) + "\n"
    }
    return """
      #compdef \(program.name)
      # zsh completion of \(program.name); made by: \(program.name) completion zsh

      \(function)() {
        local curcontext=$curcontext state line
        local -A opt_args
        local -a commands=(
      \(words.joined())\
        )
        _arguments -S -C \\
      \([OptionSpec.help, .version].map { "    \(specification($0)) \\\n" }.joined())\
          '1:command:->command' \\
          '*::argument:->argument' && return
        case $state in
          command) _describe -t commands command commands ;;
          argument)
            curcontext=${curcontext%:*}-$words[1]:
            case $words[1] in
      \(program.commands.map(cases).joined())\
              \(OptionSpec.help.name)) _arguments '1:command:{_describe -t commands command commands}' ;;
              *) _message 'no more arguments' ;;
            esac
            ;;
        esac
      }
      if [[ $funcstack[1] == \(function) ]]; then \(function); else compdef \(function) \(program.name); fi

      """
  }

  private func cases(_ command: CommandSpec) -> String {
    let options = (command.options + [.help]).map(specification)
    let operands = command.operands.enumerated().map { index, operand in
      let place = operand.isRepeatable ? "*" : "\(index + 1)"
      return quoted("\(place):\(escaped(operand.placeholder, ":")):\(action(operand.value))")
    }
    let lines = (options + operands).map { " \\\n            \($0)" }
    return "        \(command.name)) _arguments -S\(lines.joined()) ;;\n"
  }

  /// An option in the language of `_arguments`.
  private func specification(_ option: OptionSpec) -> String {
    let isLast = [OptionSpec.help, .version].contains(option)
    let excluded = isLast ? "- *" : option.spellings.joined(separator: " ")
    let value = option.value.map { value in
      ":\(escaped(option.placeholder ?? "", ":")):\(action(value))"
    }
    let names = option.spellings.map { spelling in
      value == nil ? spelling : spelling + (spelling.hasPrefix("--") ? "=" : "+")
    }
    let rest = "[\(escaped(option.help, "[]"))]\(value ?? "")"
    if option.isRepeatable {
      return names.map { quoted("*" + $0 + rest) }.joined(separator: " ")
    }
    return names.map { quoted("(\(excluded))" + $0 + rest) }.joined(separator: " ")
  }

  private func action(_ value: ArgumentValue) -> String {
    switch value {
    case .words(let words): "(\(words.joined(separator: " ")))"
    case .path: "_files"
    case .text: " "
    }
  }

  private func escaped(_ text: String, _ special: String) -> String {
    String(text.flatMap { special.contains($0) || $0 == "\\" ? ["\\", $0] : [$0] })
  }

  private func quoted(_ text: String) -> String {
    "'" + text.replacing("'", with: "'\\''") + "'"
  }
}
