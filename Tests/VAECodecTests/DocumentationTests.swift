import TestSupport
import Testing
import VAECodec

/// Keeps the examples of the README and of the articles compiling and true: they stand word for word in
/// `DocumentationExamples.swift`.
struct DocumentationTests {
  @Test(arguments: [
    "README.md", "Sources/VAECodec/VAECodec.docc/PicturesToLatents.md",
    "Sources/VAECodec/VAECodec.docc/LatentsOfOtherPrograms.md",
    "Sources/VAECodec/VAECodec.docc/RefiningLatents.md",
    "Sources/VAECodec/VAECodec.docc/TrainingAModel.md",
  ])
  func `a page shows the examples that are tested here, and no other`(path: String) throws {
    let page = try text(of: Fixtures.packageFolder + "/" + path)
    let shown = page.matches(of: /```swift\n((?s).*?)```/).map { match in
      String(match.output.1).replacing("import VAECodec\n\n", with: "")
    }
    let name = try #require(path.split(separator: "/").last)
    let source = try text(
      of: Fixtures.packageFolder + "/Tests/VAECodecTests/DocumentationExamples.swift")
    let tested = source.split(separator: "// begin \(name)\n").dropFirst().map { rest in
      String(rest.prefix(upTo: rest.firstRange(of: "// end\n")?.lowerBound ?? rest.endIndex))
    }
    // How a package names this one compiles in its own manifest alone.
    #expect(shown.filter { !$0.hasPrefix("// swift-tools-version") } == tested)
    #expect(!tested.isEmpty)
  }

  private func text(of path: String) throws -> String {
    String(decoding: try Fixtures.bytes(at: path), as: UTF8.self)
  }

  @Test func `the example of the README makes a picture that is close to its source`() throws {
    let folder = try TemporaryFolder()
    let report = try reencode(Fixtures.path("demo-alpha.png"), to: folder.path("decoded.png"))
    // The default model's round trip of this picture, less a quarter of a decibel.
    #expect(try #require(report.psnr) > 30)
    #expect(try Image(contentsOf: folder.path("decoded.png")).width == 256)
  }

  @Test func `the batch of the README goes on where it was cut short`() throws {
    let folder = try TemporaryFolder()
    let photos = ["pictures/rgb8.png", "pictures/grey8.png"].map(Fixtures.path)
    #expect(try cache([photos[0]], in: folder.path("cache")).doneCount == 1)
    let summary = try cache(photos + ["/nowhere.png"], in: folder.path("cache"))
    #expect((summary.skippedCount, summary.doneCount, summary.failedCount) == (1, 1, 1))
  }

  @Test func `the examples of the first article encode, keep, draw and plan`() throws {
    let folder = try TemporaryFolder()
    let picture = Fixtures.path("pictures/rgb8.png")
    #expect(try #require(try measure(picture, model: .bundled)) > 9)
    try store(picture, in: folder.path("z.bin"))
    try restore(folder.path("z.bin"), to: folder.path("z.png"))
    #expect(try Image(contentsOf: folder.path("z.png")).width == Image(contentsOf: picture).width)
    let drawn = try samples(of: picture, 2, Codec())
    #expect(drawn.count == 2 && drawn[0] != drawn[1])
    #expect(try fits(picture, in: 1 << 30))
    #expect(throws: CodecError.self) { try fits(picture, in: 1 << 10) }
  }

  @Test func `the examples of the second article read and write files of other programs`() throws {
    let folder = try TemporaryFolder()
    let latent = try Latent(
      channels: 4, height: 2, width: 2, values: (0..<16).map { Float($0) / 4 }, units: .raw)
    for name in ["z.npy", "z.latent", "z.png"] { try export(latent, to: folder.path(name)) }
    #expect(folder.names == ["z.latent", "z.npy"])
    #expect(try latents(in: folder.path("z.latent")).map(\.values) == [latent.values])
    let scaled = try scaledValues(of: folder.path("z.npy"), as: .sd)
    #expect(abs(scaled[15] - 3.75 * 0.18215) < 1e-6)
    let inputs = ["z.npy", "none.npy"].map(folder.path)
    let summary = try exportCache(inputs, to: folder.path("cache"))
    #expect((summary.doneCount, summary.failedCount) == (1, 1))
  }

  @Test func `the examples of the third article refine a latent and map what moves a picture`()
    throws
  {
    let refined = try #require(try refined(Fixtures.path("pictures/rgb8.png"), at: 50))
    #expect(try #require(refined.after.psnr) > #require(refined.before.psnr))
    let codec = try Codec()
    let map = try sensitivity(of: refined.latent, codec, draws: 1)
    #expect(map.count == refined.latent.width * refined.latent.height && map.allSatisfy { $0 > 0 })
  }
}
