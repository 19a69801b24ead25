import VAE

/// How the values of a column are written.
///
/// - SeeAlso: mosaicml/streaming `base/format/mds/encodings.py`.
public struct MDSEncoding: Sendable, Equatable, CustomStringConvertible {
  /// What the format calls it, such as "jpeg" or "ndarray:float16:4,64,64".
  public let name: String
  let kind: Kind

  enum Kind: Sendable, Equatable {
    case bytes
    case text
    case number(ElementType)
    /// Type and shape are those of the column, or stand before each array.
    case array(ElementType?, shape: [Int]?)
    /// Values are not read, for this reason.
    case unread(String)
  }

  /// The encoding called `name`; values of one that is not known are not read or written.
  public init(_ name: String) {
    self.name = name
    kind = Self.kind(name)
  }

  public var description: String { name }

  /// Bytes of every value; nil where they differ.
  public var byteCount: Int? {
    switch kind {
    case .number(let type): type.byteCount
    case .array(let type?, let shape?): Int(product: shape + [type.byteCount])
    case .bytes, .text, .array, .unread: nil
    }
  }

  /// Axes that an array has at most.
  static let maximumRank = 63

  private static func kind(_ name: String) -> Kind {
    switch name {
    case "bytes", "jpeg", "png": .bytes
    case "str", "json", "str_int", "str_float", "str_decimal": .text
    case "int": .number(.i64)
    case "ndarray": .array(nil, shape: nil)
    case "pkl": .unread("a pickle can run any program when it is read")
    case _ where name.hasPrefix("ndarray:"): array(name)
    default: ElementType(mdsName: name).map(Kind.number) ?? .unread("it is not known here")
    }
  }

  private static func array(_ name: String) -> Kind {
    let parts = name.split(separator: ":", omittingEmptySubsequences: false).dropFirst()
    guard let first = parts.first, parts.count <= 2, let type = ElementType(mdsName: first) else {
      return parts == [""] ? .array(nil, shape: nil) : .unread("it is not known here")
    }
    guard let last = parts.dropFirst().first else { return .array(type, shape: nil) }
    let items = last.split(separator: ",", omittingEmptySubsequences: false)
    let shape = items.compactMap { Int($0) }.filter { $0 > 0 }
    guard shape.count == items.count, shape.count <= maximumRank,
      let byteCount = Int(product: shape + [type.byteCount]), byteCount <= UInt32.max
    else { return .unread("its shape cannot be") }
    return .array(type, shape: shape)
  }
}

/// A column of a shard.
public struct MDSColumn: Sendable, Equatable {
  public let name: String
  public let encoding: MDSEncoding

  /// A column of values that are written as `encoding` says.
  public init(_ name: String, _ encoding: MDSEncoding) {
    (self.name, self.encoding) = (name, encoding)
  }
}
