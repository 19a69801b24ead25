@testable import VAE

extension StoredTensor {
  /// A tensor of `values` in memory.
  init(values: [Float]) { self.init(name: "weight", shape: [values.count], values: values) }
}

extension Graph.Parameter {
  /// Stands for a weight that is never read.
  static let unread = Graph.Parameter(index: 0)
}
