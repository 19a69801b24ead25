/// A tensor of a model: as it lies in its file, or in memory.
package struct StoredTensor: Sendable {
  /// The tensor's name in the file.
  package let name: String
  /// The element type, one that networks compute with.
  package let type: ElementType
  /// Extents, outermost first.
  package let shape: [Int]
  /// The file that holds it.
  let file: MappedFile
  /// Its bytes in the file.
  let byteRange: Range<Int>

  /// Elements of the tensor.
  package var count: Int { byteRange.count / type.byteCount }

  /// Tells the system that the tensor's pages are not needed for now.
  func release() { file.release(byteRange) }
}

extension StoredTensor {
  /// A tensor of `values` in memory, row-major.
  ///
  /// - Precondition: `shape` has as many elements.
  package init(name: String, shape: [Int], values: [Float]) {
    precondition(
      shape.reduce(1, *) == values.count, "\(values.count) values for a tensor of shape \(shape)")
    let memory = MappedFile(name: name, elements: values.map(\.bitPattern))
    self.init(
      name: name, type: .f32, shape: shape, file: memory, byteRange: 0..<memory.byteCount)
  }

  /// A tensor that stands for one of `shape` in a graph that is not run.
  init(name: String, placeholderOf shape: [Int]) {
    self.init(
      name: name, type: .f32, shape: shape, file: MappedFile(name: name, elements: [UInt32]()),
      byteRange: 0..<0)
  }
}
