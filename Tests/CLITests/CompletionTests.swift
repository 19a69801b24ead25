import FoundationEssentials
import TestSupport
import Testing

@testable import VAECodecCLI

/// The completion scripts in the shells that they are for, as far as those are installed.
@Suite struct CompletionTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for name in ["my photo.png", "it's $odd.png", "plain.bin", "a folder/x.png", "models-1/x"] {
      try folder.write([], to: name)
    }
  }

  /// What is typed after the program's name up to a tab, and the arguments that the program is then given.
  private static let lines: [(typed: String, arguments: [String])] = [
    ("enc\t", ["encode"]),
    ("man\t", ["manual"]),
    ("--ver\t", ["--version"]),
    ("help conv\t", ["help", "convert"]),
    ("completion z\t", ["completion", "zsh"]),
    ("decode --dr\t", ["decode", "--dry-run"]),
    ("encode --posterior sa\t", ["encode", "--posterior", "sample"]),
    ("encode --posterior=sa\t", ["encode", "--posterior=sample"]),
    ("convert -o a/ --format saf\t", ["convert", "-o", "a/", "--format", "safetensors"]),
    ("encode --model my\\ p\t", ["encode", "--model", "my photo.png"]),
    ("encode --model=\"my p\t", ["encode", "--model=my photo.png"]),
    ("encode it\t", ["encode", "it's $odd.png"]),
    ("encode a\t\t", ["encode", "a folder/x.png"]),
    ("encode -o pl\t", ["encode", "-o", "plain.bin"]),
    ("encode -opl\t", ["encode", "-oplain.bin"]),
    ("compare plain.bin my\t", ["compare", "plain.bin", "my photo.png"]),
    ("encode -- pl\t", ["encode", "--", "plain.bin"]),
    // What takes no more, or what nobody can list, stays as it is.
    ("encode -- --forc\t", ["encode", "--", "--forc"]),
    ("encode --seed pl\t", ["encode", "--seed", "pl"]),
    ("encode -q pl\t", ["encode", "-q", "pl"]),
    ("models pl\t", ["models", "pl"]),
    ("models --forc\t", ["models", "--forc"]),
    ("nothing pl\t", ["nothing", "pl"]),
  ]

  @Test(
    .enabled(if: InstalledProgram.areThere("bash", "script"), "bash or script is not installed"),
    arguments: ["", "set -u; set -o posix; "])
  func `bash completes as is typed`(settings: String) throws {
    try expectCompletion("bash --norc --noprofile -i", settings)
  }

  private static let package = "/usr/share/bash-completion/bash_completion"

  @Test(
    .enabled(
      if: InstalledProgram.areThere("bash", "script")
        && FileManager.default.fileExists(atPath: package), "bash-completion is not installed"))
  func `bash completes beside its package`() throws {
    let line = "source \(Self.package); "
    try expectCompletion("bash --norc --noprofile -i", line)
  }

  @Test(
    .enabled(if: InstalledProgram.areThere("bash", "script"), "bash or script is not installed"))
  func `bash completes where an equals sign ends no word`() throws {
    let settings = "COMP_WORDBREAKS=${COMP_WORDBREAKS//=}; "
    try expectCompletion("bash --norc --noprofile -i", settings)
  }

  @Test(.enabled(if: InstalledProgram.areThere("zsh", "script"), "zsh or script is not installed"))
  func `zsh completes as is typed`() throws {
    let settings = "autoload -Uz compinit; compinit -D -u; "
    try expectCompletion("zsh -f -i", settings)
  }

  /// Expects that the lines, typed into an interactive `shell` on a terminal after `settings`, become the
  /// arguments that belong to them.
  private func expectCompletion(_ shell: String, _ settings: String) throws {
    let name = shell.prefix { $0 != " " }
    let settings =
      "HISTFILE=; PS1=; unset zle_bracketed_paste; \(settings) source ./script\n"
      + #"vaecodec() { printf '<%s>' "$@"; echo; }"#
    try folder.write(Array(settings.utf8), to: ".settings")
    let lines = [". ./.settings"] + Self.lines.map { "vaecodec " + $0.typed } + ["exit\n"]
    try folder.write(Array(lines.joined(separator: "\n").utf8), to: ".typed")
    let run = try CommandLineRun.shell(
      """
      "$vaecodec" completion \(name) > script
      TERM=dumb INPUTRC=/dev/null script -qec "$1" /dev/null < .typed
      """, [shell], in: folder)
    let results = run.text.split(whereSeparator: \.isNewline).filter { $0.hasPrefix("<") }
    for (line, result) in zip(Self.lines, results) {
      #expect(result == "<\(line.arguments.joined(separator: "><"))>", "\(line.typed)")
    }
    #expect(results.count == Self.lines.count, "\(run) \(run.text)")
  }

  @Test(.enabled(if: InstalledProgram.areThere("fish"), "fish is not installed"))
  func `fish completes what is typed`() throws {
    let cases: [(typed: String, candidates: [String])] = [
      ("enc", ["encode"]), ("--v", ["--version"]), ("help conv", ["convert"]),
      ("completion ", ["bash", "fish", "zsh"]),
      ("decode --f", ["--family", "--files-from", "--follow", "--force", "--format"]),
      ("encode --posterior ", ["mean", "moments", "sample"]),
      ("encode --posterior=s", ["--posterior=sample"]),
      ("encode --model m", ["models-1/", "my photo.png"]),
      ("encode --model=m", ["--model=models-1/", "--model=my photo.png"]),
      ("encode it", ["it's $odd.png"]), ("encode -o pl", ["plain.bin"]),
      ("compare plain.bin my", ["my photo.png"]), ("encode -- pl", ["plain.bin"]),
      ("encode -- --for", []), ("encode --seed p", []), ("encode -q p", []), ("models p", []),
    ]
    let run = try CommandLineRun.shell(
      """
      "$vaecodec" completion fish > script
      exec fish --no-config -c 'source script
        for line in $argv; complete -C "vaecodec $line"; echo .; end' -- "$@"
      """, cases.map(\.typed), in: folder)
    #expect(run.status == 0 && run.errors.isEmpty, "\(run)")
    let answers = run.text.split(separator: ".\n", omittingEmptySubsequences: false).dropLast()
    let candidates = answers.map { answer in
      answer.split(separator: "\n").map { String($0.prefix { $0 != "\t" }) }.sorted()
    }
    for (expected, found) in zip(cases, candidates) {
      #expect(found == expected.candidates, "\(expected.typed)")
    }
    #expect(candidates.count == cases.count)
  }

  @Test(.enabled(if: InstalledProgram.areThere("bash"), "bash is not installed"))
  func `bash lists all that fits`() throws {
    let run = try CommandLineRun.shell(
      """
      "$vaecodec" completion bash > script
      exec bash --norc -euc 'source ./script
        list() { COMP_WORDS=(vaecodec "$@"); COMP_CWORD=$#
          _vaecodec vaecodec "${!#}" "${COMP_WORDS[COMP_CWORD-1]}"; echo "${COMPREPLY[*]}"; }
        list decode --f; list encode --posterior ""; list help mo; list ""'
      """, in: folder)
    #expect(run.status == 0 && run.errors.isEmpty, "\(run)")
    let words = Program.spec.words.map(\.word) + ["-h", "--help", "-V", "--version"]
    #expect(
      run.text.split(separator: "\n") == [
        "--format --force --files-from --follow --family", "mean sample moments", "models",
        "\(words.joined(separator: " "))",
      ])
  }
}
