import FoundationEssentials
import VAE

/// The JSON texts that stand beside shards.
enum ShardJSON {
  /// The bytes of a file with `value` in it, the keys sorted.
  ///
  /// - Parameter formatting: how lines are broken.
  static func encode(
    _ value: some Encodable, _ formatting: JSONEncoder.OutputFormatting = []
  ) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = formatting.union([.sortedKeys, .withoutEscapingSlashes])
    let text = String(decoding: try encoder.encode(value), as: UTF8.self)
    return Array((text.withEscapedPathBytes + "\n").utf8)
  }

  /// The value in `bytes`.
  ///
  /// - Parameters:
  ///   - part: what errors call the text.
  ///   - offset: where it lies in its file.
  /// - Throws: `ShardError`, `.malformed` for what is no such text.
  static func decode<Value: Decodable>(
    _ type: Value.Type, from bytes: [UInt8], part: String, at offset: Int = 0
  ) throws -> Value {
    let text = String(decoding: bytes, as: UTF8.self).withReadPathBytes
    do {
      return try JSONDecoder().decode(type, from: Data(text.utf8))
    } catch let error as ShardError {
      throw error
    } catch {
      throw ShardError.malformed(part: part, offset: offset, reason: "no JSON of the form expected")
    }
  }
}
