import TestSupport
import Testing
import VAECodec

// README begin
func reencode(_ source: String, to destination: String) throws -> Comparison {
  let codec = try Codec()  // or Codec(model: .path("sdxl-vae"))
  let image = try Image(contentsOf: source)
  let latent = try codec.encode(image) { fraction in print("\(Int(fraction * 100)) %") }
  let bytes = try latent.serialized()
  let picture = try codec.decode(Latent(decoding: bytes))
  try OutputFile.write(picture.pngData(), to: destination)
  return try Comparison(image, picture)
}
// README end

/// Keeps the example of the README compiling and true.
struct ReadmeExampleTests {
  @Test("the README shows the example that is tested here, word for word")
  func readmeShowsTheExample() throws {
    let source = String(decoding: try Fixtures.bytes(at: #filePath), as: UTF8.self)
    let readme = String(
      decoding: try Fixtures.bytes(at: Fixtures.packageFolder + "/README.md"), as: UTF8.self)
    let begin = try #require(source.firstRange(of: "// README begin\n"))
    let end = try #require(source.firstRange(of: "// README end\n"))
    #expect(readme.contains(String(source[begin.upperBound..<end.lowerBound])))
  }

  @Test("the example of the README makes a picture that is close to its source")
  func exampleRuns() throws {
    let folder = try TemporaryFolder()
    let report = try reencode(Fixtures.path("demo-alpha.png"), to: folder.path("decoded.png"))
    // The default model's round trip of this picture, less a quarter of a decibel.
    #expect(try #require(report.psnr) > 30)
    #expect(try Image(contentsOf: folder.path("decoded.png")).width == 256)
  }
}
