import FoundationEssentials
import TestSupport

/// The latent files in `Fixtures/latents`, which the libraries of other programs wrote.
enum InterchangeFixtures {
  /// What the index says of a file.
  struct Entry: Decodable, Sendable, CustomStringConvertible {
    let file: String
    let format: String?
    let dialect: String?
    let shape: [Int]?
    let keys: [String]?
    let tolerance: Float?
    let original_size: [Int]?
    let crop: [Double]?
    let picture: [Int]?
    let flipped: Bool?
    let alpha_mask: Bool?
    let unstated: Bool?
    let refused: String?

    var description: String { file }

    /// Channels, height and width.
    var extents: [Int] { shape ?? [4, 3, 5] }

    /// The bytes of the file.
    func bytes() throws -> [UInt8] { try InterchangeFixtures.bytes(file) }
  }

  /// All files.
  static let entries: [Entry] = {
    let index = try? Fixtures.bytes(at: Fixtures.path("latents/index.json"))
    return (try? JSONDecoder().decode([Entry].self, from: Data(index ?? []))) ?? []
  }()

  /// The bytes of the file called `name`.
  static func bytes(_ name: String) throws -> [UInt8] {
    try Fixtures.bytes(at: Fixtures.path("latents/\(name)"))
  }

  /// The values that all files hold: multiples of 1/8 between -3.75 and 3.75.
  static func values(_ count: Int) -> [Float] {
    (0..<count).map { Float($0 * 7 % 61 - 30) / 8 }
  }

  /// `values` of rows of `width`, mirrored.
  static func mirrored(_ values: [Float], width: Int) -> [Float] {
    stride(from: 0, to: values.count, by: width).flatMap { row in
      values[row..<row + width].reversed()
    }
  }
}
