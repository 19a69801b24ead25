import Glibc
import TestSupport
import Testing
import VAE

/// What is wrong with the files of a data set.
@Suite struct VerifyTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for number in 0..<6 { try folder.copy("pictures/rgb8.png", to: "in/\(number).png") }
    let run = try CommandLineRun.vaecodec(["encode", "in", "-o", "out", "--quiet"], in: folder)
    try #require(run.status == 0, "\(run)")
  }

  private func verify(_ arguments: [String] = []) throws -> CommandLineRun {
    try CommandLineRun.vaecodec(["verify", "out"] + arguments, in: folder)
  }

  @Test func `a finished folder is as it should be`() throws {
    for arguments in [[], ["--quick"], ["--inputs", "in"]] {
      let run = try verify(arguments)
      #expect(run.status == 0 && run.text == "6 files: all as they should be\n", "\(run)")
    }
  }

  @Test func `each kind of fault is told`() throws {
    _ = unsafe unlink(folder.path("out/0.png.bin"))
    let whole = try folder.bytes(of: "out/1.png.bin")
    try folder.write(Array(whole.dropLast()), to: "out/1.png.bin")
    try folder.write(whole.dropLast() + [whole[whole.count - 1] ^ 1], to: "out/2.png.bin")
    try folder.write([0], to: "in/3.png")
    _ = unsafe unlink(folder.path("in/4.png"))
    try folder.copy("pictures/rgb8.png", to: "in/new.png")
    try folder.write(whole, to: "out/mine.bin")
    let quick = try verify(["--quick"])
    #expect(
      quick.status == 3 && quick.text == "7 files: 1 broken, 1 extra, 1 missing\n", "\(quick)")
    let full = try verify(["--inputs", "in", "--json"])
    #expect(full.status == 3, "\(full)")
    let lines = try full.jsonLines()
    #expect(
      lines.dropLast().map { "\($0["path"] ?? "") \($0["fault"] ?? "")" } == [
        "out/0.png.bin missing", "out/1.png.bin broken", "out/2.png.bin broken",
        "out/3.png.bin stale", "out/4.png.bin stale", "out/mine.bin extra",
        "out/new.png.bin missing",
      ])
    #expect(try verify(["--repair"]).text.contains("2 taken away"))
    _ = unsafe unlink(folder.path("out/mine.bin"))
    #expect(try CommandLineRun.vaecodec(["encode", "in", "-o", "out"], in: folder).status == 3)
    let failed = try verify()
    #expect(failed.errors.contains("3.png.bin: stale: its input has failed since"), "\(failed)")
    try folder.copy("pictures/rgb8.png", to: "in/3.png")
    #expect(try CommandLineRun.vaecodec(["encode", "in", "-o", "out"], in: folder).status == 0)
    let last = try verify()
    #expect(last.text.contains("all as they should be"), "\(last)")
  }

  @Test func `the cache of another program is read file by file`() throws {
    try folder.write([1, 2, 3], to: "cache/sub/cut.npz")
    let made = try CommandLineRun.vaecodec(
      ["encode", "in/0.png", "-o", "cache/good.npy"], in: folder)
    try #require(made.status == 0, "\(made)")
    let run = try CommandLineRun.vaecodec(["verify", "cache", "--repair"], in: folder)
    #expect(run.status == 3 && run.text == "2 files: 1 broken, 1 taken away\n", "\(run)")
    #expect(!FileSystem.exists(folder.path("cache/sub/cut.npz")))
    #expect(FileSystem.exists(folder.path("cache/good.npy")))
  }
}
