import Foundation
import TestSupport
import Testing

/// Files for what came of a whole run, and what they must not replace.
@Suite struct ResultFileTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for name in ["k.png", "p.png"] { try folder.copy("pictures/rgb8.png", to: name) }
    try FileManager.default.createSymbolicLink(
      atPath: folder.path("link.png"), withDestinationPath: "k.png")
  }

  @Test(arguments: [
    ["roundtrip", "k.png", "--junit", "k.png"], ["roundtrip", "k.png", "--report", "link.png"],
    ["roundtrip", "k.png", "--report", "./k.png"], ["roundtrip", "k.png", "-o", "k.png"],
    ["compare", "k.png", "p.png", "-o", "link.png"], ["compare", "p.png", "k.png", "-o", "k.png"],
    ["compare", "k.png", "p.png", "--junit", "k.png"],
    ["roundtrip", "k.png", "--report", "r", "--junit", "./r"],
  ])
  func `no input is replaced, by whatever name`(line: [String]) throws {
    let before = try folder.bytes(of: "k.png")
    let run = try CommandLineRun.vaecodec(line + ["--force"], in: folder)
    #expect(run.status == 2 && run.output.isEmpty, "\(run)")
    #expect(try folder.bytes(of: "k.png") == before)
    #expect(folder.names == ["k.png", "link.png", "p.png"])
  }

  @Test func `JUnit on standard output has it for itself`() throws {
    let run = try CommandLineRun.vaecodec(
      ["roundtrip", "p.png", "--min-psnr", "190", "--junit", "-"], in: folder)
    #expect(run.status == 1)
    #expect(run.text.hasPrefix("<?xml version"), "\(run.text)")
    #expect(run.text.contains("tests=\"1\" failures=\"1\" errors=\"0\""))
    #expect(run.text.contains("<failure type=\"quality\""))
    #expect(run.text.contains("<system-out>PSNR "))
    let both = try CommandLineRun.vaecodec(
      ["roundtrip", "p.png", "--json", "--junit", "-"], in: folder)
    #expect(both.status == 2, "\(both)")
  }

  @Test func `names in JUnit are text`() throws {
    let name = "<a & \"b\">\n\u{1}.png"
    let run = try CommandLineRun.vaecodec(["roundtrip", name, "--junit", "j.xml"], in: folder)
    #expect(run.status == 1)
    let xml = String(decoding: try folder.bytes(of: "j.xml"), as: UTF8.self)
    #expect(xml.contains("name=\"&lt;a &amp; &quot;b&quot;&gt;??.png\""), "\(xml)")
    #expect(xml.contains("<error type=\"unreadable\""))
  }

  @Test func `a page that cannot be written takes nothing else with it`() throws {
    let run = try CommandLineRun.vaecodec(
      ["roundtrip", "p.png", "--json", "--report", "/proc/r.html", "--junit", "j.xml"], in: folder)
    #expect(run.status == 1 && run.errorLines.count == 1, "\(run)")
    #expect(try run.jsonLines().last?["summary"] != nil)
    #expect(folder.names.contains("j.xml"))
  }

  @Test func `a mean has its bound`() throws {
    for (bound, status) in [("5", Int32(0)), ("50", 1)] {
      let run = try CommandLineRun.vaecodec(
        ["roundtrip", "p.png", "k.png", "--json", "--min-mean-psnr", bound], in: folder)
      #expect(run.status == status, "\(run)")
      let summary = try #require(try run.jsonLines().last?["summary"] as? [String: Any])
      #expect(summary["passed"] as? Bool == (status == 0))
      #expect(run.errors.isEmpty || run.errors.hasPrefix("vaecodec: mean PSNR "), "\(run)")
    }
  }
}
