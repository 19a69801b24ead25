import VAE

/// An array of numbers as it lies in a file: a NumPy array or a tensor of a safetensors file.
///
/// Nothing is copied or converted before it is asked for. What the array says of itself has been held
/// against the bytes that are there.
struct StoredArray: Sendable {
  /// What messages call it, such as "member `latents.npy`".
  let section: String
  /// Byte of the file, or of the member, that messages name.
  let offset: Int
  /// The element type as the file spells it.
  let elementName: String
  let element: ElementType
  let byteOrder: ByteReader.ByteOrder
  /// Whether the first axis varies fastest (Fortran order).
  let isColumnMajor: Bool
  /// Extents, outermost first.
  let shape: [Int]
  /// The elements: as many bytes as type and shape ask for.
  let bytes: ArraySlice<UInt8>

  /// The number of elements.
  var count: Int { shape.reduce(1, *) }

  /// An error that names the array.
  func malformed(_ reason: String) -> ContainerError {
    .malformed(section: section, offset: offset, reason: reason)
  }

  /// Checks that the elements are of a type that latents come in.
  ///
  /// - Throws: `ContainerError.malformed`.
  func checkElement() throws {
    guard element.holdsLatents else {
      throw malformed(
        "elements of type '\(elementName.escapedForTerminal)', expected 16, 32 or 64-bit floats")
    }
  }

  /// The elements `range` of the array in row-major order, as f32.
  ///
  /// - Throws: `ContainerError.malformed` if the type is not understood, `.nonFinite` for a NaN or an
  ///   infinity and `.outOfRange` for a number that f32 does not hold, with its place in `range`.
  func floats(_ range: Range<Int>) throws -> [Float] {
    let decoding = try decoding()
    return try unsafe bytes.withUnsafeBytes { buffer in
      try range.map { index in
        let number = unsafe number(index, decoding, in: buffer)
        let value = Float(number)
        guard value.isFinite else {
          let index = index - range.lowerBound
          throw number.isFinite
            ? ContainerError.outOfRange(value: number, index: index, bits: 32)
            : ContainerError.nonFinite(index: index)
        }
        return value
      }
    }
  }

  /// All elements in row-major order.
  ///
  /// - Throws: as `floats(_:)`.
  func floats() throws -> [Float] { try floats(0..<count) }

  /// A short list of finite numbers, such as a size.
  ///
  /// - Throws: `ContainerError.malformed` if there are not `expectedCount`, or one is not finite.
  func numbers(_ expectedCount: Int) throws -> [Double] {
    guard shape == [expectedCount] else {
      throw malformed("an array of shape \(shape.prefix(8)), expected \(expectedCount) numbers")
    }
    let decoding = try decoding()
    let numbers = unsafe bytes.withUnsafeBytes { buffer in
      (0..<expectedCount).map { unsafe number($0, decoding, in: buffer) }
    }
    guard numbers.allSatisfy(\.isFinite) else { throw malformed("\(numbers) are not finite") }
    return numbers
  }

  /// What of the element type the loops over elements need: a call to the other module for each would
  /// take longer than the reading.
  private struct Decoding {
    let kind: ElementType.Kind
    let byteCount: Int
  }

  private func decoding() throws -> Decoding {
    guard element.isReal else {
      throw malformed("elements of type '\(elementName.escapedForTerminal)' are not understood")
    }
    return Decoding(kind: element.kind, byteCount: element.byteCount)
  }

  /// The element at `index` of the row-major order, where `buffer` holds the elements.
  private func number(
    _ index: Int, _ decoding: Decoding, in buffer: UnsafeRawBufferPointer
  ) -> Double {
    let index = isColumnMajor ? columnMajorIndex(index) : index
    let byteCount = decoding.byteCount
    let bits = unsafe bits(at: index * byteCount, byteCount, in: buffer)
    switch (decoding.kind, byteCount) {
    case (.float, 2): return Double(Float16(bitPattern: UInt16(truncatingIfNeeded: bits)))
    case (.float, 4): return Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
    case (.float, _): return Double(bitPattern: bits)
    case (.bfloat, _): return Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits) << 16))
    case (.signed, _):
      let unused = 64 - 8 * byteCount
      return Double(Int64(bitPattern: bits << unused) >> unused)
    default: return Double(bits)
    }
  }

  private func bits(
    at offset: Int, _ byteCount: Int, in buffer: UnsafeRawBufferPointer
  ) -> UInt64 {
    switch byteCount {
    case 1: unsafe UInt64(buffer[offset])
    case 2: unsafe UInt64(word(UInt16.self, at: offset, in: buffer))
    case 4: unsafe UInt64(word(UInt32.self, at: offset, in: buffer))
    default: unsafe word(UInt64.self, at: offset, in: buffer)
    }
  }

  private func word<Word: FixedWidthInteger & BitwiseCopyable>(
    _: Word.Type, at offset: Int, in buffer: UnsafeRawBufferPointer
  ) -> Word {
    let word = unsafe buffer.loadUnaligned(fromByteOffset: offset, as: Word.self)
    return byteOrder == .bigEndian ? Word(bigEndian: word) : Word(littleEndian: word)
  }

  /// Where the element at `index` of the row-major order lies when the first axis varies fastest.
  private func columnMajorIndex(_ index: Int) -> Int {
    var rest = index
    var place = 0
    var stride = count
    for extent in shape.reversed() {
      stride /= extent
      place += rest % extent * stride
      rest /= extent
    }
    return place
  }
}
