/// `vaecodec completion`: the script by which a shell completes the program's arguments.
struct CompletionCommand: Command {
  static let spec = CommandSpec(
    name: "completion",
    summary: "print the script that makes a shell complete commands, options and file names",
    usage: ["vaecodec completion bash|zsh|fish"],
    operands: [.init("SHELL", value: .words(of: Shell.self), help: "bash, zsh or fish")],
    options: [],
    examples: [
      .init(
        line: "source <(vaecodec completion bash)", meaning: "a line for ~/.bashrc"),
      .init(
        line: "source <(vaecodec completion zsh)", meaning: "a line for ~/.zshrc, after compinit"),
      .init(
        line: "vaecodec completion fish > ~/.config/fish/completions/vaecodec.fish",
        meaning: "where fish finds it by itself"),
    ])

  private let shell: Shell

  init(_ arguments: ParsedArguments) throws {
    let name = arguments.operands[0]
    guard let shell = Shell(rawValue: name) else {
      throw UsageError.invalidValue(
        option: Self.spec.name, found: name, expected: .choice(Shell.allCases.map(\.rawValue)))
    }
    self.shell = shell
  }

  func run() throws { try Console.print(shell.completion(of: Program.spec)) }
}
