import TestSupport
import Testing

/// Several inputs at once: names of outputs, and how one that fails leaves the others alone.
@Suite struct BatchTests {
  private let folder: TemporaryFolder
  private let pictures = ["pictures/rgb8.png", "pictures/ycc_444.jpg", "pictures/grey8.png"]
    .map(Fixtures.path)

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(Array("not a picture".utf8), to: "bad.png")
  }

  @Test(arguments: ["out/", "made"])
  func `outputs are named for their inputs`(output: String) throws {
    let script = "mkdir made && $vaecodec encode \"$@\" -o \(output)"
    let run = try CommandLineRun.shell(script, pictures, in: folder)
    #expect(run.status == 0, "\(run)")
    let names = FileNames.sorted(in: folder.path(output))
    #expect(names == ["grey8.bin", "rgb8.bin", "ycc_444.bin"])
    let decoded = try CommandLineRun.shell(
      "$vaecodec decode \(output)/*.bin -o pictures/ --format jpg", in: folder)
    #expect(decoded.status == 0, "\(decoded)")
    #expect(
      FileNames.sorted(in: folder.path("pictures")) == ["grey8.jpg", "rgb8.jpg", "ycc_444.jpg"])
  }

  @Test(arguments: ["encode", "roundtrip"])
  func `a bad input is reported and the others go on`(command: String) throws {
    let inputs = [pictures[0], "bad.png", "missing.png", pictures[1]]
    let run = try CommandLineRun.vaecodec(
      [command] + inputs + ["-o", "out/", "--json"], in: folder)
    #expect(run.status == 1, "\(run)")
    #expect(
      run.errorLines == [
        "vaecodec: bad.png: the file begins with bytes 6e 6f 74 20 61 20 70 69, expected a PNG or JPEG "
          + "picture",
        "vaecodec: missing.png: no such file or directory",
      ])
    let reports = try run.jsonLines()
    #expect(reports.dropLast().map { $0["input"] as? String } == inputs)
    #expect(
      reports.dropLast().map { $0["code"] as? String } == [nil, "picture", "unreadable", nil])
    #expect(
      run.errorLines.map { line in line.dropFirst("vaecodec: ".count) }
        == [
          "bad.png: \(reports[1]["error"] as? String ?? "")",
          "\(reports[2]["error"] as? String ?? "")",
        ])
    let summary = try #require(reports.last?["summary"] as? [String: Any])
    #expect(
      ["items", "done", "failed", "skipped", "left"].map { summary[$0] as? Int } == [4, 2, 2, 0, 0])
    let bytes = reports.compactMap { $0["bytes"] as? Int }.reduce(0, +)
    #expect(summary["bytes"] as? Int == bytes && bytes > 0)
    let suffix = command == "encode" ? "bin" : "png"
    #expect(FileNames.sorted(in: folder.path("out")) == ["rgb8.\(suffix)", "ycc_444.\(suffix)"])
  }

  @Test func `a batch that was cut short is taken up where it stopped`() throws {
    let done = [pictures[0], pictures[2]]
    let first = try CommandLineRun.vaecodec(
      ["encode"] + done + ["-o", "out/", "--lossless"], in: folder)
    #expect(first.status == 0, "\(first)")
    let made = try folder.bytes(of: "out/rgb8.bin")
    let options = ["-o", "out/", "--skip-existing", "--lossless", "--json"]
    let rest = try CommandLineRun.vaecodec(["encode"] + pictures + options, in: folder)
    #expect(rest.status == 0, "\(rest)")
    #expect(
      rest.errors.isEmpty, "\(rest)")
    let reports = try rest.jsonLines()
    #expect(reports.count == 2 && reports[0]["input"] as? String == pictures[1])
    let summary = try #require(reports[1]["summary"] as? [String: Any])
    #expect(summary["skipped"] as? Int == 2 && summary["done"] as? Int == 1)
    #expect(try folder.bytes(of: "out/rgb8.bin") == made)
    let both = try CommandLineRun.vaecodec(
      ["encode", pictures[0], "-o", "out/", "--skip-existing", "--force"], in: folder)
    #expect(both.status == 2, "\(both)")
  }

  @Test func `two inputs with one stem are refused before work starts`() throws {
    let run = try CommandLineRun.vaecodec(
      ["encode", "a/cat.png", "b/cat.jpg", "-o", "out/"], in: folder)
    #expect(run.status == 2)
    #expect(
      run.errorLines.first
        == "vaecodec: 'a/cat.png' and 'b/cat.jpg' would both become 'out/cat.bin'", "\(run)")
    #expect(folder.names == ["bad.png"])
  }

  @Test func `wrong usage and a missing model make no folder`() throws {
    for options in [
      ["--seed", "3"], ["--threads", "0"], ["--matte", "red"], ["--model", "/nowhere"],
    ] {
      let run = try CommandLineRun.vaecodec(
        ["encode", pictures[0], "-o", "out/"] + options, in: folder)
      #expect(run.status == (options[0] == "--model" ? 1 : 2), "\(run)")
      #expect(folder.names == ["bad.png"])
    }
  }

  @Test func `the folder that an output folder lies in must be there`() throws {
    let run = try CommandLineRun.vaecodec(["encode", pictures[0], "-o", "a/b/"], in: folder)
    #expect(run.status == 1)
    #expect(run.errors == "vaecodec: a/b/: no such file or directory\n")
    let file = try CommandLineRun.vaecodec(["encode", pictures[0], "-o", "bad.png/"], in: folder)
    #expect(file.status == 1)
    #expect(file.errors == "vaecodec: bad.png/: not a directory\n")
  }

  @Test func `an existing output of a batch is kept and the others are written`() throws {
    let line = ["encode"] + pictures + ["-o", "out/"]
    let first = try CommandLineRun.vaecodec(["encode", pictures[0], "-o", "out/"], in: folder)
    #expect(first.status == 0, "\(first)")
    let second = try CommandLineRun.vaecodec(line, in: folder)
    #expect(second.status == 1)
    #expect(second.errors == "vaecodec: out/rgb8.bin exists; --force replaces it\n")
    #expect(FileNames.sorted(in: folder.path("out")).count == 3)
    #expect(try CommandLineRun.vaecodec(line + ["--force"], in: folder).status == 0)
  }

  @Test func `a file name cannot forge a line or steer a terminal`() throws {
    let name = "a\nvaecodec: \u{1B}[31mred\u{202E}.png"
    let run = try CommandLineRun.vaecodec(["encode", name, "-o", "z.bin"], in: folder)
    #expect(run.status == 1)
    #expect(run.errors == "vaecodec: a?vaecodec: ?[31mred?.png: no such file or directory\n")
    let good = try CommandLineRun.shell(
      "cp \"$1\" \"$2\" && $vaecodec encode \"$2\" -o out/", [pictures[0], name], in: folder)
    #expect(good.status == 0 && good.text.split(separator: "\n").count == 1, "\(good)")
  }

  @Test func `a file name that is not UTF-8 is one like any other`() throws {
    let run = try CommandLineRun.shell(
      """
      name=$(printf 'caf\\351') && cp "$1" "$name.png" &&
      $vaecodec encode "$name.png" --json && rm "$name.png" && $vaecodec decode "$name.bin" -o "$(printf 'o\\377')/" &&
      test -s "$(printf 'o\\377')/$name.png" && $vaecodec decode "$name.txt"
      """, [pictures[0]], in: folder)
    #expect(run.status == 1)
    #expect(run.text.contains(#""input":"caf\udce9.png""#), "\(run.text)")
    #expect(run.text.contains(#"o\xFF/caf\xE9.png: "#), "\(run.text)")
    #expect(run.errors == "vaecodec: caf\\xE9.txt: no such file or directory\n")
  }

  @Test func `names that are one text in two forms of Unicode are two files`() throws {
    let names = ["\u{E9}.png", "e\u{301}.png", "\u{301}.png"]
    for name in names { try folder.copy("pictures/rgb8.png", to: name) }
    let run = try CommandLineRun.vaecodec(["encode"] + names + ["-o", "out/"], in: folder)
    #expect(run.status == 0, "\(run)")
    #expect(FileNames.sorted(in: folder.path("out")).count == 3)
  }

  @Test func `a full disk ends a batch`() throws {
    let run = try CommandLineRun.shell(
      """
      mkdir out && ln -s /dev/full out/rgb8.bin &&
      $vaecodec encode "$1" "$2" "$3" -o out/ --threads 1
      """, pictures, in: folder)
    #expect(run.status == 1)
    #expect(run.errors == "vaecodec: out/rgb8.bin: no space left on device\n", "\(run)")
    #expect(FileNames.sorted(in: folder.path("out")) == ["rgb8.bin"])
  }
}
