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
}
