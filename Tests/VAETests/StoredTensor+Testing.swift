@testable import VAE

extension StoredTensor {
  /// A tensor of no elements, for layers whose weights a test hands over by other ways.
  static let empty = StoredTensor(
    name: "empty", type: .f32, shape: [0],
    file: unsafe MappedFile(
      name: "empty", staticBytes: UnsafeRawBufferPointer(start: nil, count: 0)),
    byteRange: 0..<0)
}
