import VAE

/// The two parts of a member's name by the rule of webdataset: what comes before the first dot of the last
/// component is the key of its sample, what comes after it the field.
///
/// - SeeAlso: webdataset `tariterators.py`, `base_plus_ext` and `tar_file_iterator`.
struct WebDatasetName {
  let key: String
  /// As the archive spells it; readers differ in whether upper case counts.
  let field: String

  /// The parts of `name`; nil for one without a dot, for a hidden file, and for a folder of metadata, which
  /// belong to no sample.
  init?(_ name: String) {
    let bytes = name.utf8
    let base =
      bytes.lastIndex(of: FileSystem.separator).map(bytes.index(after:)) ?? bytes.startIndex
    guard let dot = bytes[base...].firstIndex(of: UInt8(ascii: ".")), dot > base,
      !Self.isMetadata(bytes)
    else { return nil }
    key = String(name[..<dot])
    field = String(name[bytes.index(after: dot)...])
  }

  /// Whether the first component of a path begins and ends with two underscores.
  static func isMetadata(_ path: some Sequence<UInt8>) -> Bool {
    let component = Array(path.prefix { $0 != FileSystem.separator })
    let mark = Array("__".utf8)
    return component.count >= 2 * mark.count && component.starts(with: mark)
      && component.suffix(mark.count) == mark[...]
  }
}
