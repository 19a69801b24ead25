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

// README begin
func cache(_ photos: [String], in folder: String) throws -> BatchSummary {
  let batch = try Batch(
    inputs: photos, to: .folder(folder), fileExtension: "npz",
    policy: BatchPolicy(existingFiles: .skip))
  return try Codec().encode(batch) { event in
    if case .failed(_, let error) = event { print(error) }
  }
}
// README end

/// Keeps the examples of the README compiling and true.
struct ReadmeExampleTests {
  @Test("the README shows the examples that are tested here, word for word")
  func readmeShowsTheExamples() throws {
    let source = String(decoding: try Fixtures.bytes(at: #filePath), as: UTF8.self)
    let readme = String(
      decoding: try Fixtures.bytes(at: Fixtures.packageFolder + "/README.md"), as: UTF8.self)
    let begins = source.ranges(of: "\n// README begin\n")
    let ends = source.ranges(of: "// README end\n\n")
    #expect(begins.count == 2 && ends.count == 2)
    for (begin, end) in zip(begins, ends) {
      #expect(readme.contains(String(source[begin.upperBound..<end.lowerBound])))
    }
  }

  @Test("the example of the README makes a picture that is close to its source")
  func exampleRuns() throws {
    let folder = try TemporaryFolder()
    let report = try reencode(Fixtures.path("demo-alpha.png"), to: folder.path("decoded.png"))
    // The default model's round trip of this picture, less a quarter of a decibel.
    #expect(try #require(report.psnr) > 30)
    #expect(try Image(contentsOf: folder.path("decoded.png")).width == 256)
  }

  @Test("the batch of the README goes on where it was cut short")
  func batchRuns() throws {
    let folder = try TemporaryFolder()
    let photos = ["pictures/rgb8.png", "pictures/grey8.png"].map(Fixtures.path)
    #expect(try cache([photos[0]], in: folder.path("cache")).doneCount == 1)
    let summary = try cache(photos + ["/nowhere.png"], in: folder.path("cache"))
    #expect((summary.skippedCount, summary.doneCount, summary.failedCount) == (1, 1, 1))
  }
}
