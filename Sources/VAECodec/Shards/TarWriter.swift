import VAE

/// Writes samples into a tar archive as webdataset, Hugging Face's datasets, Ray and DALI read them.
///
/// Equal samples in equal order make equal bytes, on any machine and at any time: permissions are 0444, owner,
/// group and time are 0, and the fields of a sample are sorted by their names. The archive is only whole once
/// `finish` has written its end.
///
///     var writer = TarWriter(ByteBuffer())
///     try writer.append(key: "train/000001", fields: [("npy", array), ("json", text)])
///     try writer.finish()
public struct TarWriter<Sink: ByteSink> {
  /// What the bytes are written to.
  public private(set) var sink: Sink
  /// Where the samples lie that were written.
  public private(set) var index = TarIndex()
  /// Bytes that were written.
  public private(set) var byteCount = 0
  private var digest = SHA256()
  /// As bytes: accents that a string holds for equal are two names.
  private var keys: Set<[UInt8]> = []
  private var isFinished = false

  /// An archive that is written to `sink`.
  public init(_ sink: Sink) { self.sink = sink }

  /// The SHA-256 of all that was written, in hexadecimal digits.
  public var sha256: String { digest.hexadecimal() }

  /// Appends a sample.
  ///
  /// - Parameters:
  ///   - key: the path of its files without what follows the first dot, such as "train/000001"; `WebDatasetKeys`
  ///     makes one of a path.
  ///   - fields: what follows the dot in the name of each file, such as "npy", and its contents.
  /// - Throws: `ShardError.duplicateKey`, `.repeatedField` and `.unusableName`, before anything is written, and what
  ///   the sink throws, after which the archive is of no use.
  /// - Precondition: `finish` was not called.
  public mutating func append(key: String, fields: [(name: String, bytes: [UInt8])]) throws {
    precondition(!isFinished, "a sample after the end of the archive")
    let sorted = fields.map { (name: $0.name, path: $0.name.pathBytes, bytes: $0.bytes) }
      .sorted { $0.path.lexicographicallyPrecedes($1.path) }
    try check(key, sorted.map(\.name))
    guard keys.insert(key.pathBytes).inserted else { throw ShardError.duplicateKey(key) }
    var places: [TarIndex.Field] = []
    for field in sorted {
      let path = key.pathBytes + [UInt8(ascii: ".")] + field.path
      try write(TarEntry(path, byteCount: field.bytes.count).head)
      places.append(
        TarIndex.Field(name: field.name, dataOffset: byteCount, byteCount: field.bytes.count))
      try write(field.bytes)
      try write(TarEntry.padding(of: field.bytes.count))
    }
    index.samples.append(TarIndex.Sample(key: key, fields: places))
  }

  /// Writes the end of the archive.
  ///
  /// - Throws: what the sink throws.
  /// - Precondition: it was not called before.
  public mutating func finish() throws {
    precondition(!isFinished, "a second end of the archive")
    isFinished = true
    let end = byteCount + 2 * TarHeader.blockByteCount
    // Programs that read tapes expect whole records of twenty blocks.
    let whole = end.roundedUp(toMultipleOf: 20 * TarHeader.blockByteCount)
    try write([UInt8](repeating: 0, count: whole - byteCount))
  }

  private mutating func write(_ bytes: [UInt8]) throws {
    guard !bytes.isEmpty else { return }
    try sink.write(bytes)
    digest.update(bytes)
    byteCount += bytes.count
  }

  /// Checks that readers will find key and fields as they are given.
  private func check(_ key: String, _ fields: [String]) throws {
    guard !fields.isEmpty else { throw ShardError.unusableName(key, reason: "has no field") }
    var names: Set<[UInt8]> = []
    for field in fields {
      let name = key + "." + field
      guard let parts = WebDatasetName(name), parts.key.utf8.elementsEqual(key.utf8),
        !name.utf8.contains(0), !name.utf8.starts(with: "./".utf8), !field.isEmpty
      else {
        throw ShardError.unusableName(name, reason: "would be read as another key and field")
      }
      guard names.insert(field.lowercased().pathBytes).inserted else {
        throw ShardError.repeatedField(field, key: key, offset: byteCount)
      }
    }
  }
}
