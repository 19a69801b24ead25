import Testing

@testable import VAECodecCLI

/// Command lines against what they parse to, and every usage error against its sentence.
@Suite struct ArgumentParserTests {
  // MARK: Syntax

  @Test(arguments: [
    ["encode", "a.png", "--output", "a.bin"], ["encode", "a.png", "--output=a.bin"],
    ["encode", "a.png", "-o", "a.bin"], ["encode", "-o", "a.bin", "a.png"],
    ["encode", "-o", "a.bin", "--", "a.png"], ["encode", "-oa.bin", "a.png"],
  ])
  func `a value follows its option, an equals sign or a letter`(line: [String]) throws {
    let arguments = try parsed(line)
    #expect(arguments.command.name == "encode")
    #expect(arguments.operands == ["a.png"])
    #expect(arguments.string(.output) == "a.bin")
  }

  @Test func `two dashes end the options`() throws {
    let arguments = try parsed(["encode", "--json", "--", "--json", "-h", "--"])
    #expect(arguments.operands == ["--json", "-h", "--"])
    #expect(arguments.has(.json))
  }

  @Test func `a dash is an operand and a value`() throws {
    let arguments = try parsed(["encode", "-", "-o", "-"])
    #expect(arguments.operands == ["-"])
    #expect(arguments.string(.output) == "-")
  }

  @Test func `what was not given is absent`() throws {
    let arguments = try parsed(["encode", "a"])
    #expect(!arguments.has(.json))
    #expect(arguments.string(.output) == nil)
    #expect(try arguments.integer(.threads, in: 1...4) == nil)
    #expect(arguments.strings(.note).isEmpty)
  }

  @Test func `a value may be empty, negative or hold an equals sign`() throws {
    #expect(try parsed(["encode", "a", "--output="]).string(.output) == "")
    #expect(try parsed(["encode", "a", "--output=b=c"]).string(.output) == "b=c")
    #expect(try parsed(["encode", "a", "--output=-b"]).string(.output) == "-b")
    #expect(try parsed(["encode", "a", "--gain", "-2.5"]).number(.gain, in: -4...4) == -2.5)
  }

  @Test func `a repeatable option keeps every value in order`() throws {
    let arguments = try parsed(["encode", "a", "--note", "x", "--note=y"])
    #expect(arguments.strings(.note) == ["x", "y"])
  }

  // MARK: Values

  @Test(arguments: [
    ("1", 1), ("1023", 1023), ("600K", 600_000), ("600M", 600_000_000), ("4g", 4_000_000_000),
    ("1.5G", 1_500_000_000), ("2TiB", 2 << 40), ("7MB", 7_000_000), ("9b", 9), (".5K", 500),
    ("3KiB", 3 << 10), ("4gib", 4 << 30),
  ])
  func `sizes are read in powers of 1000, and of 1024 with an i`(text: String, expected: Int) throws
  {
    #expect(try parsed(["encode", "a", "--max-memory", text]).byteCount(.maxMemory) == expected)
  }

