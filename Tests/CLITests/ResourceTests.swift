import TestSupport
import Testing

/// `--max-memory` and `--dry-run` through the binary.
@Suite struct ResourceTests {
  private let folder: TemporaryFolder
  private let picture = Fixtures.path("demo.png")

  init() throws { folder = try TemporaryFolder() }

  @Test func `a limit on memory is kept and changes no byte`() throws {
    for (index, limit) in [[], ["--max-memory", "80M"]].enumerated() {
      let encoded = try CommandLineRun.vaecodec(
        ["encode", picture, "-o", "\(index).bin", "--json"] + limit, in: folder)
      #expect(encoded.status == 0, "\(encoded)")
      let decoded = try CommandLineRun.vaecodec(
        ["decode", "\(index).bin", "-o", "\(index).png", "--json"] + limit, in: folder)
      #expect(decoded.status == 0, "\(decoded)")
      guard !limit.isEmpty else { continue }
      for run in [encoded, decoded] {
        let peak = try run.jsonLines().first?["peak_memory_bytes"] as? Int
        #expect(try #require(peak) <= 80_000_000)
      }
    }
    #expect(try folder.bytes(of: "0.bin") == folder.bytes(of: "1.bin"))
    #expect(try folder.bytes(of: "0.png") == folder.bytes(of: "1.png"))
  }

  @Test func `the least memory that an error names is enough`() throws {
    let refused = try CommandLineRun.vaecodec(
      ["encode", picture, "-o", "z.bin", "--max-memory", "1M"], in: folder)
    let match = try #require(refused.errors.firstMatch(of: /needs at least ([0-9]+) MB/))
    let run = try CommandLineRun.vaecodec(
      ["encode", picture, "-o", "z.bin", "--max-memory", "\(match.1)M"], in: folder)
    #expect(run.status == 0, "\(run)")
  }

  @Test func `a limit that cannot be kept is an error that says what can`() throws {
    let run = try CommandLineRun.vaecodec(
      ["encode", picture, "-o", "z.bin", "--max-memory", "1M"], in: folder)
    #expect(run.status == 1 && run.text.isEmpty)
    #expect(
      run.errors.wholeMatch(
        of:
          /vaecodec: .*demo.png: needs at least [0-9]+ MB of memory with this model; the limit is 1 MB\n/
      )
        != nil, "\(run)")
    #expect(folder.names.isEmpty)
  }

  @Test func `a dry run prints the peak and writes nothing`() throws {
    let dry = try CommandLineRun.vaecodec(["encode", picture, "--dry-run", "--json"], in: folder)
    #expect(dry.status == 0 && dry.errors.isEmpty && folder.names.isEmpty, "\(dry)")
    let plan = try #require(try dry.jsonLines().first)
    let planned = try #require(plan["planned_peak_memory_bytes"] as? Int)
    #expect(try #require(plan["multiply_adds"] as? Int) > 1_000_000)
    let run = try CommandLineRun.vaecodec(["encode", picture, "-o", "z.bin", "--json"], in: folder)
    let report = try #require(try run.jsonLines().first)
    let measured = try #require(report["peak_memory_bytes"] as? Int)
    #expect(abs(Double(planned - measured)) <= 0.1 * Double(measured), "\(planned) of \(measured)")
    #expect(report["latent"] as? [Int] == plan["latent"] as? [Int])
    let line = try CommandLineRun.vaecodec(["decode", "z.bin", "--dry-run"], in: folder)
    #expect(line.status == 0 && line.text.hasPrefix("z.bin: ") && folder.names == ["z.bin"])
  }
}
