import TestSupport
import Testing

@testable import VAECodecCLI

/// The command lines that the documents show: the parser and the commands understand each of them.
@Suite struct DocumentedCommandsTests {
  @Test(arguments: ["README.md", "Makefile", "Fixtures/ci/quality.yml"])
  func `every command line in a document is understood`(path: String) throws {
    let text = String(
      decoding: try Fixtures.bytes(at: Fixtures.packageFolder + "/" + path), as: UTF8.self)
    let lines = Self.commandLines(path.hasSuffix(".md") ? Self.shellBlocks(text) : text)
    #expect(!lines.isEmpty)
    for line in lines { try understand(line, in: path) }
  }

  @Test func `every example of the help is understood`() throws {
    let examples = (Program.spec.examples + Program.spec.commands.flatMap(\.examples)).map(\.line)
    for line in Self.commandLines(examples.joined(separator: "\n")) {
      try understand(line, in: "the help")
    }
  }

  @Test func `command lines are found, and what is wrong with one is`() {
    let text =
      "run: vaecodec encode a.png -q 50 > log  # half\n$(VAECODEC) info 'my file'\nvaecodec-bench x"
    let lines = Self.commandLines(text)
    #expect(lines == [["encode", "a.png", "-q", "50"], ["info", "my file"]])
    #expect(throws: UsageError.self) { try Self.parse(["encode", "a.png", "--qualty", "50"]) }
    #expect(throws: UsageError.self) { try Self.parse(["encode", "a.png", "--quality", "500"]) }
  }

  private func understand(_ line: [String], in place: String) throws {
    #expect(throws: Never.self, "'vaecodec \(line.joined(separator: " "))' in \(place)") {
      try Self.parse(line)
    }
  }

  /// Parses a line and makes its command, without running it.
  private static func parse(_ line: [String]) throws {
    guard case .run(let arguments) = try ArgumentParser(program: Program.spec).parse(line) else {
      return
    }
    let command = Program.commands.first { $0.spec.name == arguments.command.name }
    _ = try command?.init(arguments)
  }

  /// The blocks of a page of Markdown that are a shell's.
  private static func shellBlocks(_ page: String) -> String {
    page.matches(of: /```sh\n((?s).*?)```/).map { String($0.output.1) }.joined()
  }

  /// The arguments of every call of the program, up to a comment or another command.
  private static func commandLines(_ text: String) -> [[String]] {
    // Variables of a Makefile stand for the program and for folders.
    let text = text.replacing("$(VAECODEC)", with: "vaecodec").replacing(/\$\([A-Z_]+\)/, with: "x")
    return text.split(separator: "\n").compactMap { line in
      let call =
        /\s*(?:- )?(?:run: )?(?:source <\()?(?:[A-Z_]+=\S+ )*(?:[^ ]*\/)?vaecodec ([a-z].*)/
      guard let match = line.wholeMatch(of: call) else { return nil }
      return words(String(match.output.1.prefix { !"#>|;)".contains($0) }))
    }
  }

  /// The words of a simple command.
  private static func words(_ line: String) -> [String] {
    line.split(separator: "'", omittingEmptySubsequences: false).enumerated().flatMap {
      index, piece in
      index.isMultiple(of: 2) ? piece.split(separator: " ").map(String.init) : [String(piece)]
    }
  }
}
