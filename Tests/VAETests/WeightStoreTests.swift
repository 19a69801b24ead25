import TestSupport
import Testing

@testable import VAE

/// Tensors by their canonical names.
@Suite struct WeightStoreTests {
  private static let file = SafetensorsBuilder.file([
    .init("w", [2, 3, 1, 1], [1, 2, 3, 4, 5, 6]), .init("old.b", "BF16", [2], bytes: [0, 0, 0, 0]),
    .init("n", "I64", [], bytes: [UInt8](repeating: 0, count: 8)),
    .init("q", "I8", [2], bytes: [0, 0]), .init("one", [1], [1]),
  ])

  @Test func `tensors go by the names that they are given`() throws {
    try withStore { store in
      #expect(store.names == ["b", "n", "one", "q", "w"])
      #expect(store.shape(of: "w") == [2, 3, 1, 1])
      #expect(store.shape(of: "x") == nil)
      let tensor = try store.tensor("b", shape: [2])
      #expect(tensor.name == "old.b" && tensor.type == .bf16 && tensor.count == 2)
    }
  }

  @Test(arguments: [[2, 3], [2, 3, 1], [2, 3, 1, 1], [2, 3, 1, 1, 1]])
  func `extents of 1 at the end do not matter`(shape: [Int]) throws {
    try withStore { store in
      let tensor = try store.tensor("w", shape: shape)
      #expect(tensor.count == 6)
    }
  }

  @Test(arguments: [[], [1], [1, 1]])
  func `a scalar has as many elements as a vector of one`(shape: [Int]) throws {
    try withStore { store in
      let tensor = try store.tensor("one", shape: shape)
      #expect(tensor.count == 1)
    }
  }

  @Test(arguments: [[3, 2], [6], [2, 3, 2], [1, 2, 3], [2]])
  func `another shape is refused with both`(shape: [Int]) throws {
    try withStore { store in
      #expect(
        throws: WeightsError.wrongShape(
          path: "model", name: "w", found: [2, 3, 1, 1], expected: shape)
      ) { try store.tensor("w", shape: shape) }
    }
  }

  @Test func `a tensor that is not there is missing by the name its file would give it`() throws {
    try withStore { store in
      #expect(throws: WeightsError.missingTensor(path: "model", name: "file.old.b")) {
        try store.tensor("old.b", shape: [2])
      }
    }
  }

  @Test(arguments: [("n", [], "I64"), ("q", [2], "I8")])
  func `elements that cannot be computed with are refused`(
    name: String, shape: [Int], dtype: String
  ) throws {
    try withStore { store in
      #expect(throws: WeightsError.wrongType(path: "model", name: name, found: dtype)) {
        try store.tensor(name, shape: shape)
      }
    }
  }

  @Test func `names that mean nothing are left out`() throws {
    try withMappedFile(Self.file) { mapped in
      let store = try WeightStore(
        path: "model", files: [WeightsFile(mapped)],
        canonicalName: { name, _ in name == "w" ? "v" : nil }, fileName: { $0 })
      #expect(store.names == ["v"])
    }
  }

  @Test func `two tensors of one name are refused`() {
    withMappedFile(Self.file) { mapped in
      #expect(throws: WeightsError.ambiguousTensor(path: "model", names: ["one", "w"])) {
        try WeightStore(
          path: "model", files: [WeightsFile(mapped)],
          canonicalName: { name, _ in ["one", "w"].contains(name) ? "v" : nil },
          fileName: { $0 })
      }
    }
  }

  private func withStore(_ body: (WeightStore) throws -> Void) throws {
    try withMappedFile(Self.file) { mapped in
      try body(
        WeightStore(
          path: "model", files: [WeightsFile(mapped)],
          canonicalName: { name, _ in name == "old.b" ? "b" : name },
          fileName: { $0 == "b" ? "old.b" : "file.\($0)" }))
    }
  }
}
