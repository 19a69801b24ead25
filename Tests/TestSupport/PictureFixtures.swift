import FoundationEssentials
import VAECodec

/// The picture files of `Fixtures/pictures` and what each decodes to.
///
/// Made by `Tests/Reference/make_picture_fixtures.py`.
package enum PictureFixtures {
  /// A line of `pictures.tsv`: a file and the picture that it holds.
  package struct Entry: Sendable, CustomStringConvertible {
    /// The file's name.
    package let name: String
    /// The picture, without a profile.
    package let picture: Image

    /// The name, by which tests list the file.
    package var description: String { name }
  }

  /// What is wrong with `pictures.tsv`.
  package struct MalformedLine: Error {
    /// The line.
    package let line: String
  }

  /// The folder of the package.
  package static let packageRoot = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  private static let folder = packageRoot.appending(path: "Fixtures/pictures")

  /// The bytes of the file `name`.
  package static func bytes(of name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: folder.appending(path: name)))
  }

  /// All files with their pictures.
  package static func entries() throws -> [Entry] {
    let table = String(decoding: try bytes(of: "pictures.tsv"), as: UTF8.self)
    return try table.split(separator: "\n").dropFirst().map { line in
      let fields = line.split(separator: "\t").map(String.init)
      guard fields.count >= 6, let width = Int(fields[1]), let height = Int(fields[2]),
        let depth = Int(fields[3]), let orientation = Int(fields[4])
      else { throw MalformedLine(line: String(line)) }
      let planes = fields[5...].map { samples(hexadecimal: $0, depth: depth) }
      return Entry(
        name: fields[0],
        picture: Image(
          width: width, height: height, color: planes[0],
          alpha: planes.count > 1 ? planes[1] : nil, appliedOrientation: orientation))
    }
  }

  private static func samples(hexadecimal text: String, depth: Int) -> Image.Samples {
    let digits = text.utf8.map { UInt16($0 > 57 ? $0 - 87 : $0 - 48) }
    let values = stride(from: 0, to: digits.count, by: depth / 4).map { start in
      digits[start..<start + depth / 4].reduce(0) { $0 << 4 | $1 }
    }
    return depth == 8 ? .bits8(values.map(UInt8.init)) : .bits16(values)
  }
}
