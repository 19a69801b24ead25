import Testing

@testable import VAECodecCLI

/// The layout of the help, by a small program's help in full.
@Suite struct HelpTextTests {
  @Test func `the help of a program lists its commands`() {
    #expect(
      HelpText(columns: nil).text(for: program) == """
        Do things to pictures

        Usage:
          demo COMMAND [options] ...

        Commands:
          encode   Turn pictures into files that are far smaller and can be turned back
                   into pictures much like them
          compare  Compare two pictures

        Options:
          -h, --help     print this help
          -V, --version  print the version

        Examples:
          demo encode cat.png
              encode a cat

        'demo help COMMAND', or COMMAND --help, shows what a command takes

        """)
  }

  @Test func `the help of a command lists its operands and options`() {
    #expect(
      HelpText(columns: nil).text(for: program.commands[0]) == """
        Turn pictures into files that are far smaller and can be turned back into
        pictures much like them

        Usage:
          demo encode [options] INPUT...
          demo encode -

        Operands:
          INPUT...  a picture; - is standard input

        Options:
          -o, --output PATH  where the result goes, which is beside the picture unless
                             you say otherwise
              --a-name-that-is-wide PLACEHOLDER
                             what a wide name says
              --json         print one JSON object
          -h, --help         print this help

        Examples:
          demo encode cat.png -o cat.bin
              encode a cat with the model that is shipped with the program and with
              everything else as it comes

        """)
  }

  @Test func `a command without operands and examples has no such sections`() {
    let text = HelpText(columns: nil).text(for: program.commands[1])
    #expect(
      text == """
        Compare two pictures

        Usage:
          demo compare

        Options:
          -h, --help  print this help

        """)
  }
}

private let program = ProgramSpec(
  name: "demo", summary: "Do things to pictures", reference: .demo,
  commands: [
    CommandSpec(
      name: "encode",
      summary: "Turn pictures into files that are far smaller and can be turned back into pictures "
        + "much like them",
      usage: ["demo encode [options] INPUT...", "demo encode -"],
      operands: [.init("INPUT", isRepeatable: true, help: "a picture; - is standard input")],
      options: [
        OptionSpec(
          "output", letter: "o", placeholder: "PATH",
          help: "where the result goes, which is beside the picture unless you say otherwise"),
        OptionSpec(
          "a-name-that-is-wide", placeholder: "PLACEHOLDER", help: "what a wide name says"),
        OptionSpec(flag: "json", help: "print one JSON object"),
      ],
      examples: [
        .init(
          line: "demo encode cat.png -o cat.bin",
          meaning: "encode a cat with the model that is shipped with the program and with "
            + "everything else as it comes")
      ]),
    CommandSpec(
      name: "compare", summary: "Compare two pictures", usage: ["demo compare"], operands: [],
      options: [], examples: []),
  ],
  examples: [.init(line: "demo encode cat.png", meaning: "encode a cat")])
