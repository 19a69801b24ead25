import Foundation
import TestSupport
import Testing
import VAE

/// Requests and replies through pipes.
@Suite struct ServeTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private struct Reply {
    let header: [String: Any]
    let bytes: [UInt8]
  }

  private func request(_ header: String, _ bytes: [UInt8] = []) -> [UInt8] {
    Array("\(header)\n".utf8) + bytes
  }

  private func picture(_ id: Int, _ name: String = "rgb8.png") throws -> [UInt8] {
    let bytes = try Fixtures.bytes(at: Fixtures.path("pictures/\(name)"))
    return request("{\"id\": \(id), \"bytes\": \(bytes.count)}", bytes)
  }

  private func replies(_ run: CommandLineRun) throws -> [Reply] {
    var rest = run.output[...]
    var replies: [Reply] = []
    while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
      let object = try JSONSerialization.jsonObject(with: Data(rest[..<end]))
      let line = try #require(object as? [String: Any])
      rest = rest[(end + 1)...]
      let count = line["bytes"] as? Int ?? 0
      replies.append(Reply(header: line, bytes: Array(rest.prefix(count))))
      rest = rest.dropFirst(count)
    }
    #expect(rest.isEmpty)
    return replies
  }

  @Test func `pictures become latents and latents pictures, in order`() throws {
    let path = Fixtures.path("pictures/ycc_444.jpg")
    let first = try CommandLineRun.vaecodec(
      ["serve"], input: picture(1) + request("{\"id\":\"b\",\"path\":\"\(path)\"}") + picture(3))
    #expect(first.status == 0 && first.errors.isEmpty, "\(first)")
    let latents = try replies(first)
    #expect(latents.count == 4 && latents[0].header["vaecodec"] is String)
    #expect(latents[1].header["id"] as? Int == 1 && latents[2].header["id"] as? String == "b")
    #expect(latents.dropFirst().allSatisfy { $0.header["kind"] as? String == "latent" })
    #expect(latents[1].bytes == latents[3].bytes && latents[1].bytes.starts(with: [0x93]))
    let file = try CommandLineRun.vaecodec(
      ["encode", Fixtures.path("pictures/rgb8.png"), "-o", "-", "--format", "npy"])
    #expect(file.output == latents[1].bytes)
    let second = try CommandLineRun.vaecodec(
      ["serve"], input: request("{\"id\":1,\"bytes\":\(file.output.count)}", file.output))
    let pictures = try replies(second)
    #expect(pictures.last?.header["format"] as? String == "png")
    #expect(pictures.last?.bytes.starts(with: [0x89, 0x50]) == true)
  }

  @Test func `a bad picture is an answer, and the next one is answered`() throws {
    let run = try CommandLineRun.vaecodec(
      ["serve"],
      input: request("{\"id\":1,\"bytes\":3}", Array("abc".utf8))
        + request("{\"id\":2,\"path\":\"/nowhere.png\"}") + picture(3))
    #expect(run.status == 0, "\(run)")
    let found = try replies(run)
    #expect(found.dropFirst().map { $0.header["status"] as? String } == ["error", "error", "ok"])
    #expect(found.map { $0.header["code"] as? String } == [nil, "picture", "unreadable", nil])
  }

  @Test(arguments: [
    "{\"id\": 9, \"bytes\": -1}\n", "{\"id\": 9, \"bytes\": 9223372036854775807}\n", "rubbish\n",
    "{\"bytes\": 5, \"path\": \"a\"}\n", "{\"id\": 9}\n", "{\"id\": 9, \"bytes\": 100}\nabc",
    "{\"id\": 9",
    "{\"id\": 9, \"bytes\": 1e99}\n",
  ])
  func `a stream that cannot be followed ends after what came before`(rest: String) throws {
    let run = try CommandLineRun.vaecodec(["serve"], input: picture(1) + Array(rest.utf8))
    #expect(run.status == 1 && run.errorLines.count == 1, "\(run)")
    let found = try replies(run)
    #expect(found.count == 2 && found[1].header["status"] as? String == "ok", "\(run)")
  }

  @Test(.enabled(if: InstalledProgram.areThere("python3"), "python3 is not installed"))
  func `the client of the README works`() throws {
    let readme = try String(
      decoding: Fixtures.bytes(at: Fixtures.packageFolder + "/README.md"), as: UTF8.self)
    let start = try #require(readme.range(of: "```python\n")).upperBound
    let end = try #require(readme[start...].range(of: "```")).lowerBound
    try folder.write(Array(readme[start..<end].utf8), to: "client.py")
    let run = try CommandLineRun.shell(
      "mkdir bin && ln -s \"$vaecodec\" bin/ && PATH=$PWD/bin:$PATH python3 client.py \"$@\"",
      ["rgb8.png", "pictures.tsv"].map { Fixtures.path("pictures/\($0)") }, in: folder)
    let lines = run.text.split(separator: "\n")
    #expect(run.status == 0 && lines.count == 3, "\(run)")
    #expect(
      lines[1].contains("rgb8.png ok [4, 2, 2] ") && lines[2].contains(" error "), "\(run.text)")
  }

  @Test func `a reader that is gone ends the program`() throws {
    try folder.write(
      (0..<40).flatMap { try picture($0) }, to: "requests")
    let run = try CommandLineRun.shell(
      "(cat requests; sleep 20) | $vaecodec serve | head -c 100 > some; echo done", in: folder,
      timeout: 10)
    // The sleep is the shell's: what counts is that the program left before it.
    #expect(run.signal != nil || run.seconds < 30)
  }
}
