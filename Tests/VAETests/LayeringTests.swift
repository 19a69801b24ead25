import TestSupport
import Testing
import VAE

/// Keeps the folders of both modules in their order: no file names a type of a folder above its own, or
/// calls a function that such a folder adds to a type, and pointers are formed in few places.
struct LayeringTests {
  /// A module, and its folders from the bottom up: a folder's files may name what lies in those before it.
  struct Module: Sendable, CustomTestStringConvertible {
    let name: String
    let folders: [String]

    var testDescription: String { name }
    var root: String { Fixtures.packageFolder + "/Sources/" + name }
  }

  private static let engine = Module(
    name: "VAE",
    folders: [
      "Bytes", "Archive", "Tensor", "Weights", "Kernels", "Graph", "Execution", "Operations",
      "Networks", "Families", "Checkpoints", "Autoencoder", "Training",
    ])
  private static let codec = Module(
    name: "VAECodec",
    folders: [
      "Bytes", "Files", "Archive", "Shards", "Image", "Latent", "Entropy", "LatentFiles", "Machine",
      "Analysis", "Learning", "Drawing", "Report", "Codec", "Dataset", "Batch", "Serve",
      "Verification", "Training",
    ])

  /// Folders and files that may form pointers: the arena and what runs in it, mapped files, the kernels,
  /// and calls of C.
  private static let pointerPlaces = [
    "VAE/Archive/Deflate", "VAE/Bytes/FileSystem.swift", "VAE/Bytes/MappedFile.swift",
    "VAE/Execution/", "VAE/Graph/",
    "VAE/Kernels/", "VAE/Operations/", "VAE/Tensor/", "VAECodec/Codec/BundledModel.swift",
    "VAECodec/Files/", "VAECodec/Image/ImageFile+",
    "VAECodec/LatentFiles/StoredArray.swift",
  ]

  @Test(arguments: [engine, codec])
  func `every folder has its place in the order`(module: Module) {
    let found = FileSystem.fileNames(in: module.root).filter { name in
      !name.hasPrefix(".") && !name.hasSuffix(".docc")
    }
    #expect(found == module.folders.sorted())
  }

  @Test(arguments: [engine, codec])
  func `no file names a type of a folder above its own`(module: Module) throws {
    let files = try Self.files(of: module)
    for (level, folder) in module.folders.enumerated() {
      let types = Set(files.filter { $0.level > level }.flatMap(\.types))
        .subtracting(files.filter { $0.level <= level }.flatMap(\.types))
      for file in files where file.level == level {
        let named = file.words.intersection(types)
        #expect(named.isEmpty, "\(file.path) in \(folder) names \(named.sorted())")
      }
    }
  }

  @Test(arguments: [engine, codec])
  func `no file calls what a folder above its own adds to a type`(module: Module) throws {
    let files = try Self.files(of: module)
    for (level, folder) in module.folders.enumerated() {
      let below = files.filter { $0.level <= level }
      let added = Set(Self.additions(files.filter { $0.level > level }))
        .subtracting(below.flatMap(\.declarations))
      for file in files where file.level == level {
        let called = file.members.intersection(added)
        #expect(called.isEmpty, "\(file.path) in \(folder) calls \(called.sorted())")
      }
    }
  }

  @Test(arguments: [engine, codec])
  func `pointers are formed in few places`(module: Module) throws {
    let signs = /Unsafe[A-Za-z]*Pointer|withUnsafe|unsafeUninitialized/
    for file in try Self.files(of: module) where file.code.firstMatch(of: signs) != nil {
      let place = String(file.path.dropFirst(Fixtures.packageFolder.count + "/Sources/".count))
      #expect(Self.pointerPlaces.contains { place.hasPrefix($0) }, "\(place) forms pointers")
    }
  }

  @Test func `the tables name what is there`() throws {
    let files = try [Self.engine, Self.codec].flatMap(Self.files)
    #expect(files.count > 150)
    #expect(files.flatMap(\.types).contains("Graph"))
    #expect(Self.additions(files).contains("escapedForTerminal"))
    for place in Self.pointerPlaces {
      #expect(files.contains { $0.path.contains("/Sources/\(place)") }, "\(place)")
    }
  }

