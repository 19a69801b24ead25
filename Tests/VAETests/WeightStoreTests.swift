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
        path: "model", files: [SafetensorsFile(mapped)],
        canonicalName: { name, _ in name == "w" ? "v" : nil }, fileName: { $0 })
      #expect(store.names == ["v"])
    }
  }

  @Test func `two tensors of one name are refused`() {
    withMappedFile(Self.file) { mapped in
      #expect(throws: WeightsError.ambiguousTensor(path: "model", names: ["one", "w"])) {
        try WeightStore(
          path: "model", files: [SafetensorsFile(mapped)],
          canonicalName: { name, _ in ["one", "w"].contains(name) ? "v" : nil },
          fileName: { $0 })
      }
    }
  }

  @Test(arguments: [
    (WeightsError.unreadable(path: "p", reason: "r"), "p: r"),
    (.notSafetensors(path: "p", found: "f"), "p: not a safetensors file: f"),
    (.malformedHeader(path: "p", reason: "r"), "p: malformed safetensors header: r"),
    (.malformedTensor(path: "p", name: "n\u{7}", reason: "r"), "p: tensor `n?`: r"),
    (.malformedConfig(path: "p", reason: "r"), "p: malformed configuration: r"),
    (.unsupported(path: "p", what: "w"), "p: w"),
    (
      .unsupportedClass(path: "p", name: "", supported: ["a", "b", "c"]),
      "p: class (none) is not supported, only a, b and c are"
    ),
    (
      .unsupportedClass(path: "p", name: "n\n", supported: ["a", "b"]),
      "p: class n? is not supported, only a and b are"
    ),
    (.missingTensor(path: "p", name: "n"), "p: tensor `n` is missing"),
    (
      .wrongShape(path: "p", name: "n", found: [1], expected: [2, 3]),
      "p: tensor `n` has shape [1], expected [2, 3]"
    ),
    (
      .wrongType(path: "p", name: "n", found: "I64"),
      "p: tensor `n` has elements of type I64, expected floats"
    ),
    (
      .ambiguousTensor(path: "p", names: ["a", "b\n"]),
      "p: `a` and `b?` are the same tensor of the network"
    ),
    (.noModel(path: "p", reason: "r"), "p: r"),
    (.outside(path: "p", name: "../n"), "p: `../n` leads out of the folder"),
    (.notCached(repository: "o/n", reason: "r", advice: "a"), "o/n: r; a"),
  ])
  func `errors are told in one sentence`(error: WeightsError, sentence: String) {
    #expect(error.description == sentence)
  }

  @Test func `names from files reach a terminal harmless and short`() {
    #expect("a\u{1B}[2Jb\n\u{7F}é".escapedForTerminal == "a?[2Jb???")
    let long = String(repeating: "x", count: 81).escapedForTerminal
    #expect(long.count == 80 && long.hasSuffix("x..."))
    #expect(String(repeating: "x", count: 80).escapedForTerminal.count == 80)
  }

  private func withStore(_ body: (WeightStore) throws -> Void) throws {
    try withMappedFile(Self.file) { mapped in
      try body(
        WeightStore(
          path: "model", files: [SafetensorsFile(mapped)],
          canonicalName: { name, _ in name == "old.b" ? "b" : name },
          fileName: { $0 == "b" ? "old.b" : "file.\($0)" }))
    }
  }
}
