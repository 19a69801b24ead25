/// `vaecodec manual`: the manual page.
struct ManualCommand: Command {
  static let spec = CommandSpec(
    name: "manual",
    summary: "print the manual page, which has all of the help in one place",
    usage: ["vaecodec manual"],
    operands: [],
    options: [],
    examples: [.init(line: "vaecodec manual | man -l -", meaning: "read it")])

  init(_ arguments: ParsedArguments) throws {}

  func run() throws { try Console.print(ManualPage(Program.spec).text) }
}
