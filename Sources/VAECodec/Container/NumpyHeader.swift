import VAE

/// The header of an .npy file: a Python dictionary of element type, storage order and shape.
struct NumpyHeader {
  /// Element types that latents come in.
  private enum Element: String {
    case half = "f2"
    case single = "f4"
    case double = "f8"

    var byteCount: Int {
      switch self {
      case .half: 2
      case .single: 4
      case .double: 8
      }
    }
  }

  private let element: Element
  private let byteOrder: ByteReader.ByteOrder
  private let isColumnMajor: Bool
  private let shape: [Int]
  private let dataOffset: Int

  /// NumPy itself refuses longer headers unless told to trust the file.
  private static let maximumByteCount = 10_000

  /// Reads the header at the start of `bytes`.
  ///
  /// - Throws: `ContainerError` or `ByteReader.EndOfData`.
  init(_ bytes: [UInt8], magicCount: Int) throws {
    var reader = ByteReader(bytes, byteOrder: .littleEndian)
    try reader.seek(to: magicCount)
    let major = try reader.read(UInt8.self)
    _ = try reader.read(UInt8.self)
    guard (1...3).contains(major) else {
      throw Self.malformed("version \(major) is not known", at: magicCount)
    }
    let length = major == 1 ? Int(try reader.read(UInt16.self)) : Int(try reader.read(UInt32.self))
    guard length <= Self.maximumByteCount else {
      throw Self.malformed("a header of \(length) bytes is too long", at: reader.offset)
    }
    let start = reader.offset
    let text = String(decoding: try reader.readBytes(length), as: UTF8.self)
    dataOffset = reader.offset
    guard let type = Self.value(of: "descr", in: text)?.quoted,
      let order = Self.value(of: "fortran_order", in: text)?.prefixWord,
      let shape = Self.value(of: "shape", in: text)?.tuple, ["True", "False"].contains(order)
    else {
      throw Self.malformed("the header is not the dictionary that NumPy writes", at: start)
    }
    guard let element = Element(rawValue: String(type.dropFirst())), "<>=|".contains(type.prefix(1))
    else {
      throw Self.malformed(
        "elements of type '\(type.escapedForTerminal)', expected '<f4', '<f2' or '<f8'", at: start)
    }
    self.element = element
    byteOrder = type.hasPrefix(">") ? .bigEndian : .littleEndian
    isColumnMajor = order == "True"
    self.shape = shape
  }

  /// Channels, height and width of the latent, whose shape may have a batch of one before them.
  ///
  /// - Throws: `ContainerError.malformed`.
  func latentExtents() throws -> [Int] {
    let extents = shape.count == 4 && shape[0] == 1 ? Array(shape.dropFirst()) : shape
    guard extents.count == 3, extents.allSatisfy({ $0 > 0 }) else {
      throw Self.malformed(
        "an array of shape \(shape) is no latent, expected [1, channels, height, width]", at: 0)
    }
    return extents
  }

  /// The array's values in row-major order.
  ///
  /// - Throws: `ContainerError.malformed` if the file's size does not fit the shape.
  func values(in bytes: [UInt8]) throws -> [Float] {
    var byteCount = element.byteCount
    for extent in shape {
      let (product, overflow) = byteCount.multipliedReportingOverflow(by: extent)
      byteCount = overflow ? .max : product
    }
    guard byteCount == bytes.count - dataOffset else {
      throw Self.malformed(
        "\(bytes.count - dataOffset) bytes of values do not fit the shape \(shape)", at: dataOffset)
    }
    var reader = ByteReader(bytes, byteOrder: byteOrder)
    try reader.seek(to: dataOffset)
    let stored = try (0..<byteCount / element.byteCount).map { _ in try number(&reader) }
    return isColumnMajor ? rowMajor(stored) : stored
  }

  private func number(_ reader: inout ByteReader) throws -> Float {
    switch element {
    case .half: Float(Float16(bitPattern: try reader.read(UInt16.self)))
    case .single: Float(bitPattern: try reader.read(UInt32.self))
    case .double: Float(Double(bitPattern: try reader.read(UInt64.self)))
    }
  }

  private func rowMajor(_ stored: [Float]) -> [Float] {
    stored.indices.map { index in
      var rest = index
      var coordinates: [Int] = []
      for extent in shape.reversed() {
        coordinates.append(rest % extent)
        rest /= extent
      }
      // `coordinates` run from the last axis to the first, which varies fastest in the file.
      let offset = zip(coordinates, shape.reversed()).reduce(0) { $0 * $1.1 + $1.0 }
      return stored[offset]
    }
  }

  private static func malformed(_ reason: String, at offset: Int) -> ContainerError {
    .malformed(section: "NumPy header", offset: offset, reason: reason)
  }

  /// The text after a key of the dictionary and its colon.
  private static func value(of key: String, in text: String) -> Substring? {
    guard let range = text.firstRange(of: "'\(key)'") else { return nil }
    let rest = text[range.upperBound...].drop { $0 == " " }
    return rest.first == ":" ? rest.dropFirst().drop { $0 == " " } : nil
  }
}

extension Substring {
  /// The text between the quotes at the start.
  fileprivate var quoted: String? {
    guard first == "'", let end = dropFirst().firstIndex(of: "'") else { return nil }
    return String(self[index(after: startIndex)..<end])
  }

  /// The letters at the start.
  fileprivate var prefixWord: String { String(prefix { $0.isLetter }) }

  /// The integers of the tuple at the start.
  fileprivate var tuple: [Int]? {
    guard first == "(", let end = firstIndex(of: ")") else { return nil }
    let items = self[index(after: startIndex)..<end].split(separator: ",")
    let numbers = items.compactMap { item in
      Int(item.filter { $0 != " " }).flatMap { $0 >= 0 ? $0 : nil }
    }
    let blanks = items.count { item in item.allSatisfy { $0 == " " } }
    return numbers.count + blanks == items.count && numbers.count <= 16 ? numbers : nil
  }
}