  @Test(arguments: [
    "", "M", "0", "0.5", "-1", "4X", "4 G", "4iB", "1e3", "nan", "inf", "0x10", "1.2.3", "4Mi",
    "9999999T", "٣M",
  ])
  func `what is no size is refused`(text: String) throws {
    let arguments = try parsed(["encode", "a", "--max-memory=\(text)"])
    #expect(
      throws: UsageError.invalidValue(
        option: "--max-memory", found: text, expected: .byteCount)
    ) { try arguments.byteCount(.maxMemory) }
  }

  @Test(arguments: ["many", "0", "1025", "1.5", "", "99999999999999999999"])
  func `what is no number in range is refused with the range`(text: String) throws {
    let arguments = try parsed(["encode", "a", "--threads", text])
    #expect(
      throws: UsageError.invalidValue(
        option: "--threads", found: text, expected: .number(lowest: "1", highest: "1024"))
    ) { try arguments.integer(.threads, in: 1...1024) }
  }

  @Test func `numbers of any width are read`() throws {
    let arguments = try parsed(["encode", "a", "--threads", "18446744073709551615"])
    #expect(try arguments.integer(.threads, in: 0...UInt64.max) == .max)
  }

  @Test(arguments: ["nan", "inf", "4.1", "loud"])
  func `what is no decimal number in range is refused`(text: String) throws {
    let arguments = try parsed(["encode", "a", "--gain", text])
    #expect(
      throws: UsageError.invalidValue(
        option: "--gain", found: text, expected: .number(lowest: "-0.5", highest: "4"))
    ) { try arguments.number(.gain, in: -0.5...4) }
  }

  @Test func `a choice is one of its words`() throws {
    #expect(try parsed(["encode", "a", "--color", "red"]).choice(.color, of: Color.self) == .red)
    let wrong = try parsed(["encode", "a", "--color", "Red"])
    #expect(
      throws: UsageError.invalidValue(
        option: "--color", found: "Red", expected: .choice(["red", "green", "blue"]))
    ) { try wrong.choice(.color, of: Color.self) }
  }

  // MARK: Help and version

  @Test func `help and version stand before a command`() throws {
    #expect(try kind(["--help"]) == "help")
    #expect(try kind(["-h", "encode"]) == "help")
    #expect(try kind(["--version"]) == "version")
  }

  @Test(arguments: [["--help"], ["-h"], ["a", "--bad", "-h"], ["--json", "--json", "--help"]])
  func `a command's help wins over mistakes`(rest: [String]) throws {
    #expect(try kind(["encode"] + rest) == "help encode")
  }

  // MARK: Usage errors

  @Test(arguments: mistakes)
  func `a mistake is reported in one sentence`(mistake: Mistake) {
    let error = #expect(throws: UsageError.self) {
      try ArgumentParser(program: program).parse(mistake.line)
    }
    #expect(error == mistake.error)
    #expect(error?.description == mistake.sentence)
  }

  @Test(arguments: [
    (
      UsageError.Expectation.number(lowest: "1", highest: "1024"),
      "--x expects a number from 1 to 1024, found 'many'"
    ),
    (.byteCount, "--x expects a size such as 600M or 4G, found 'many'"),
    (.choice(["mean", "sample", "moments"]), "--x expects mean, sample or moments, found 'many'"),
    (.choice(["f32"]), "--x expects f32, found 'many'"),
  ])
  func `a wrong value is reported with what is expected`(
    expected: UsageError.Expectation, sentence: String
  ) {
    let error = UsageError.invalidValue(option: "--x", found: "many", expected: expected)
    #expect(error.description == sentence)
  }

  @Test(arguments: [
    ("treads", "threads"), ("thraeds", "threads"), ("thr", "threads"), ("max-mem", "max-memory"),
    ("jsno", "json"), ("outpt", "output"),
  ])
  func `a misspelled name finds its neighbour`(word: String, expected: String) {
    #expect(Spelling.nearest(to: word, among: OptionSpec.all.map(\.name)) == expected)
  }

  @Test(arguments: ["", "x", "zebra", "no", "co"])
  func `a name far from all finds none`(word: String) {
    #expect(Spelling.nearest(to: word, among: ["cone", "cold", "help", "json"]) == nil)
  }
}

// MARK: A program to parse for

/// A wrong command line, its error and the error's sentence.
struct Mistake: Sendable, CustomTestStringConvertible {
  let line: [String]
  let error: UsageError
  let sentence: String

  var testDescription: String { line.joined(separator: " ") }
}

