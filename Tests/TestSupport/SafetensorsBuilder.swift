import VAE

/// Makes safetensors files, well-formed and not, from their parts.
package enum SafetensorsBuilder {
  /// A tensor to be written.
  package struct Tensor: Sendable {
    /// What the tensor is called.
    package let name: String
    let dtype: String
    /// Extents, outermost first.
    package let shape: [Int]
    let bytes: [UInt8]

    /// A tensor of `bytes`, of which `dtype` and `shape` are claimed.
    package init(_ name: String, _ dtype: String, _ shape: [Int], bytes: [UInt8]) {
      (self.name, self.dtype, self.shape, self.bytes) = (name, dtype, shape, bytes)
    }

    /// The same elements under another name, or with other extents.
    package func renamed(_ name: String, shape: [Int]? = nil) -> Tensor {
      Tensor(name, dtype, shape ?? self.shape, bytes: bytes)
    }

    /// An f32 tensor.
    package init(_ name: String, _ shape: [Int], _ values: [Float]) {
      let bytes = values.flatMap { value in
        (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * UInt32($0))) }
      }
      self.init(name, "F32", shape, bytes: bytes)
    }
  }

  /// The tensors of the file at `path`, in the order of their names.
  package static func tensors(of path: String) throws -> [Tensor] {
    let file = try SafetensorsFile(path: path)
    return file.entries.sorted { $0.key < $1.key }.map { name, entry in
      Tensor(name, entry.dtype, entry.shape, bytes: file.file.bytes(in: entry.byteRange))
    }
  }

  /// The bytes of a file of this header, whatever it is, and this data.
  package static func file(header: String, data: [UInt8] = []) -> [UInt8] {
    file(header: Array(header.utf8), data: data)
  }

  /// The bytes of a file of this header, whatever it is, and this data.
  package static func file(header: [UInt8], data: [UInt8] = []) -> [UInt8] {
    length(UInt64(header.count)) + header + data
  }

  /// The bytes of a file of `tensors`, with these strings as its metadata.
  package static func file(_ tensors: [Tensor], metadata: [String: String] = [:]) -> [UInt8] {
    var offset = 0
    let entries = tensors.map { tensor in
      defer { offset += tensor.bytes.count }
      return entry(tensor.name, tensor.dtype, tensor.shape, offset..<offset + tensor.bytes.count)
    }
    let strings = metadata.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\"\($0.value)\"" }
    let header =
      metadata.isEmpty
      ? entries : ["\"__metadata__\":{" + strings.joined(separator: ",") + "}"] + entries
    return file(
      header: "{" + header.joined(separator: ",") + "}", data: tensors.flatMap(\.bytes))
  }

  /// The header, with the length before it, of a file of tensors of one type, and the bytes of the whole
  /// file.
  package static func header(
    _ shapes: [(name: String, shape: [Int])], type: ElementType
  ) -> (head: [UInt8], byteCount: Int) {
    var offset = 0
    let entries = shapes.map { name, shape in
      let byteCount = type.byteCount * shape.reduce(1, *)
      defer { offset += byteCount }
      return entry(name, type.rawValue, shape, offset..<offset + byteCount)
    }
    let head = file(header: "{" + entries.joined(separator: ",") + "}")
    return (head, head.count + offset)
  }

  /// The eight bytes before a header.
  package static func length(_ count: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: count >> (8 * UInt64($0))) }
  }

  private static func entry(
    _ name: String, _ dtype: String, _ shape: [Int], _ range: Range<Int>
  ) -> String {
    "\"\(name)\":{\"dtype\":\"\(dtype)\",\"shape\":\(shape),"
      + "\"data_offsets\":[\(range.lowerBound),\(range.upperBound)]}"
  }
}

/// Calls `body` with a file that holds `bytes` and is called `name`.
@discardableResult
package func withMappedFile<Result>(
  _ bytes: [UInt8], name: String = "test", _ body: (MappedFile) throws -> Result
) rethrows -> Result {
  try unsafe bytes.withUnsafeBytes { try unsafe body(MappedFile(name: name, staticBytes: $0)) }
}
