import TestSupport
import Testing

@testable import VAECodec

/// Which pictures of two folders belong together.
@Suite struct PicturePairsTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// What becomes of folders with these files: "reference=picture" for pairs, "name: reason" for others.
  private func pairs(_ references: [String], _ pictures: [String]) throws -> [String] {
    for name in references { try folder.write([], to: "r/\(name)") }
    for name in pictures { try folder.write([], to: "p/\(name)") }
    return try PicturePairs(
      referenceFolder: folder.path("r"), pictureFolder: folder.path("p") + "/"
    )
    .pairs.map { pair in
      let picture = FileName(pair.picture).last
      switch pair.reference {
      case .success(let reference): return "\(FileName(reference).last)=\(picture)"
      case .failure(.noPicture): return "\(picture): no picture"
      case .failure(.noReference): return "\(picture): no reference"
      case .failure(.ambiguous(let paths)):
        return "\(picture): \(paths.map { FileName($0).last }.joined(separator: " or "))"
      case .failure(let error): return "\(picture): \(error)"
      }
    }
  }

  @Test func `the same name comes before the same stem`() throws {
    #expect(
      try pairs(["a.png", "b.jpg", "c.d.png"], ["a.png", "a.jpg", "b.png", "c.d.JPEG"]) == [
        "a.jpg: no reference", "a.png=a.png", "b.jpg=b.png", "c.d.png=c.d.JPEG",
      ])
  }

  @Test func `what has no partner is named on either side`() throws {
    #expect(
      try pairs(["a.png", "x.png"], ["a.jpg", "y.webp"]) == [
        "a.png=a.jpg", "x.png: no picture", "y.webp: no reference",
      ])
  }

  @Test func `two candidates are an error`() throws {
    #expect(
      try pairs(["a.tif", "b.jpg", "b.jpeg", "c.gif", "c.bmp"], ["a.jpg", "a.png", "b.png"]) == [
        "a.tif: a.jpg or a.png", "b.png: b.jpeg or b.jpg", "c.bmp: no picture", "c.gif: no picture",
      ])
  }

  @Test func `hidden files are no pictures, and other files and folders are counted`() throws {
    try folder.write([], to: "p/sub/a.png")
    #expect(try pairs(["a.png", ".b.png", "a.txt", "png"], ["a.png"]) == ["a.png=a.png"])
    let pairs = try PicturePairs(referenceFolder: folder.path("r"), pictureFolder: folder.path("p"))
    #expect(
      pairs.omissions == [
        .init(folder: folder.path("r"), fileCount: 2, folderCount: 0),
        .init(folder: folder.path("p"), fileCount: 0, folderCount: 1),
      ])
  }

  @Test func `a folder without pictures is an error that names it`() throws {
    try folder.write([], to: "r/a.png")
    try folder.makeFolder("p")
    let error = #expect(throws: InputError.self) {
      try PicturePairs(referenceFolder: folder.path("r"), pictureFolder: folder.path("p"))
    }
    #expect(error?.path == folder.path("p") && error?.reason as? PairingError == .noPictures)
    #expect(throws: FileError.self) {
      try PicturePairs(referenceFolder: folder.path("none"), pictureFolder: folder.path("p"))
    }
  }

  @Test func `sheets of two pictures of one stem have two names`() throws {
    _ = try pairs(["a.png", "a.jpg", "b.png"], ["a.png", "a.jpg", "b.jpg"])
    let pairs = try PicturePairs(referenceFolder: folder.path("r"), pictureFolder: folder.path("p"))
    #expect(
      try Batch(pairs, to: .folder("out")).items.map(\.output) == [
        "out/a.jpg.png", "out/a.png.png", "out/b.png",
      ])
    #expect(throws: BatchError.oneFile("d.png", inputCount: 3)) {
      try Batch(pairs, to: .file("d.png"))
    }
  }

  @Test func `files are compared by their paths, which errors carry`() throws {
    let picture = Fixtures.path("metrics/small.png")
    #expect(try Comparison(contentsOf: picture, and: picture).psnr == nil)
    let other = Fixtures.path("metrics/odd.png")
    let error = #expect(throws: InputError.self) {
      try Comparison(contentsOf: picture, and: other)
    }
    #expect(error?.path == other && error?.reason is ComparisonError)
    try folder.write([1, 2, 3], to: "bad.png")
    let bad = #expect(throws: InputError.self) {
      try Comparison(contentsOf: folder.path("bad.png"), and: other)
    }
    #expect(bad?.path == folder.path("bad.png"))
  }
}
