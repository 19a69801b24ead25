import TestSupport
import Testing

@testable import VAECodecCLI

/// The manual page, as text and as the programs that show it see it.
@Suite struct ManualTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test(arguments: [
    ("a-b", "a\\-b"), ("it's", "it\\(aqs"), ("\\n", "\\en"), ("\"x\"", "\\(dqx\\(dq"),
    ("~^`", "\\(ti\\(ha\\(ga"), ("é–𝄞", "\\[u00E9]\\[u2013]\\[u1D11E]"), ("a.b", "a.b"), ("", ""),
  ])
  func `what roff takes for something else is escaped`(text: String, expected: String) {
    #expect(Roff.escaped(text) == expected)
  }

  @Test func `no line of a text begins like a macro`() {
    let words = String(repeating: "word .dot 'quote ", count: 30)
    let lines = Roff.text(".TH " + words).split(separator: "\n")
    #expect(lines.count > 5)
    for line in lines { #expect(line.count <= 80 && line.first != "." && line.first != "'") }
  }

  @Test(
    .enabled(if: InstalledProgram.areThere("mandoc"), "mandoc is not installed"),
    arguments: [Program.spec, demo])
  func `mandoc finds nothing to complain of`(program: ProgramSpec) throws {
    try folder.write(Array(ManualPage(program).text.utf8), to: "page.1")
    let run = try CommandLineRun.shell("mandoc -T lint page.1", in: folder)
    #expect(run.status == 0 && run.text.isEmpty && run.errors.isEmpty, "\(run.text)")
  }

  /// Whatever is in the help is seen in the page.
  @Test(
    .enabled(if: InstalledProgram.areThere("groff"), "groff is not installed"),
    arguments: [Program.spec, demo])
  func `groff shows the help word for word`(program: ProgramSpec) throws {
    try folder.write(Array(ManualPage(program).text.utf8), to: "page.1")
    let run = try CommandLineRun.shell("groff -man -Tutf8 -ww -P-cbou page.1", in: folder)
    #expect(run.status == 0 && run.errors.isEmpty, "\(run)")
    let page = run.text.filter { !$0.isWhitespace }
    let reference = program.reference
    let entries = reference.exitStatuses + reference.environment + reference.files
    var texts = reference.description + entries.flatMap { [$0.name, $0.meaning] }
    texts += [program.name + " - " + program.summary, "\(program.name) \(reference.version)"]
    for command in program.commands {
      texts += [command.summary] + command.usage + command.operands.map(\.help)
      texts += command.examples.flatMap { [$0.line, $0.meaning] }
      texts += command.options.map { option in
        option.spellings.joined(separator: ", ") + (option.placeholder ?? "") + option.help
      }
    }
    for text in texts {
      #expect(page.contains(text.filter { !$0.isWhitespace }), "the page has no '\(text)'")
    }
  }

  @Test func `the command prints the page`() throws {
    let run = try CommandLineRun.vaecodec(["manual"], in: folder)
    #expect(run.status == 0 && run.text == ManualPage(Program.spec).text)
  }
}

private let demo = ProgramSpec(
  name: "demo", summary: #"do 'things' to \pictures"#, reference: .demo,
  commands: [
    CommandSpec(
      name: "encode", summary: ".begins with a dot", usage: ["demo encode 'INPUT' [options]"],
      operands: [.init("INPUT", help: "'quoted' - and \\fBnot bold")],
      options: [
        OptionSpec("output", letter: "o", placeholder: "PATH", help: ".bin \"x\" ~/y^z `w` %1 é")
      ],
      examples: [.init(line: #"demo encode '.x' -o "a\b""#, meaning: "'so' it goes")])
  ],
  examples: [])
