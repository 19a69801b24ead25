import VAE

/// The last component of a path, in its two parts.
package struct FileName {
  /// What comes before the extension and its dot.
  package let stem: String
  /// What comes after the last dot, in lower case; nil without one. A dot at the beginning hides a
  /// file and separates nothing.
  package let fileExtension: String?
  /// Both parts and their dot.
  package let last: String

  /// The parts of the last component of `path`.
  package init(_ path: String) {
    let lastComponent = path.utf8.split(separator: FileSystem.separator).last
    last = lastComponent.map { String(Substring($0)) } ?? ""
    let name = last.utf8
    guard let dot = name.lastIndex(of: UInt8(ascii: ".")), dot != name.startIndex else {
      stem = last
      fileExtension = nil
      return
    }
    stem = String(last[..<dot])
    fileExtension = last[name.index(after: dot)...].lowercased()
  }
}
