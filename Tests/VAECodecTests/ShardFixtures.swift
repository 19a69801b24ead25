import FoundationEssentials
import TestSupport

@testable import VAECodec

/// The shards in `Fixtures/shards`, which other programs wrote.
enum ShardFixtures {
  /// The path of a shard.
  static func path(_ name: String) -> String { Fixtures.path("shards/\(name)") }

  /// The bytes of the file called `name`.
  static func bytes(_ name: String) throws -> [UInt8] { try Fixtures.bytes(at: path(name)) }

  /// The names and the contents of the files in each archive.
  static func members() throws -> [String: [[String]]] {
    try JSONDecoder().decode([String: [[String]]].self, from: Data(bytes("index.json")))
  }

  /// All that `reader` gives, as the index has it.
  static func members(of reader: TarReader) throws -> [[String]] {
    var members: [[String]] = []
    while let member = try reader.next() {
      members.append([member.name, String(decoding: try reader.contents(), as: UTF8.self)])
    }
    return members
  }
}
