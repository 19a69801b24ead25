/// Reads the JSON texts of a checkpoint: configurations and indices of shards.
enum JSONFile {
  /// Longer ones are not read; those of the largest models have some kilobytes.
  private static let maximumByteCount = 16 << 20

  /// The bytes of the text at `path`.
  ///
  /// - Throws: `UnreadableFile`, for more than 16 MiB as well, and `FamilyError.malformedConfig` for a
  ///   file of another kind.
  static func bytes(at path: String) throws -> [UInt8] {
    let file = try MappedFile(path: path)
    guard file.byteCount <= maximumByteCount else {
      throw UnreadableFile(
        path: path, reason: "\(file.byteCount) bytes, at most \(maximumByteCount) are read")
    }
    let bytes = file.bytes(in: 0..<file.byteCount)
    if let kind = FileKind(bytes, having: \.weightsName), kind != .json, kind != .text,
      let name = kind.weightsName
    {
      throw FamilyError.malformedConfig(path: path, reason: "it looks like \(name)")
    }
    return bytes
  }
}
