import FoundationEssentials
import TestSupport
import Testing
import VAECodec

/// Public collections of odd and broken pictures, where they are at hand: PngSuite, the pictures of
/// image-rs and libjpeg-turbo, and generated cases with a verdict each.
@Suite(.enabled(if: EdgeData.isPresent, "the folder ../shared/data/edge is not there"))
struct ImageEdgeDataTests {
  @Test("generated cases end as their table says", arguments: EdgeData.cases())
  func generated(testCase: EdgeData.Case) {
    let result = Result { try EdgeData.decode("generated/\(testCase.name)") }
    switch testCase.verdict {
    case "ok": #expect(throws: Never.self) { try result.get() }
    case "err": #expect(throws: ImageFileError.self) { try result.get() }
    default: break
    }
  }

  @Test(
    "files of the collections decode unless they are broken or of a kind that is not read",
    arguments: EdgeData.files(in: "png") + EdgeData.files(in: "jpeg"))
  func collections(path: String) {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    let isBroken = path.contains("pngsuite") && name.hasPrefix("x")
    if isBroken || EdgeData.refused.contains(name) {
      #expect(throws: ImageFileError.self) { try EdgeData.decode(path) }
    } else {
      #expect(throws: Never.self) { try EdgeData.decode(path) }
    }
  }

  @Test(
    "one photograph looks the same in all EXIF orientations", arguments: ["Landscape", "Portrait"])
  func orientations(name: String) throws {
    let pictures = try (1...8).map {
      try EdgeData.decode("jpeg/exif-orientation/\(name)_\($0).jpg")
    }
    for (index, picture) in pictures.enumerated() {
      #expect(picture.appliedOrientation == index + 1)
      #expect(picture.width == pictures[0].width && picture.height == pictures[0].height)
    }
  }
}

/// The folder of test material beside the package.
enum EdgeData {
  /// A generated file and what is to become of it.
  struct Case: Sendable, CustomStringConvertible {
    /// The file's name.
    let name: String
    /// `ok`, `err` or `lax`, which allows either.
    let verdict: String

    var description: String { name }
  }

  /// Files outside PngSuite that are refused: 12-bit samples, and a scan that ends early.
  static let refused: Set = ["monkey12.jpg", "mozjpeg_testorig12.jpg", "oss-fuzz-36829.jpeg"]

  private static let root = PictureFixtures.packageRoot.deletingLastPathComponent()
    .appending(path: "shared/data/edge")

  /// Whether the folder is there.
  static var isPresent: Bool { FileManager.default.fileExists(atPath: root.path) }

  /// The picture in the file at `path` below the folder.
  static func decode(_ path: String) throws -> Image {
    try Image(decoding: [UInt8](Data(contentsOf: root.appending(path: path))))
  }

  /// The lines of the table of generated files, without its heading.
  static func cases() -> [Case] {
    let url = root.appending(path: "generated/cases.tsv")
    guard let data = try? Data(contentsOf: url) else { return [] }
    return String(decoding: data, as: UTF8.self).split(separator: "\n").dropFirst().map { line in
      let fields = line.split(separator: "\t").map(String.init)
      return Case(name: fields[0], verdict: fields[1])
    }
  }

  /// The paths of the PNG and JPEG files in `folder` and below it.
  static func files(in folder: String) -> [String] {
    let path = root.appending(path: folder).path
    let names = (try? FileManager.default.subpathsOfDirectory(atPath: path)) ?? []
    return names.sorted().map { "\(folder)/\($0)" }.filter { name in
      [".png", ".jpg", ".jpeg"].contains { name.hasSuffix($0) }
    }
  }
}
