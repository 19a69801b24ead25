import FoundationEssentials
import VAECodec

/// A picture of a class, which the name of its file begins with.
struct LabelledPicture {
  let path: String
  let label: String
  let image: Image

  /// Its file's name without the extension.
  var name: String {
    String(path.split(separator: "/").last?.split(separator: ".").first ?? "")
  }

  /// The pictures in a folder, by name.
  ///
  /// - Throws: what the system says against reading the folder, `FileError` and `InputError`.
  static func all(in folder: String) throws -> [LabelledPicture] {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    return try names.filter { $0.hasSuffix(".png") }.sorted().map { name in
      let path = "\(folder)/\(name)"
      return LabelledPicture(
        path: path, label: String(name.split(separator: "-").first ?? ""),
        image: try Image(contentsOf: path))
    }
  }
}
