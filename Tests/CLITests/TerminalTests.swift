import TestSupport
import Testing

@testable import VAECodecCLI

/// What stands on a terminal: lines that keep to its width, and progress that leaves nothing behind.
@Suite struct TerminalTests {
  private let folder: TemporaryFolder
  private let picture = Fixtures.path("pictures/rgb8.png")
  private let demo = Fixtures.path("demo.png")

  init() throws { folder = try TemporaryFolder() }

  /// What a terminal of `columns` shows after `bytes`: its lines, in which the cursor is moved by line
  /// ends, "\r" and `ESC [K` alone; nil where anything else steers it.
  private func rows(of bytes: [UInt8], columns: Int) -> [String]? {
    var lines: [[Character]] = [[]]
    var column = 0
    var rest = String(decoding: bytes, as: UTF8.self).unicodeScalars[...]
    while let scalar = rest.popFirst() {
      switch scalar {
      case "\r": column = 0
      case "\n": lines.append([])
      case "\u{1B}":
        guard rest.popFirst() == "[", rest.popFirst() == "K" else { return nil }
        lines[lines.count - 1].removeSubrange(column...)
      default:
        if column == columns {
          lines.append([])
          column = 0
        }
        var line = lines.removeLast()
        if column < line.count {
          line[column] = Character(scalar)
        } else {
          line.append(Character(scalar))
        }
        lines.append(line)
        column += 1
      }
    }
    return lines.map { String($0) }
  }

  @Test(arguments: [40, 80, 200])
  func `help keeps to the terminal's width`(columns: Int) throws {
    for arguments in [["--help"]] + Program.spec.commands.map({ [$0.name, "--help"] }) {
      let run = try CommandLineRun.terminal(
        columns: columns, "$vaecodec \"$@\"", arguments, in: folder)
      let lines = run.text.split(separator: "\r\n", omittingEmptySubsequences: false)
      #expect(run.status == 0 && lines.count > 6)
      // A path stays whole, whatever its length.
      let words = lines.filter { $0.count > columns }.map { $0.split(separator: " ") }
      #expect(words.allSatisfy { $0.count == 1 }, "\(words)")
      #expect(columns != 200 || arguments[0] != "encode" || lines.contains { $0.count > 100 })
    }
  }

  @Test(arguments: [40, 80, 200])
  func `the bar of one picture keeps to its line and goes`(columns: Int) throws {
    let name = "a name that is longer than a line of forty columns.png"
    let run = try CommandLineRun.terminal(
      columns: columns, "cp \"$1\" \"$2\" && $vaecodec encode \"$2\" -o z.bin", [demo, name],
      in: folder)
    #expect(run.status == 0, "\(run.text)")
    let bars = run.text.split(separator: "\r\u{1B}[K").filter { $0.contains(" %") }
    #expect(bars.count > 1)
    for bar in bars {
      #expect(bar.contains(/\[[#.]{8,40}\] +[0-9]+ %/), "\(bar)")
      #expect(bar.count < columns, "\(bar)")
    }
    let screen = try #require(rows(of: run.output, columns: columns))
    #expect(screen.joined().wholeMatch(of: /z.bin: 768x512 pixels as .* s/) != nil, "\(screen)")
  }

  @Test(arguments: [40, 80, 200])
  func `a batch counts files and ends with one line`(columns: Int) throws {
    let run = try CommandLineRun.terminal(
      columns: columns,
      "$vaecodec encode missing.png \"$1\" \"$2\" -o out/ >results", [demo, picture], in: folder)
    #expect(run.status == 1)
    let progress = run.text.split(separator: "\r\u{1B}[K").filter { $0.contains("/3") }
    let counts = /1\/3  [0-9.]+\/s  ETA [0-9]+:[0-9][0-9]  1 failed.*/
    #expect(progress.contains { $0.wholeMatch(of: counts) != nil }, "\(progress)")
    #expect(progress.allSatisfy { $0.count < columns }, "\(progress)")
    let screen = try #require(rows(of: run.output, columns: columns))
    #expect(
      screen.joined(separator: "|").hasPrefix("vaecodec: missing.png: no such"), "\(screen)")
    #expect(screen.last == "")
    let results = String(decoding: try folder.bytes(of: "results"), as: UTF8.self)
    #expect(
      results.contains(/\n3 files: 2 done, 1 failed, [0-9.]+ s, [0-9.]+ (KB|bytes)\n$/),
      "\(results)")
  }

  @Test(arguments: ["--progress never", "--quiet", "TERM=dumb"])
  func `there is no progress where nobody wants it`(how: String) throws {
    let isVariable = how.contains("=")
    let run = try CommandLineRun.terminal(
      columns: 80,
      "\(isVariable ? how : "") $vaecodec encode \"$1\" -o z.bin \(isVariable ? "" : how)", [demo],
      in: folder)
    #expect(run.status == 0)
    #expect(!run.text.contains("%") && !run.text.contains("\u{1B}"), "\(run.text)")
  }

  @Test func `progress says what it can in few columns`() {
    var state = ProgressState(itemCount: 500)
    for index in 0..<37 { state.end(failed: index < 2) }
    state.advance("folder/日本語の写真.png", to: 0.45)
    let lines = [40, 60, 79].map { state.line(after: 12, columns: $0) }
    #expect(lines[0] == "37/500  3.1/s  ETA 2:28  2 failed")
    #expect(lines[1] == "37/500  3.1/s  ETA 2:28  2 failed  日本語の写真.png 45 %")
    #expect(lines[2] == lines[1])
    #expect(lines[1].displayWidth <= 60)
    #expect(ProgressState.clock(3725) == "1:02:05" && ProgressState.clock(9.6) == "0:10")
  }

  @Test func `names are cut between characters and by their width`() {
    #expect("photo.png".cut(to: 9) == "photo.png")
    #expect("photo.png".cut(to: 6) == "photo~")
    #expect("日本語".cut(to: 5) == "日本~" && "日本語".cut(to: 4) == "日~")
    #expect("e\u{301}e\u{301}".displayWidth == 2 && "\u{1F600}".displayWidth == 2)
  }
}
