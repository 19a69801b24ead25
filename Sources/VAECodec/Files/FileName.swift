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
    let name = path.split(separator: "/").last ?? ""
    last = String(name)
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else {
      stem = String(name)
      fileExtension = nil
      return
    }
    stem = String(name[..<dot])
    fileExtension = name[name.index(after: dot)...].lowercased()
  }
}
