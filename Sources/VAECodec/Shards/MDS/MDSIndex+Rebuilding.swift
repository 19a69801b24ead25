import VAE

extension MDSIndex {
  /// The index of the shards that lie in a folder and in the folders in it, such as one is missing after a run
  /// that was cut off.
  ///
  /// - Throws: `FileError.unreadable`, and `InputError` with `ShardError`.
  public init(rebuilding folder: String) throws {
    self.init()
    guard FileSystem.isFolder(folder) else {
      throw FileError.unreadable(path: folder, reason: "not a folder")
    }
    let visible = FileSystem.fileNames(in: folder).filter { !$0.hasPrefix(".") }
    let below = visible.flatMap { name in
      FileSystem.fileNames(in: FileSystem.path(name, in: folder)).map { "\(name)/\($0)" }
    }
    let names = Set(visible + below)
    for name in names.sorted(by: Self.precedes) {
      let isUnpackedTwin = name.hasSuffix(".mds") && names.contains(name + ".gz")
      guard !isUnpackedTwin, name.hasSuffix(".mds") || name.hasSuffix(".mds.gz") else { continue }
      let path = FileSystem.path(name, in: folder)
      shards.append(try InputError.naming(path) { try Self.entry(of: path, name) })
    }
  }

  /// Numbers of fewer digits come first: "shard.99999.mds" before "shard.100000.mds".
  private static func precedes(_ name: String, _ other: String) -> Bool {
    func key(_ name: String) -> [(Int, String)] {
      let parts = name.split(separator: "/").map { ($0.utf8.count, String($0)) }
      return parts.count == 1 ? [(0, "")] + parts : parts
    }
    return key(name).lexicographicallyPrecedes(key(other)) { $0 < $1 }
  }

  private static func entry(of path: String, _ name: String) throws -> Entry {
    guard name.hasSuffix(".gz") else {
      let shard = try MDSShard(contentsOf: path)
      let file = try self.file(name, path, shard.settings.hashes)
      return Entry(
        settings: shard.settings, sampleCount: shard.sampleCount, raw: file, packed: nil)
    }
    let stream = try GzipStream(StreamBuffer(FileStream(path)))
    let bytes = try StreamBuffer(stream).take(InputFile.maximumByteCount)
    let shard = try MDSShard(decoding: bytes)
    let raw = File(
      basename: String(name.dropLast(3)), byteCount: bytes.count,
      hashes: try hashes(shard.settings.hashes) { SHA256.hexadecimal(of: bytes) })
    return Entry(
      settings: shard.settings, sampleCount: shard.sampleCount, raw: raw,
      packed: try file(name, path, shard.settings.hashes))
  }

  private static func file(_ name: String, _ path: String, _ kinds: [String]) throws -> File {
    let measured = try ShardFile(measuring: path, name: name)
    return File(
      basename: name, byteCount: measured.byteCount, hashes: try hashes(kinds) { measured.sha256 })
  }

  /// The checksums of the kinds that a shard asks for.
  private static func hashes(_ kinds: [String], _ sha256: () -> String) throws -> [String: String] {
    for kind in kinds where kind != "sha256" {
      throw ShardError.disagreement(
        "checksums of the kind \(ShardError.quoted(kind)) are not made here")
    }
    return kinds.isEmpty ? [:] : ["sha256": sha256()]
  }
}
