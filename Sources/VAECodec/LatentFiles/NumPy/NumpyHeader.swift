import VAE

/// The header of an .npy file: a Python dictionary of element type, storage order and shape.
struct NumpyHeader {
  /// The type as the file spells it, such as "<f4".
  let elementName: String
  let element: ElementType
  let byteOrder: ByteReader.ByteOrder
  /// Whether the first axis varies fastest.
  let isColumnMajor: Bool
  /// Extents, outermost first.
  let shape: [Int]
  /// The first byte of the data.
  let dataOffset: Int

  /// What stands before a type: little-endian, big-endian, the machine's own, none.
  private static let byteOrders: Set<Character> = ["<", ">", "=", "|"]

  /// NumPy itself refuses longer headers unless asked to trust the file.
  private static let maximumByteCount = 10_000
  /// As many bytes of a file as hold any header: magic, version and length take 12.
  static let maximumDataOffset = maximumByteCount + 12

  /// Bytes that the elements take; nil if that overflows.
  var dataByteCount: Int? { Int(product: [element.byteCount] + shape) }

  /// Reads the header at the start of `bytes`.
  ///
  /// - Parameters:
  ///   - bytes: the file, or as much of it as holds a header.
  ///   - section: what errors call the header.
  /// - Throws: `ContainerError` or `ByteReader.EndOfData`.
  init(_ bytes: [UInt8], section: String) throws {
    func malformed(_ reason: String, at offset: Int) -> ContainerError {
      .malformed(section: section, offset: offset, reason: reason)
    }
    var reader = ByteReader(bytes, byteOrder: .littleEndian)
    guard try reader.readBytes(NumpyFile.magic.count).elementsEqual(NumpyFile.magic) else {
      throw malformed("it is not an array of NumPy's", at: 0)
    }
    let versionOffset = reader.offset
    let major = try reader.read(UInt8.self)
    _ = try reader.read(UInt8.self)
    guard (1...3).contains(major) else {
      throw malformed("version \(major) is not known", at: versionOffset)
    }
    let length = major == 1 ? Int(try reader.read(UInt16.self)) : Int(try reader.read(UInt32.self))
    guard length <= Self.maximumByteCount else {
      throw malformed("a header of \(length) bytes is too long", at: reader.offset)
    }
    let start = reader.offset
    let text = String(decoding: try reader.readBytes(length), as: UTF8.self)
    dataOffset = reader.offset
    guard let type = Self.value(of: "descr", in: text)?.quoted,
      let order = Self.value(of: "fortran_order", in: text)?.prefixWord,
      let shape = Self.value(of: "shape", in: text)?.tuple, ["True", "False"].contains(order)
    else {
      throw malformed("the header is not the dictionary that NumPy writes", at: start)
    }
    // NumPy reads a type without the byte order too, as little-endian.
    let kind = type.first.map(Self.byteOrders.contains) == true ? type.dropFirst() : type[...]
    guard let element = type == "bfloat16" ? .bf16 : ElementType(numpyName: kind) else {
      let isPickle = kind == "O"
      throw malformed(
        "elements of type '\(type.escapedForTerminal)'"
          + (isPickle ? ", pickled Python objects, which are never read" : "")
          + ", expected '<f4', '<f2' or '<f8'"
          + (isPickle ? ": numpy.load with allow_pickle, and numpy.save of the array in it" : ""),
        at: start)
    }
    elementName = type
    self.element = element
    byteOrder = type.hasPrefix(">") ? .bigEndian : .littleEndian
    isColumnMajor = order == "True"
    self.shape = shape
  }

  /// The text after a key of the dictionary and its colon.
  private static func value(of key: String, in text: String) -> Substring? {
    guard let range = text.firstRange(of: "'\(key)'") ?? text.firstRange(of: "\"\(key)\"")
    else { return nil }
    let rest = text[range.upperBound...].drop { $0 == " " }
    return rest.first == ":" ? rest.dropFirst().drop { $0 == " " } : nil
  }
}

extension Substring {
  /// The text between the quotes at the start.
  fileprivate var quoted: String? {
    guard let quote = first, quote == "'" || quote == "\"",
      let end = dropFirst().firstIndex(of: quote)
    else { return nil }
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
