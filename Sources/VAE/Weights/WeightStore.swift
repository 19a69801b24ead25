/// The tensors of a model under their canonical names (those of diffusers), whatever file they lie in.
package struct WeightStore: Sendable {
  /// What messages call the model: the path it was opened from.
  package let path: String
  private let tensors: [String: Tensor]

  /// A tensor as its file has it, and where its elements are.
  private struct Tensor {
    let name: String
    let entry: WeightsFile.Entry
    /// What networks compute with; nil where they cannot.
    let type: ElementType?
    let file: MappedFile
    let byteRange: Range<Int>

    init(_ name: String, _ entry: WeightsFile.Entry, in file: MappedFile) {
      self.name = name
      self.entry = entry
      type = entry.type.computed
      let converted = entry.type.converted(entry, in: file)
      self.file = converted ?? file
      byteRange = converted.map { 0..<$0.byteCount } ?? entry.byteRange
    }
  }

  /// What the files call, or would call, the tensor of a canonical name.
  let fileName: @Sendable (_ canonical: String) -> String

  /// The tensors of `files`, renamed by `canonicalName`; names that it maps to nil are left out.
  ///
  /// - Parameters:
  ///   - canonicalName: gets a name and the number of the file it stands in.
  ///   - fileName: what the files would call a tensor, for messages about those that are missing.
  /// - Throws: `WeightsError.ambiguousTensor` if two tensors get one name.
  package init(
    path: String, files: [WeightsFile], canonicalName: (_ name: String, _ file: Int) -> String?,
    fileName: @escaping @Sendable (_ canonical: String) -> String
  ) throws {
    self.path = path
    self.fileName = fileName
    var tensors: [String: Tensor] = [:]
    for (index, file) in files.enumerated() {
      for (name, entry) in file.entries {
        guard let canonical = canonicalName(name, index) else { continue }
        let tensor = Tensor(name, entry, in: file.file)
        if let other = tensors.updateValue(tensor, forKey: canonical) {
          throw WeightsError.ambiguousTensor(path: path, names: [name, other.name].sorted())
        }
      }
    }
    self.tensors = tensors
  }

  /// The canonical names of all tensors, sorted.
  package var names: [String] { tensors.keys.sorted() }

  /// The tensors' places in their files, in no order.
  package var entries: [WeightsFile.Entry] { tensors.values.map(\.entry) }

  /// The extents of a tensor, or nil if there is none of this name.
  package func shape(of name: String) -> [Int]? { tensors[name]?.entry.shape }

  /// Whether some canonical name begins with one of `prefixes`.
  func hasNames(beginningWith prefixes: some Sequence<String>) -> Bool {
    prefixes.contains { prefix in tensors.keys.contains { $0.hasPrefix(prefix) } }
  }

  /// What the files call the tensors whose canonical names begin with one of `prefixes`, those in
  /// `used` left out; sorted.
  func fileNames(beginningWith prefixes: [String], besides used: Set<String>) -> [String] {
    tensors.filter { canonical, tensor in
      !used.contains(tensor.name) && prefixes.contains { canonical.hasPrefix($0) }
    }.map(\.value.name).sorted()
  }

  /// The tensor `name`, whose shape must be `shape`, give or take extents of 1 at the end: a 1x1
  /// convolution and a linear layer hold the same numbers.
  ///
  /// - Throws: `WeightsError.missingTensor`, `.wrongShape` or `.wrongType`.
  package func tensor(_ name: String, shape: [Int]) throws -> StoredTensor {
    guard let tensor = tensors[name] else {
      throw WeightsError.missingTensor(path: path, name: fileName(name))
    }
    guard tensor.entry.shape.withoutTrailingOnes == shape.withoutTrailingOnes else {
      throw WeightsError.wrongShape(
        path: path, name: tensor.name, found: tensor.entry.shape, expected: shape)
    }
    guard let type = tensor.type else {
      throw WeightsError.wrongType(path: path, name: tensor.name, found: tensor.entry.type.rawValue)
    }
    return StoredTensor(
      name: tensor.name, type: type, shape: shape, file: tensor.file,
      byteRange: tensor.byteRange)
  }

  /// An error that names the tensor `name` as its file does.
  func malformed(_ name: String, _ reason: String) -> WeightsError {
    .malformedTensor(path: path, name: fileName(name), reason: reason)
  }
}

extension [Int] {
  /// A shape without its extents of 1 at the end.
  var withoutTrailingOnes: ArraySlice<Int> {
    prefix((lastIndex { $0 != 1 } ?? -1) + 1)
  }
}
