/// Typed access to the fields of a config.json, where an absent field and null both mean the default.
struct ConfigFields<Key: CodingKey> {
  private let container: KeyedDecodingContainer<Key>

  init(_ decoder: any Decoder) throws {
    container = try decoder.container(keyedBy: Key.self)
  }

  /// The value of a field.
  ///
  /// - Throws: `DecodingError` if it has another type.
  func value<Value: Decodable>(_ key: Key, default fallback: Value) throws -> Value {
    try container.decodeIfPresent(Value.self, forKey: key) ?? fallback
  }

  /// An error that blames a field, in words for the user.
  func unsupported(_ key: Key, _ reason: String) -> ConfigViolation {
    ConfigViolation(field: key.stringValue, reason: reason)
  }

  /// Checks that an integer field lies in `range`.
  ///
  /// - Throws: `ConfigViolation`, or `DecodingError` if the field has another type.
  func require(_ key: Key, in range: ClosedRange<Int>, default fallback: Int) throws {
    let found = try value(key, default: fallback)
    guard range.contains(found) else {
      let expected =
        range.count == 1
        ? "only \(range.lowerBound) is" : "\(range.lowerBound)...\(range.upperBound) is"
      throw unsupported(key, "\(found) is not supported, \(expected)")
    }
  }

  /// Checks that a text field has one of the values `allowed`.
  ///
  /// - Throws: `ConfigViolation`, or `DecodingError` if the field has another type.
  func require(_ key: Key, among allowed: [String], default fallback: String) throws {
    let found = try value(key, default: fallback)
    guard allowed.contains(found) else {
      throw unsupported(
        key,
        "'\(found.escapedForTerminal)' is not supported, only '\(allowed.joined(separator: "', '"))'"
      )
    }
  }

  /// Checks the widths of levels: between 1 and 8 levels, each of 1 to 16384 channels.
  ///
  /// - Throws: `ConfigViolation`.
  func check(_ widths: [Int], _ key: Key) throws {
    guard (1...8).contains(widths.count), widths.allSatisfy((1...16384).contains) else {
      throw unsupported(key, "\(widths.prefix(10)) are not 1 to 8 widths of 1 to 16384 channels")
    }
  }
}

/// A field of a config.json whose value cannot be used.
struct ConfigViolation: Error, CustomStringConvertible {
  /// The field's name in the file.
  let field: String
  /// What is wrong with its value.
  let reason: String

  var description: String { "\(field): \(reason)" }
}
