/// The tensors of a file of weights, a safetensors file or one of PyTorch's: the content decides.
package struct WeightsFile: Sendable {
  /// A tensor's place in the file.
  package struct Entry: Sendable, Equatable {
    package let type: ElementType
    /// Extents, outermost first; empty for a scalar.
    package let shape: [Int]
    /// Bytes of the file that hold the elements, little-endian.
    package let byteRange: Range<Int>
    /// Elements from one to the next along each axis; nil where the elements are row-major.
    private(set) var strides: [Int]?

    /// The element type as safetensors files write it, such as "F16".
    package var dtype: String { type.rawValue }
  }

  /// The mapped bytes.
  package let file: MappedFile
  /// The tensors by name.
  package let entries: [String: Entry]
  /// Strings that the file has beside them.
  package let metadata: [String: String]

  /// f32 tensors that lie in `memory` one after another, row-major.
  ///
  /// - Precondition: the names differ.
  init(_ memory: MappedFile, tensors: [(name: String, shape: [Int])]) {
    var entries: [String: Entry] = [:]
    var end = 0
    for (name, shape) in tensors {
      let start = end
      end += shape.reduce(1, *) * MemoryLayout<Float>.stride
      let entry = Entry(type: .f32, shape: shape, byteRange: start..<end)
      let other = entries.updateValue(entry, forKey: name)
      precondition(other == nil, "two tensors called \(name)")
    }
    precondition(
      end == memory.byteCount, "tensors of \(end) bytes in a memory of \(memory.byteCount)")
    (file, self.entries, metadata) = (memory, entries, [:])
  }

  /// The file at `path`.
  ///
  /// - Throws: `UnreadableFile`, `WeightsError` or `PyTorchError`.
  package init(path: String) throws {
    try self.init(MappedFile(path: path))
  }

  /// The tensors of `file`.
  ///
  /// - Throws: `WeightsError` or `PyTorchError`.
  package init(_ file: MappedFile) throws {
    let beginning = file.bytes(in: 0..<min(file.byteCount, FileKind.prefixByteCount))
    if PyTorchFile.recognises(beginning) {
      let contents = try PyTorchFile(file)
      (self.file, entries, metadata) = (contents.file, contents.entries, [:])
    } else {
      let contents = try SafetensorsFile(file)
      (self.file, entries, metadata) = (contents.file, contents.entries, contents.metadata)
    }
  }
}

extension WeightsFile.Entry {
  /// A copy of the elements in `file`, which is the tensor's, in row-major order.
  package func elements(in file: MappedFile) -> [UInt8] {
    let stored = file.bytes(in: byteRange)
    guard let strides else { return stored }
    let byteCount = type.byteCount
    var elements = [UInt8](repeating: 0, count: byteCount * shape.reduce(1, *))
    var index = [Int](repeating: 0, count: shape.count)
    var place = 0
    for start in stride(from: 0, to: elements.count, by: byteCount) {
      for byte in 0..<byteCount { elements[start + byte] = stored[place * byteCount + byte] }
      for axis in shape.indices.reversed() {
        index[axis] += 1
        place += strides[axis]
        if index[axis] < shape[axis] { break }
        place -= strides[axis] * shape[axis]
        index[axis] = 0
      }
    }
    return elements
  }
}
