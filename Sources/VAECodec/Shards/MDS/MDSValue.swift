/// A value in a column of a shard.
public enum MDSValue: Sendable, Equatable {
  /// Bytes as they are, such as those of a picture file.
  case bytes([UInt8])
  /// Text: of a string, a JSON value, or a number in digits.
  case text(String)
  /// A number of up to 64 bits.
  case integer(Int64)
  /// A number of a column of unsigned 64 bits.
  case unsigned(UInt64)
  /// A number with a fraction.
  case float(Double)
  /// An array of numbers.
  case array(MDSArray)
}

/// An array as NumPy has it.
public struct MDSArray: Sendable, Equatable {
  /// The type of the elements as NumPy calls it, such as "float16".
  public let elementName: String
  /// Extents, outermost first, none of them 0.
  public let shape: [Int]
  /// The elements, little-endian, the last axis varying fastest.
  public let bytes: [UInt8]

  /// An array of `bytes`.
  public init(elementName: String, shape: [Int], bytes: [UInt8]) {
    (self.elementName, self.shape, self.bytes) = (elementName, shape, bytes)
  }
}
