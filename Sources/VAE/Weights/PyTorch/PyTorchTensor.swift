/// A tensor as a pickle describes it: a view of a storage. Nothing is checked yet.
struct PyTorchTensor: Sendable {
  /// A run of elements, which lies in a member of the archive.
  struct Storage: Sendable {
    /// The member's name in the folder of storages.
    let key: String
    /// The type of its elements; nil for bytes of no type.
    let type: ElementType?
    /// Elements, or bytes where there is no type.
    let count: Int
  }

  let storage: Storage
  let type: ElementType
  /// The element of the storage that comes first.
  let offset: Int
  /// Extents, outermost first.
  let shape: [Int]
  /// Elements of the storage from one to the next along each axis.
  let strides: [Int]

  /// The reason why a tensor cannot be what it is said to be.
  struct Impossible: Error {
    let reason: String
  }

  /// The bytes that the storage must have.
  ///
  /// - Throws: `Impossible`.
  func storageByteCount() throws -> Int {
    guard storage.count >= 0,
      let byteCount = Int(product: [storage.count, storage.type?.byteCount ?? 1])
    else { throw Impossible(reason: "a storage of \(storage.count) elements is impossible") }
    return byteCount
  }

  /// The tensor's place in a file whose bytes `range` are the storage.
  ///
  /// - Throws: `Impossible` for extents and strides that lead out of it, and for views of more elements
  ///   than it has: those would take memory that the file does not.
  func entry(in range: Range<Int>) throws -> WeightsFile.Entry {
    let available = range.count / type.byteCount
    guard shape.count == strides.count, (shape + strides + [offset]).allSatisfy({ $0 >= 0 }),
      let count = Int(product: shape), let last = lastElement
    else {
      throw Impossible(
        reason: "extents \(shape.prefix(8)) and strides \(strides.prefix(8)) are impossible")
    }
    guard count == 0 ? offset <= available : last < available else {
      throw Impossible(
        reason: "it reaches to element \(last) of a storage that has \(available)")
    }
    guard count <= available else {
      throw Impossible(reason: "it has \(count) elements of a storage that has \(available)")
    }
    let isRowMajor = count == 0 || isRowMajor
    let begin = range.lowerBound + offset * type.byteCount
    let byteCount = type.byteCount * (isRowMajor ? count : last + 1 - offset)
    return WeightsFile.Entry(
      type: type, shape: shape, byteRange: begin..<begin + byteCount,
      strides: isRowMajor ? nil : strides)
  }

  /// The largest place of an element in the storage; nil if it overflows.
  private var lastElement: Int? {
    zip(shape, strides).reduce(offset) { place, axis in
      let (extent, overflow) = max(0, axis.0 - 1).multipliedReportingOverflow(by: axis.1)
      guard let place, !overflow else { return nil }
      let (sum, isTooLarge) = place.addingReportingOverflow(extent)
      return isTooLarge ? nil : sum
    }
  }

  private var isRowMajor: Bool {
    var expected = 1
    for (extent, stride) in zip(shape, strides).reversed() where extent != 1 {
      guard stride == expected else { return false }
      expected *= extent
    }
    return true
  }
}
