import VAE

/// The index that NVIDIA's DALI reads beside a tar archive, `wds2idx`'s `.idx`.
///
/// - SeeAlso: DALI `tools/wds2idx.py`.
public enum DALIIndex {
  /// The bytes of the file: a line with version and count, and for each sample its fields with offset, size and
  /// name.
  ///
  /// Names with spaces in them, at which DALI would part them, make an index of the version before, which has
  /// none.
  ///
  /// - Throws: `ShardError.unusableName` for a field without a name or with a space in it, which neither version
  ///   holds.
  public static func bytes(of index: TarIndex) throws -> [UInt8] {
    let hasNames = !index.samples.contains { sample in
      sample.key.pathBytes.contains(where: isSpace)
    }
    var bytes = Array("\(hasNames ? "v1.2" : "v1.1") \(index.samples.count)\n".utf8)
    for sample in index.samples {
      let parts = try sample.fields.map { field in
        let name = field.name.pathBytes
        guard !name.isEmpty, !name.contains(where: isSpace) else {
          throw ShardError.unusableName(
            "\(sample.key).\(field.name)", reason: "has no place in an index of DALI")
        }
        let place = name + Array(" \(field.dataOffset) \(field.byteCount)".utf8)
        let space = UInt8(ascii: " ")
        return hasNames
          ? place + [space] + sample.key.pathBytes + [UInt8(ascii: ".")] + name : place
      }
      bytes += parts.joined(separator: [UInt8(ascii: " ")])
      bytes.append(UInt8(ascii: "\n"))
    }
    return bytes
  }

  /// The path of the index of the archive at `path`: "lat-000123.idx" for "lat-000123.tar".
  public static func path(of path: String) -> String {
    (path.hasSuffix(".tar") ? String(path.dropLast(4)) : path) + ".idx"
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || (9...13).contains(byte)
  }
}
