import TestSupport
import Testing
import VAECodec

/// `vaecodec compare` through the binary: pictures, folders, sheets and pages.
@Suite struct CompareTests {
  private let folder: TemporaryFolder
  private let small = Fixtures.path("metrics/small.png")
  private let noisy = Fixtures.path("metrics/small-noisy.png")

  init() throws { folder = try TemporaryFolder() }

  /// Folders `r` and `p` of a pair by name, a pair by stem, and one file on each side without a partner.
  private func makeFolders() throws {
    for (fixture, name) in [
      ("small.png", "r/a.png"), ("small-noisy.png", "p/a.png"), ("odd.png", "r/b.png"),
      ("small.png", "r/only r.png"), ("small.png", "p/only\np.png"),
    ] {
      try folder.copy("metrics/\(fixture)", to: name)
    }
    let jpeg = try Image(contentsOf: Fixtures.path("metrics/odd.png")).jpegData(quality: 50)
    try folder.write(jpeg, to: "p/b.jpg")
  }

  @Test func `a sheet shows both pictures and their difference`() throws {
    let run = try CommandLineRun.vaecodec(["compare", small, noisy, "-o", "diff.png"], in: folder)
    #expect(run.status == 0 && run.errors.isEmpty, "\(run)")
    #expect(run.text.hasPrefix("PSNR ") && run.text.split(separator: "\n").count == 1)
    let (first, second) = (try Image(contentsOf: small), try Image(contentsOf: noisy))
    let expected = try ComparisonSheet(
      first, named: small, second, named: noisy, Comparison(first, second)
    ).image
    #expect(try Image(contentsOf: folder.path("diff.png")) == expected)
    #expect(expected.width > 3 * first.width && expected.height > first.height)
  }

  @Test func `a sheet that exists is kept, and goes to standard output where asked`() throws {
    try folder.write([7], to: "diff.png")
    let kept = try CommandLineRun.vaecodec(["compare", small, noisy, "-o", "diff.png"], in: folder)
    #expect(kept.status == 1 && kept.errors.contains("--force"), "\(kept)")
    #expect(try folder.bytes(of: "diff.png") == [7])
    let piped = try CommandLineRun.vaecodec(
      ["compare", small, noisy, "-o", "-"], in: folder)
    let forced = try CommandLineRun.vaecodec(
      ["compare", small, noisy, "-o", "diff.png", "--force"], in: folder)
    #expect(piped.status == 0 && forced.status == 0, "\(piped) \(forced)")
    #expect(try folder.bytes(of: "diff.png") == piped.output)
  }

  @Test func `folders are paired by name, and what has no partner fails`() throws {
    try makeFolders()
    let run = try CommandLineRun.vaecodec(["compare", "r", "p", "-o", "d/"], in: folder)
    #expect(run.status == 1, "\(run)")
    let lines = run.text.split(separator: "\n")
    #expect(lines.count == 4 && lines[0].hasPrefix("p/a.png: PSNR "))
    #expect(lines[1].hasPrefix("p/b.jpg: PSNR ") && lines[2].hasPrefix("mean of 2: PSNR "))
    #expect(lines[3].hasPrefix("4 files: 2 done, 2 failed"))
    #expect(!run.text.contains(" bpp"))
    #expect(run.errors.contains("vaecodec: r/only r.png: no picture of this name is in p\n"))
    #expect(run.errors.contains("vaecodec: p/only?p.png: no reference of this name is in r\n"))
    #expect(FileNames.sorted(in: folder.path("d")) == ["a.png", "b.png"])
  }

  @Test func `folders that pair wholly succeed, and a bound decides`() throws {
    try makeFolders()
    try folder.remove("r/only r.png")
    try folder.remove("p/only\np.png")
    let run = try CommandLineRun.vaecodec(["compare", "r/", "p/", "--quiet"], in: folder)
    #expect(run.status == 0 && run.output.isEmpty && run.errors.isEmpty, "\(run)")
    let bound = try CommandLineRun.vaecodec(
      ["compare", "r", "p", "--min-psnr", "150", "--quiet"], in: folder)
    #expect(bound.status == 1, "\(bound)")
    #expect(bound.errors.contains("p/a.png: PSNR ") && bound.errors.contains("p/b.jpg: PSNR "))
  }

  @Test func `two candidates are named`() throws {
    try makeFolders()
    try folder.copy("metrics/odd.png", to: "p/b.jpeg")
    let run = try CommandLineRun.vaecodec(["compare", "r", "p"], in: folder)
    #expect(run.status == 1)
    #expect(
      run.errors.contains("r/b.png: its partner could be 'p/b.jpeg' or 'p/b.jpg'"), "\(run)")
  }

  @Test func `what is passed over in a folder is said once`() throws {
    try makeFolders()
    try folder.write([], to: "p/notes.txt")
    try folder.write([], to: "p/more/a.png")
    let run = try CommandLineRun.vaecodec(["compare", "r", "p"], in: folder)
    #expect(
      run.errors.contains(
        "p: note: left out: 1 file that is not called as pictures are and 1 folder"), "\(run)")
  }

  @Test(arguments: [
    (["r", "p/a.png"], "a folder, as REFERENCE is"), (["p/a.png", "r"], "a file, as REFERENCE is"),
    (["r", "p", "-o", "x.png"], "a folder for 4 inputs"), (["-", "-"], "a second -"),
    (["p/a.png", "r/a.png", "-o", "x.html"], ".png or .jpg"),
    (["p/a.png", "r/a.png", "--report", "-", "--json"], "--report - does not go with --json"),
    (["p/a.png", "r/a.png", "--report", "-", "-o", "-"], "does not go with --output -"),
    (["p/a.png", "r/a.png", "--report", "p/a.png", "--force"], "the input p/a.png"),
    (["p/a.png", "r/a.png", "--report", "d/"], "a file, such as page.html"),
  ])
  func `what cannot be meant is refused`(line: [String], message: String) throws {
    try makeFolders()
    let run = try CommandLineRun.vaecodec(["compare"] + line, in: folder)
    #expect(run.status == 2 && run.errors.contains(message), "\(run)")
    #expect(folder.names == ["p", "r"])
  }

  @Test func `a page holds the pairs and the failures`() throws {
    try makeFolders()
    let run = try CommandLineRun.vaecodec(
      ["compare", "r", "p", "--report", "page.html", "--min-psnr", "150"], in: folder)
    #expect(run.status == 1, "\(run)")
    #expect(run.text.contains("\npage.html: report of 4 pictures\n"))
    let page = String(decoding: try folder.bytes(of: "page.html"), as: UTF8.self)
    #expect(page.ranges(of: "<section class=\"entry\"").count == 2)
    #expect(page.ranges(of: "<th scope=\"row\">").count == 4)
    #expect(page.contains("no picture of this name is in p"))
    #expect(page.contains("dB is below 150"))
    let again = try CommandLineRun.vaecodec(
      ["compare", "r", "p", "--report", "page.html"], in: folder)
    #expect(again.status == 1 && again.output.isEmpty && again.errorLines.count == 1, "\(again)")
    let piped = try CommandLineRun.vaecodec(
      ["compare", "r", "p", "--report", "-", "--min-psnr", "150"], in: folder)
    #expect(piped.text == page)
  }
}
