import TestSupport
import Testing
import VAE

/// Keeps the folders of the engine in their order: no file names a type of a folder above its own.
struct LayeringTests {
  /// Each folder and those whose types its files may name.
  private static let allowed: [String: [String]] = {
    let all = [
      "Autoencoder", "Bytes", "Checkpoints", "Execution", "Families", "Graph", "Kernels",
      "Networks", "Operations", "Tensor", "Weights",
    ]
    return Dictionary(uniqueKeysWithValues: all.map { ($0, all) })
  }()

  private static let root = Fixtures.packageFolder + "/Sources/VAE"

  @Test("every folder of the engine has its place in the order")
  func foldersAreKnown() {
    let folders = FileSystem.fileNames(in: Self.root).filter { !$0.hasPrefix(".") }
    #expect(folders == Self.allowed.keys.sorted())
  }

  @Test("no file names a type of a folder above its own", arguments: allowed.keys.sorted())
  func arrowsPointDown(folder: String) throws {
    let above = Set(Self.allowed.keys).subtracting(Self.allowed[folder] ?? [])
    for other in above {
      let types = try Self.files(in: other).flatMap { Self.declaredTypes(try Self.code(of: $0)) }
      #expect(!types.isEmpty)
      for file in Self.files(in: folder) {
        let words = Set(
          try Self.code(of: file).split { !$0.isLetter && !$0.isNumber && $0 != "_" }.map(
            String.init))
        #expect(words.intersection(types).isEmpty, "\(file) names types of \(other)")
      }
    }
  }

  private static func files(in folder: String) -> [String] {
    FileSystem.fileNames(in: "\(root)/\(folder)").filter { $0.hasSuffix(".swift") }
      .map { "\(root)/\(folder)/\($0)" }
  }

  /// The text of a file without comments, and without the standard library's types of equal names.
  private static func code(of path: String) throws -> String {
    String(decoding: try Fixtures.bytes(at: path), as: UTF8.self)
      .split(separator: "\n")
      .map { line in line.firstRange(of: "//").map { line[..<$0.lowerBound] } ?? line }
      .joined(separator: "\n")
      .replacing("Swift.Decoder", with: "")
  }

  /// The types that stand at the top level and are not private.
  private static func declaredTypes(_ code: String) -> [String] {
    code.split(separator: "\n").compactMap { line in
      var words = line.split(separator: " ").map(String.init)[...]
      guard let first = line.first, first != " " else { return nil }
      while let word = words.first, ["package", "final", "@safe", "indirect"].contains(word) {
        words = words.dropFirst()
      }
      guard let kind = words.popFirst(), ["struct", "class", "enum", "protocol"].contains(kind)
      else { return nil }
      return words.first.map { String($0.prefix { $0.isLetter || $0.isNumber }) }
    }
  }
}
