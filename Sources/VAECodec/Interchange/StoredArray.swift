import VAE

/// An array of numbers as it lies in a file: a NumPy array or a tensor of a safetensors file.
///
/// Nothing is copied or converted before it is asked for. What the array says of itself has been held
/// against the bytes that are there.
struct StoredArray: Sendable {
  /// Types of element that are understood.
  enum Element: Sendable {
    case float16, bfloat16, float32, float64, int32, int64

    /// Bytes of an element.
    var byteCount: Int {
      switch self {
      case .float16, .bfloat16: 2
      case .float32, .int32: 4
      case .float64, .int64: 8
      }
    }

    /// Whether latents come in this type.
    var isFloatingPoint: Bool { self != .int32 && self != .int64 }
  }

  /// How an array holds latents: `[count, channels, height, width]`.
  struct Layout: Sendable, Equatable {
    /// Latents of the batch.
    let count: Int
    let channels: Int
    let height: Int
    let width: Int

    /// Numbers of one latent.
    var valueCount: Int { channels * height * width }
  }

  /// What messages call it, such as "member `latents.npy`".
  let section: String
  /// Byte of the file, or of the member, that messages name.
  let offset: Int
  /// The element type as the file spells it.
  let elementName: String
  /// The element type; nil for one that is not understood.
  let element: Element?
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
    guard let element, element.isFloatingPoint else {
      throw malformed(
        "elements of type '\(elementName.escapedForTerminal)', expected 16, 32 or 64-bit floats")
    }
  }

  /// How the array holds latents: `[channels, height, width]`, a batch of such, or a batch of videos of
  /// one frame, `[count, channels, 1, height, width]`.
  ///
  /// - Throws: `ContainerError.malformed` if it holds none.
  func latentLayout() throws -> Layout {
    try checkElement()
    var extents = shape
    if extents.count == 5 {
      guard extents[2] == 1 else {
        throw malformed("a video of \(extents[2]) frames, expected one picture")
      }
      extents.remove(at: 2)
    }
    if extents.count == 3 { extents.insert(1, at: 0) }
    guard extents.count == 4, extents.allSatisfy({ $0 > 0 }) else {
      throw malformed(
        "an array of shape \(shape.prefix(8)) is no latent, expected [1, channels, height, width]")
    }
    return Layout(
      count: extents[0], channels: extents[1], height: extents[2], width: extents[3])
  }

  /// The elements `range` of the array in row-major order, as f32.
  ///
  /// - Throws: `ContainerError.malformed` if the type is not understood, and `.nonFinite` for a NaN, an
  ///   infinity or a number that f32 does not hold, with its place in `range`.
  func floats(_ range: Range<Int>) throws -> [Float] {
    let values = try range.map { try Float(number($0)) }
    if let index = values.firstIndex(where: { !$0.isFinite }) {
      throw ContainerError.nonFinite(index: index)
    }
    return values
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
    let numbers = try (0..<expectedCount).map(number)
    guard numbers.allSatisfy(\.isFinite) else { throw malformed("\(numbers) are not finite") }
    return numbers
  }

  /// The element at `index` of the row-major order.
  private func number(_ index: Int) throws -> Double {
    guard let element else {
      throw malformed("elements of type '\(elementName.escapedForTerminal)' are not understood")
    }
    let bits = bits(at: isColumnMajor ? columnMajorIndex(index) : index, element.byteCount)
    switch element {
    case .float16: return Double(Float16(bitPattern: UInt16(truncatingIfNeeded: bits)))
    case .bfloat16: return Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits) << 16))
    case .float32: return Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
    case .float64: return Double(bitPattern: bits)
    case .int32: return Double(Int32(truncatingIfNeeded: bits))
    case .int64: return Double(Int64(bitPattern: bits))
    }
  }

  private func bits(at index: Int, _ byteCount: Int) -> UInt64 {
    let start = bytes.startIndex + index * byteCount
    var bits: UInt64 = 0
    for place in 0..<byteCount {
      let byte = bytes[byteOrder == .bigEndian ? start + place : start + byteCount - 1 - place]
      bits = bits << 8 | UInt64(byte)
    }
    return bits
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