private let mistakes = [
  Mistake(
    line: [], error: .missingCommand(expected: ["encode", "compare"]),
    sentence: "found no command, expected encode or compare"),
  Mistake(
    line: ["encod"], error: .unknownCommand("encod", nearest: "encode"),
    sentence: "unknown command 'encod'; did you mean encode?"),
  Mistake(
    line: ["paint"], error: .unknownCommand("paint", nearest: nil),
    sentence: "unknown command 'paint'"),
  Mistake(
    line: ["--verson"], error: .unknownOption("--verson", nearest: "--version"),
    sentence: "unknown option --verson; did you mean --version?"),
  Mistake(
    line: ["encode", "a", "--treads=4"], error: .unknownOption("--treads", nearest: "--threads"),
    sentence: "unknown option --treads; did you mean --threads?"),
  Mistake(
    line: ["encode", "a", "-threads", "4"],
    error: .unknownOption("-threads", nearest: "--threads"),
    sentence: "unknown option -threads; did you mean --threads?"),
  Mistake(
    line: ["encode", "a", "-output", "b"], error: .unknownOption("-output", nearest: "--output"),
    sentence: "unknown option -output; did you mean --output?"),
  Mistake(
    line: ["encode", "a", "--zebra"], error: .unknownOption("--zebra", nearest: nil),
    sentence: "unknown option --zebra"),
  Mistake(
    line: ["encode", "a", "-o", "b", "--output=c"], error: .repeatedOption("--output"),
    sentence: "--output is given twice, expected once"),
  Mistake(
    line: ["encode", "a", "--json", "--json"], error: .repeatedOption("--json"),
    sentence: "--json is given twice, expected once"),
  Mistake(
    line: ["encode", "a", "-o"],
    error: .missingValue(option: "--output", placeholder: "PATH", found: nil),
    sentence: "--output expects PATH, found nothing"),
  Mistake(
    line: ["encode", "a", "--threads", "--json"],
    error: .missingValue(option: "--threads", placeholder: "N", found: "--json"),
    sentence: "--threads expects N, found option --json"),
  Mistake(
    line: ["encode", "a", "--json=yes"],
    error: .unexpectedValue(option: "--json", found: "yes"),
    sentence: "--json takes no value, found 'yes'"),
  Mistake(
    line: ["encode"], error: .missingOperand(command: "encode", placeholder: "INPUT"),
    sentence: "encode expects INPUT, found nothing"),
  Mistake(
    line: ["compare", "a"], error: .missingOperand(command: "compare", placeholder: "PICTURE"),
    sentence: "compare expects PICTURE, found nothing"),
  Mistake(
    line: ["compare", "a", "b", "c", "d"],
    error: .unexpectedOperand(command: "compare", found: "d"),
    sentence: "compare expects no further operand, found 'd'"),
]

private enum Color: String, CaseIterable {
  case red, green, blue
}

extension OptionSpec {
  static let output = OptionSpec(
    "output", letter: "o", placeholder: "PATH", help: "where the result goes")
  static let threads = OptionSpec("threads", placeholder: "N", help: "how many threads work")
  static let maxMemory = OptionSpec(
    "max-memory", placeholder: "SIZE", help: "the most memory to use")
  static let gain = OptionSpec("gain", placeholder: "NUMBER", help: "brightness")
  static let color = OptionSpec(
    "color", placeholder: "NAME", value: .words(of: Color.self), help: "red, green or blue")
  static let note = OptionSpec("note", placeholder: "TEXT", isRepeatable: true, help: "a remark")
  static let json = OptionSpec(flag: "json", help: "print one JSON object")

  static let all = [output, threads, maxMemory, gain, color, note, json]
}

private let program = ProgramSpec(
  name: "demo", summary: "Do things to pictures", reference: .demo,
  commands: [
    CommandSpec(
      name: "encode", summary: "Encode pictures", usage: ["demo encode [options] INPUT..."],
      operands: [.init("INPUT", isRepeatable: true, help: "a picture")], options: OptionSpec.all,
      examples: []),
    CommandSpec(
      name: "compare", summary: "Compare two pictures",
      usage: ["demo compare REFERENCE PICTURE [MASK]"],
      operands: [
        .init("REFERENCE", help: "the original"), .init("PICTURE", help: "the copy"),
        .init("MASK", isOptional: true, help: "where to look"),
      ],
      options: [.json], examples: []),
  ],
  examples: [])

/// What `line` parses to, when it is a command's work.
private func parsed(_ line: [String]) throws -> ParsedArguments {
  guard case .run(let arguments) = try ArgumentParser(program: program).parse(line) else {
    throw NotACommand(line: line)
  }
  return arguments
}

private struct NotACommand: Error {
  let line: [String]
}

/// What `line` asks for, in short.
private func kind(_ line: [String]) throws -> String {
  switch try ArgumentParser(program: program).parse(line) {
  case .help(let command): command.map { "help " + $0.name } ?? "help"
  case .version: "version"
  case .run(let arguments): "run " + arguments.command.name
  }
}
