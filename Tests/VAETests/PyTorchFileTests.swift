import TestSupport
import Testing

@testable import VAE

/// Files that `torch.save` wrote, and files that lie.
@Suite struct PyTorchFileTests {
  private func entries(_ bytes: [UInt8]) throws -> [String: [UInt8]] {
    try withMappedFile(bytes) { mapped in
      let file = try PyTorchFile(mapped)
      return file.entries.mapValues { $0.elements(in: file.file) }
    }
  }

  /// What is wrong with a file.
  private func refusal(of bytes: [UInt8]) -> String {
    do {
      _ = try entries(bytes)
      return ""
    } catch {
      return error is PyTorchError ? "\(error)" : "not an error of these files: \(error)"
    }
  }

  private static let expected = Result {
    try WeightsFile(path: Fixtures.path("pytorch/expected.safetensors"))
  }

  /// Files that are read, by their names.
  static let readable = [
    "state-dict.pt", "checkpoint.ckpt", "nested.pt", "parameters.pt", "views.pt", "types.pt",
    "types-5.pt", "latent.pt", "latent.pt.gz", "latent-half.pt", "latent-bfloat.pt",
    "latent-double.pt", "latent-batch.pt", "latent-last.pt",
  ]

  @Test(arguments: readable)
  func `tensors are what PyTorch saved`(name: String) throws {
    let expected = try Self.expected.get()
    let file = try WeightsFile(path: Fixtures.path("pytorch/\(name)"))
    let own = expected.entries.filter { $0.key.hasPrefix("\(name)/") }
    #expect(!own.isEmpty && file.entries.count == own.count)
    for (key, entry) in own {
      let tensor = try #require(file.entries[String(key.dropFirst(name.count + 1))], "\(key)")
      #expect(tensor.type == entry.type && tensor.shape == entry.shape, "\(key)")
      #expect(tensor.elements(in: file.file) == entry.elements(in: expected.file), "\(key)")
    }
  }