  /// A file with the names in it.
  private struct SourceFile: Sendable {
    let path: String
    /// The place of its folder in the order.
    let level: Int
    /// Its text without comments and literals, and without the standard library's types of equal names.
    let code: String
    /// The types that stand at its top level and are not private.
    let types: [String]
    /// Names that follow a dot.
    let members: Set<String>
    /// All names.
    let words: Set<String>
    /// Names of functions, properties and cases.
    let declarations: [String]
    /// Those that extensions at the top level declare and that are not private, with the types.
    let additions: [(type: String, name: String)]

    init(_ path: String, level: Int) throws {
      self.path = path
      self.level = level
      let code = LayeringTests.code(
        of: String(decoding: try Fixtures.bytes(at: path), as: UTF8.self))
      self.code = code
      types = LayeringTests.types(code)
      words = Set(
        code.unicodeScalars.split {
          !($0.properties.isAlphabetic || $0.properties.numericType != nil || $0 == "_")
        }
        .map { String($0) })
      members = Set(code.matches(of: /\.([a-z][A-Za-z0-9_]*)/).map { String($0.output.1) })
      declarations = code.matches(of: LayeringTests.declaration).map { String($0.output.2) }
      additions = LayeringTests.additions(code)
    }
  }

  private static var declaration: Regex<(Substring, Substring, Substring)> {
    /((?:private|fileprivate)?[a-z() ]*)(?:func|var|let|case) ([A-Za-z_][A-Za-z0-9_]*)/
  }

  /// The files of both modules, which are read once for all tests.
  private static let engineFiles = Result { try read(engine) }
  private static let codecFiles = Result { try read(codec) }

  private static func files(of module: Module) throws -> [SourceFile] {
    try (module.root == engine.root ? engineFiles : codecFiles).get()
  }

  private static func read(_ module: Module) throws -> [SourceFile] {
    try module.folders.enumerated().flatMap { level, folder in
      try swiftFiles(in: "\(module.root)/\(folder)").map { try SourceFile($0, level: level) }
    }
  }

  private static func swiftFiles(in folder: String) -> [String] {
    FileSystem.fileNames(in: folder).filter { !$0.hasPrefix(".") }.flatMap { name in
      let path = "\(folder)/\(name)"
      if FileSystem.isFolder(path) { return swiftFiles(in: path) }
      return name.hasSuffix(".swift") ? [path] : []
    }
  }

  private static func code(of text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { line in line.firstRange(of: "//").map { line[..<$0.lowerBound] } ?? line }
      .joined(separator: "\n")
      .replacing(/Swift\.[A-Z][A-Za-z]*/, with: "")
      .replacing(/"[^"\\\n]*"/, with: "\"\"")
  }

  private static func types(_ code: String) -> [String] {
    code.split(separator: "\n").compactMap { line in
      var words = line.split(separator: " ").map(String.init)[...]
      guard let first = line.first, first != " " else { return nil }
      while let word = words.first,
        ["package", "public", "final", "@safe", "indirect"].contains(word)
      {
        words = words.dropFirst()
      }
      guard let kind = words.popFirst(),
        ["struct", "class", "enum", "protocol", "typealias"].contains(kind)
      else { return nil }
      return words.first.map { String($0.prefix { $0.isLetter || $0.isNumber }) }
    }
  }

  /// What extensions in `files` add to types of other folders.
  private static func additions(_ files: [SourceFile]) -> [String] {
    files.flatMap { file in
      let own = Set(files.filter { $0.level == file.level }.flatMap(\.types))
      return file.additions.filter { !own.contains($0.type) }.map(\.name)
    }
  }

  private static func additions(_ code: String) -> [(type: String, name: String)] {
    var additions: [(String, String)] = []
    var type: String?
    for line in code.split(separator: "\n") {
      if let match = line.firstMatch(of: /^(?:package |public )?extension \[?([A-Za-z0-9]+)/) {
        type = String(match.output.1)
      } else if line.hasPrefix("}") {
        type = nil
      }
      guard let type, line.hasPrefix("  "), line.dropFirst(2).first != " ",
        let match = line.firstMatch(of: declaration), !match.output.1.contains("private")
      else { continue }
      additions.append((type, String(match.output.2)))
    }
    return additions
  }
}
