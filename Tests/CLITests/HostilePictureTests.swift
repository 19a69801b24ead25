import FoundationEssentials
import TestSupport
import Testing
import VAE
import VAECodec

/// Damaged pictures, and the whole of the shared edge cases, through the binary.
@Suite struct HostilePictureTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func `pictures with changed bytes never harm the program`() throws {
    let seed: UInt64 = 1
    var generator = SeededGenerator(seed: seed)
    for suffix in ["png", "jpg"] {
      let names = ["rgb8.png", "palette4_trns.png", "ycc_420.jpg", "ycc_444_progressive.jpg"]
        .filter { $0.hasSuffix(suffix) }
      var inputs: [String] = []
      for name in names {
        let bytes = try Fixtures.bytes(at: Fixtures.path("pictures/\(name)"))
        for number in 0..<40 {
          var changed = bytes
          for _ in 0..<Int.random(in: 1...8, using: &generator) {
            changed[Int.random(in: 0..<bytes.count, using: &generator)] =
              UInt8.random(in: 0...255, using: &generator)
          }
          inputs.append("\(number)-\(name)")
          try folder.write(changed, to: inputs[inputs.count - 1])
        }
      }
      let run = try CommandLineRun.vaecodec(
        ["encode"] + inputs + ["-o", "out-\(suffix)/", "--model", Fixtures.path("models/tiny")],
        in: folder)
      #expect(run.status != nil, "seed \(seed): \(run)")
      let written = FileNames.sorted(in: folder.path("out-\(suffix)"))
      #expect(run.errorLines.count + written.count == inputs.count, "seed \(seed): \(run)")
      #expect(run.peakByteCount < 2_000_000_000, "seed \(seed): \(run)")
    }
  }

  @Test func `an endless stream of something else ends at once`() throws {
    let info = try CommandLineRun.shell("yes | $vaecodec info -", in: folder, timeout: 10)
    #expect(
      info.errors
        == "vaecodec: standard input: the file is of no known kind, expected a latent, a PNG or "
        + "JPEG picture or a model\n")
    for (command, output) in [("encode", "z.bin"), ("decode", "p.png")] {
      let run = try CommandLineRun.vaecodec(
        [command, "/dev/zero", "-o", output], in: folder, timeout: 10)
      #expect(run.status == 1 && run.errorLines.count == 1, "\(run)")
      #expect(run.peakByteCount < 200_000_000)
    }
  }

  // MARK: The shared material

  /// A picture file of the shared material and whether it has to decode; nil where either will do.
  struct Case: Sendable, CustomTestStringConvertible {
    let path: String
    let decodes: Bool?

    var testDescription: String { FileSystem.lastComponent(of: path) }
  }

  /// Every picture of the shared material; none where it is absent.
  private static let cases = generatedCases + collectedCases

  private static let root = Fixtures.sharedPath("data/edge")

  private static let generatedCases: [Case] = {
    let table = (try? Fixtures.bytes(at: root + "/generated/cases.tsv")) ?? []
    let verdicts = ["ok": true, "err": false]
    return String(decoding: table, as: UTF8.self).split(separator: "\n").dropFirst().map { line in
      let fields = line.split(separator: "\t").map(String.init)
      return Case(path: "\(root)/generated/\(fields[0])", decodes: verdicts[fields[1]])
    }
  }()

  /// The pictures of others, of which the 12-bit ones and those made to be corrupt are refused.
  private static let collectedCases: [Case] = {
    let refused = ["monkey12.jpg", "mozjpeg_testorig12.jpg", "oss-fuzz-36829.jpeg"]
    let names = ["png", "jpeg"].flatMap { folder in
      (FileManager.default.subpaths(atPath: "\(root)/\(folder)") ?? []).sorted()
        .map { "\(folder)/\($0)" }
    }
    let pictures = names.filter { name in
      [".png", ".jpg", ".jpeg"].contains { name.hasSuffix($0) }
    }
    return pictures.map { name in
      let file = FileSystem.lastComponent(of: name)
      // The files of PngSuite that begin with "x" are corrupt.
      let isCorrupt = name.hasPrefix("png/pngsuite/") && file.hasPrefix("x")
      return Case(path: "\(root)/\(name)", decodes: !isCorrupt && !refused.contains(file))
    }
  }()

  private static let sharedComment = Comment(rawValue: Fixtures.sharedComment)

  @Test(.enabled(if: Fixtures.hasShared, sharedComment), arguments: cases)
  func `an edge case ends as it has to, in time and memory`(edge: Case) throws {
    // Encoding the few photographs would take longer than all else together: they are only read.
    let isLarge = try InputFile.bytes(at: edge.path).count > 70_000
    let line =
      isLarge
      ? ["info", edge.path]
      : ["encode", edge.path, "-o", "z.bin", "--model", Fixtures.path("models/tiny")]
    let run = try CommandLineRun.vaecodec(line, in: folder, timeout: 10)
    #expect(run.status == 0 || run.status == 1, "\(run)")
    if let decodes = edge.decodes { #expect(run.status == (decodes ? 0 : 1), "\(run)") }
    #expect(run.errorLines.count == Int(run.status ?? 0), "\(run)")
    #expect(run.status == 0 || run.errors.hasPrefix("vaecodec: \(edge.path): "), "\(run)")
    #expect(folder.names == (run.status == 0 && !isLarge ? ["z.bin"] : []))
    #expect(run.peakByteCount < 2_000_000_000, "\(run)")
  }

  @Test(.enabled(if: Fixtures.hasShared, sharedComment))
  func `the edge cases go through in one run`() throws {
    for suffix in [".png", ".jpg"] {
      let cases = Self.generatedCases.filter { $0.path.hasSuffix(suffix) }
      let run = try CommandLineRun.vaecodec(
        ["encode"] + cases.map(\.path)
          + ["-o", "out\(suffix)/", "--model", Fixtures.path("models/tiny")], in: folder)
      #expect(run.status == 1, "\(run)")
      let written = Set(FileNames.sorted(in: folder.path("out\(suffix)")))
      for edge in cases {
        guard let decodes = edge.decodes else { continue }
        let name = FileSystem.lastComponent(of: edge.path).dropLast(suffix.count) + ".bin"
        #expect(written.contains(String(name)) == decodes, "\(edge.path)")
      }
      #expect(run.errorLines.count + written.count == cases.count)
      #expect(run.peakByteCount < 2_000_000_000, "\(run)")
    }
  }
}
