/// The completion of a program in bash.
///
/// Names of files are left to readline, which knows how they are quoted.
struct BashCompletion {
  private let program: ProgramSpec
  private let function: String

  init(_ program: ProgramSpec) {
    self.program = program
    function = "_" + program.name
  }

  var script: String {
    let words = program.words.map(\.word)
    let topOptions = [OptionSpec.help, .version].flatMap(\.spellings)
    let commands = program.commands.map(cases).joined()
    return """
      # bash completion of \(program.name); made by: \(program.name) completion bash

      \(function)() {
        local IFS=$' \\t\\n' word=$2 option=$3 prefix= options= words= files= argument
        COMPREPLY=()
        if ((COMP_CWORD == 1)); then
          COMPREPLY=($(compgen -W '\((words + topOptions).joined(separator: " "))' -- "$word"))
          return
        fi
        # bash takes the = of --option=value for a word of its own, unless it was told otherwise.
        if [[ $option == = ]]; then
          option=${COMP_WORDS[COMP_CWORD-2]}
        elif [[ $word == --*=* ]]; then
          option=${word%%=*} prefix=$option=
        elif [[ $word == -[!-]?* ]]; then
          option=${word:0:2} prefix=$option
        fi
        word=${word#"$prefix"}
        case ${COMP_WORDS[1]} in
      \(commands)\
          \(OptionSpec.help.name))
            if ((COMP_CWORD == 2)); then words='\(words.joined(separator: " "))'; fi
            ;;
        esac
        for argument in "${COMP_WORDS[@]:2:COMP_CWORD-2}"; do
          if [[ $argument == -- ]]; then options=; fi
        done
        if [[ $word == -* && -z $prefix ]]; then words=$options files=; fi
        if [[ -n $words ]]; then
          COMPREPLY=($(compgen -P "$prefix" -W "$words" -- "$word"))
        elif [[ -n $files && -n $prefix ]]; then
          compopt -o filenames
          IFS=$'\\n'
          COMPREPLY=($(compgen -f -P "$prefix" -- "$word"))
        elif [[ -n $files ]]; then
          compopt -o default
        fi
      }
      complete -F \(function) \(program.name)

      """
  }

  /// What may stand where the cursor is, by the option before it.
  private func cases(_ command: CommandSpec) -> String {
    let valued = command.options.filter { $0.value != nil }
    let options = (command.options + [.help]).flatMap(\.spellings).joined(separator: " ")
    let operand = command.operands.last.map { operand in
      "        *) if [[ -z $prefix ]]; then \(assignment(operand.value)); fi ;;\n"
    }
    return """
          \(command.name))
            options='\(options)'
            case $option in
      \(valued.map(pattern).joined())\(operand ?? "")\
            esac
            ;;

      """
  }

  private func pattern(_ option: OptionSpec) -> String {
    "        \(option.spellings.joined(separator: " | "))) \(assignment(option.value ?? .text)) ;;\n"
  }

  private func assignment(_ value: ArgumentValue) -> String {
    switch value {
    case .words(let words): "words='\(words.joined(separator: " "))'"
    case .path: "files=yes"
    case .text: "options="
    }
  }
}
