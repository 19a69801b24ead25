import Glibc
import TestSupport
import Testing
import VAE

/// Folders and lists of pictures on the command line.
@Suite struct DatasetTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for (name, place) in [
      ("rgb8.png", "a/x.png"), ("ycc_444.jpg", "a/x.jpg"), ("grey8.png", "b.png"),
    ] {
      try folder.copy("pictures/\(name)", to: "in/\(place)")
    }
  }

  @Test func `a folder becomes a folder and comes back`() throws {
    let run = try CommandLineRun.shell(
      """
      $vaecodec encode in -o latents && $vaecodec decode latents/ -o pictures &&
      $vaecodec preview latents -o previews && $vaecodec convert latents -o arrays --format npy &&
      $vaecodec roundtrip in && find latents pictures previews arrays -name '*.*g.*' | sort
      """, in: folder)
    #expect(run.status == 0, "\(run)")
    let names = ["a/x.jpg", "a/x.png", "b.png"]
    let found = run.text.split(separator: "\n").suffix(12).map(String.init)
    #expect(
      found
        == names.map { "arrays/\($0).bin.npy" } + names.map { "latents/\($0).bin" }
        + names.map { "pictures/\($0).bin.png" } + names.map { "previews/\($0).bin.png" })
  }

  @Test func `a bad file among others leaves status 3, or 0 where that is allowed`() throws {
    try folder.write(Array("no".utf8), to: "in/bad.png")
    let first = try CommandLineRun.vaecodec(["encode", "in", "-o", "out", "--json"], in: folder)
    #expect(first.status == 3, "\(first)")
    #expect(try first.jsonLines().count == 5)
    let second = try CommandLineRun.vaecodec(
      ["encode", "in", "-o", "out", "--max-failures", "1"], in: folder)
    #expect(second.status == 0 && second.text.contains("3 skipped, 1 failed"), "\(second)")
    let third = try CommandLineRun.vaecodec(
      ["encode", "in", "-o", "out", "--max-failures", "0"], in: folder)
    #expect(third.status != 0, "\(third)")
    let other = try CommandLineRun.vaecodec(["encode", "in", "-o", "out", "-q", "50"], in: folder)
    #expect(other.status == 2 && other.errors.contains("quality 75, now 50"), "\(other)")
  }

  @Test func `a list comes from find`() throws {
    let run = try CommandLineRun.shell(
      "find in -name 'x.*' -print0 | $vaecodec encode --files-from - -0 -o out && find out -type f -name 'x*'",
      in: folder)
    #expect(run.status == 0, "\(run)")
    #expect(FileNames.sorted(in: folder.path("out/in/a")) == ["x.jpg.bin", "x.png.bin"])
  }

  @Test(arguments: [
    ["--files-from", "list", "in/b.png"], ["--files-from", "list"],
    ["in", "-o", "out", "--shard", "2/2"],
    ["in", "-o", "out", "--shard", "auto"], ["in", "-o", "out", "--max-failures", "x"],
    ["in/", "-o", "in/b.png"],
    [],
  ])
  func `what cannot be meant is refused before anything is made`(arguments: [String]) throws {
    try folder.write(Array("in/b.png\n".utf8), to: "list")
    let run = try CommandLineRun.vaecodec(["encode"] + arguments, in: folder)
    #expect(run.status == 2 && run.errorLines.count <= 2, "\(run)")
    #expect(!FileSystem.exists(folder.path("out")))
  }

  @Test func `a run that is killed loses nothing but what was in hand`() throws {
    for number in 0..<60 { try folder.copy("pictures/rgb8.png", to: "many/\(number).png") }
    let script = """
      for delay in 0.05 0.1 0.15 0.2 0.25; do
        $vaecodec encode many -o out --quiet & sleep $delay; kill -9 $!; wait $! 2>/dev/null
      done
      $vaecodec encode many -o out && $vaecodec encode many -o whole --quiet && diff -r -x .vaecodec out whole \
        && ls out/.vaecodec/tmp
      """
    let run = try CommandLineRun.shell(script, in: folder)
    #expect(run.status == 0 && run.text.contains("60 files: "), "\(run)")
    #expect(run.text.split(separator: "\n").last?.contains(" done") == true, "\(run.text)")
  }

  @Test func `a signal to end finishes what is in hand and says so`() throws {
    for number in 0..<200 { try folder.copy("pictures/rgb8.png", to: "many/\(number).png") }
    let script = """
      $vaecodec encode many -o out & sleep 0.3; kill -TERM $!; wait $!; echo "status $?"
      ls out/.vaecodec/tmp
      """
    let run = try CommandLineRun.shell(script, in: folder)
    let lines = run.text.split(separator: "\n")
    #expect(lines.last == "status 143", "\(run)")
    #expect(lines.contains { $0.contains("not begun") }, "\(run)")
    let made = FileNames.sorted(in: folder.path("out")).filter { $0.hasSuffix(".bin") }.count
    #expect(lines.contains { $0.hasPrefix("200 files: \(made) done") }, "\(run)")
  }
}