  @Test func `row-major elements stay in the file and others are gathered`() throws {
    let path = Fixtures.path("pytorch/views.pt")
    let file = try WeightsFile(path: path)
    let gathered = file.entries.filter { $0.value.strides != nil }.map(\.key).sorted()
    #expect(
      gathered == ["column", "every-other", "expanded", "last", "permuted", "transposed"])
    #expect(file.entries["whole"]?.byteRange == file.entries["tied"]?.byteRange)
    #expect(file.file.path == path)
    #expect(try file.file.byteCount == Fixtures.bytes(at: path).count)
  }

  @Test(arguments: [
    ("legacy.pt", "before version 1.6", "torch.load"), ("system.pt", "posix.system", "torch.load"),
    ("namespace.pt", "argparse.Namespace", "torch.load"),
    ("conjugated.pt", "with attributes", "torch.load"),
    ("sparse.pt", "torch._utils._rebuild_sparse_tensor", "torch.load"),
    ("numpy-scalar.pt", "multiarray.scalar", "torch.load"),
    ("numpy.pkl", "NumPy", "pickle.load"), ("plain.pkl", "a bare Python pickle", "pickle.load"),
    ("script.pt", "a TorchScript archive", "torch.jit.load"),
  ])
  func `what is more than tensors is refused with the way out`(
    name: String, what: String, way: String
  ) throws {
    let path = Fixtures.path("pytorch/\(name)")
    let error = #expect(throws: PyTorchError.self) { try WeightsFile(path: path) }
    let words = error?.description ?? ""
    #expect(words.hasPrefix("\(path): ") && words.contains(what), "\(words)")
    #expect(words.contains("w = \(way)(") && words.contains(".save_file(w"), "\(words)")
    #expect(!words.contains("\n"))
  }

  @Test func `a joblib pickle is named`() {
    let bytes = [0x80, 4] + Array("cjoblib.numpy_pickle\nNumpyArrayWrapper\n".utf8)
    #expect(refusal(of: bytes).contains("joblib.load"))
  }

  // MARK: Views

  @Test(arguments: [
    (0, [4], [1]), (0, [2, 2], [2, 1]), (0, [2, 2], [1, 2]), (2, [2], [1]), (0, [2], [3]),
    (1, [1, 3], [77, 1]), (0, [4, 1, 1], [1, 9, 9]), (3, [], []), (0, [2, 2], [0, 1]),
    (4, [0], [1]), (0, [0, 1 << 40], [1, 1]), (0, [4], [0]),
  ])
  func `a view inside its storage is read`(offset: Int, shape: [Int], strides: [Int]) throws {
    let bytes = try PyTorchBuilder.view(offset: offset, shape: shape, strides: strides)
    let element = try #require(try entries(bytes)["a"])
    #expect(element.count == 4 * shape.reduce(1, *))
  }

  @Test(arguments: [
    (0, [5], [1]), (1, [4], [1]), (0, [2, 2], [3, 1]), (-1, [2], [1]), (0, [2], [-1]),
    (0, [-2], [1]), (0, [2, 2], [1]), (5, [0], [1]), (0, [5], [0]), (0, [1 << 40], [0]),
    (0, [1 << 32, 1 << 32], [0, 0]), (0, [1 << 62, 4], [1, 1]), (0, [2], [Int.max]),
    (Int.max, [1], [1]), (Int.max, [2], [1]), (0, [0, 1 << 40, 1 << 40], [1, 1, 1]),
    (0, [Int.max, 2], [1, 1]), (Int.min, [1], [1]), (0, [3, 3], [Int.max / 2, Int.max / 2]),
  ])
  func `a view that is impossible is refused by its name`(
    offset: Int, shape: [Int], strides: [Int]
  ) throws {
    let words = refusal(
      of: try PyTorchBuilder.view(offset: offset, shape: shape, strides: strides))
    #expect(words.hasPrefix("test: malformed PyTorch file: tensor `a`: "), "\(words)")
  }

  @Test(arguments: [3, 5, 0, -4, 1 << 40, 1 << 62, Int.max, Int.min])
  func `a storage of another size than claimed is refused`(claimed: Int) throws {
    let words = refusal(
      of: try PyTorchBuilder.view(shape: [1], strides: [1], claimed: claimed))
    #expect(words.contains("tensor `a`: ") && words.contains("storage"), "\(words)")
  }

  @Test func `a storage that is missing is named`() throws {
    let tensor = PickleBuilder.tensor(
      PickleBuilder.storage("../7", "Float", count: 1), shape: [1], strides: [1])
    let bytes = try PyTorchBuilder.file(PickleBuilder.dictionary([("a", tensor)]))
    #expect(refusal(of: bytes).contains("tensor `a`: member `data/../7` is missing"))
  }

  @Test func `tensors that share a storage do not add up to many times the file`() throws {
    let storage = PickleBuilder.storage("0", "Double", count: 10_000)
    var items = [UInt8]()
    for index in 0..<50 {
      items +=
        PickleBuilder.text("t\(index)")
        + PickleBuilder.tensor(storage, shape: [100, 100], strides: [1, 100])
    }
    let bytes = try PyTorchBuilder.file(
      [0x7D, 0x28] + items + [0x75],
      storages: [("0", [UInt8](repeating: 1, count: 80_000))])
    #expect(refusal(of: bytes).contains("larger than the file"))
  }

  @Test func `one name for two tensors is refused`() throws {
    let tensor = PickleBuilder.tensor(
      PickleBuilder.storage("0", "Float", count: 1), shape: [1], strides: [1])
    let value = PickleBuilder.dictionary([
      ("a.b", tensor), ("a", PickleBuilder.dictionary([("b", tensor)])),
    ])
    let bytes = try PyTorchBuilder.file(value, storages: [("0", [0, 0, 0, 0])])
    #expect(refusal(of: bytes).contains("tensor `a.b` comes twice"))
  }

  // MARK: Archives

  @Test func `numbers of the other order are refused`() throws {
    #expect(refusal(of: try PyTorchBuilder.file([0x7D], byteOrder: "big")).contains("big-endian"))
    #expect(try entries(try PyTorchBuilder.file([0x7D])).isEmpty)
  }

  @Test(arguments: ["a/", "a/b/", "e1abc6fb-flux.of-a-name-longer-than-what-is-looked-at-first/"])
  func `the folder may be called anything`(folder: String) throws {
    let bytes = try PyTorchBuilder.file([0x7D], folder: folder)
    #expect(PyTorchFile.recognises(Array(bytes.prefix(64))))
    #expect(try entries(bytes).isEmpty)
  }

  @Test func `an archive of something else is refused as what it is`() throws {
    for (extra, words) in [
      ("b/data.pkl", "2 members data.pkl"), ("code/x.py", "TorchScript"),
      ("constants.pkl", "TorchScript"),
    ] {
      let bytes = try PyTorchBuilder.file([0x7D], extra: [(extra, [0x7D])])
      #expect(refusal(of: bytes).contains(words), "\(extra)")
    }
  }

  @Test func `every truncation of an archive is refused`() throws {
    let bytes = try Fixtures.bytes(at: Fixtures.path("pytorch/nested.pt"))
    for count in stride(from: 1, to: bytes.count, by: 7) {
      #expect(refusal(of: Array(bytes.prefix(count))) != "", "\(count) bytes")
    }
  }

  @Test func `a changed byte is noticed, passed over or a value of a tensor`() throws {
    let bytes = try Fixtures.bytes(at: Fixtures.path("pytorch/latent-half.pt"))
    for index in bytes.indices {
      var damaged = bytes
      damaged[index] ^= 0x41
      #expect(!refusal(of: damaged).hasPrefix("not an error"), "byte \(index)")
    }
  }

  @Test func `a gzip archive that is damaged or of something else is refused`() throws {
    let bytes = try Fixtures.bytes(at: Fixtures.path("pytorch/latent.pt.gz"))
    for damage in [bytes.count - 1, bytes.count - 6, bytes.count / 2] {
      var damaged = bytes
      damaged[damage] ^= 0x10
      #expect(refusal(of: damaged) != "", "byte \(damage)")
    }
    for changed in [bytes + [0], Array(bytes.dropLast()), Array(bytes.prefix(5)), bytes + bytes] {
      #expect(refusal(of: changed).contains("gzip"))
    }
    // An empty file, as gzip packs it.
    let empty: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    #expect(refusal(of: empty).contains("a gzip archive of something else"))
  }

  @Test func `a safetensors file whose length looks like another signature is one`() throws {
    for length in [0x0280, 0x8B1F] {
      let header = "{}" + String(repeating: " ", count: length - 2)
      try withMappedFile(SafetensorsBuilder.file(header: header)) { mapped in
        let entries = try WeightsFile(mapped).entries
        #expect(entries.isEmpty)
      }
    }
  }
}
