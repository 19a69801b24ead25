/// Kinds of files by their first bytes: those that are read, and those that are taken for one of them by
/// mistake.
///
/// One table for all readers. What a kind is called depends on what was expected in its place: a ZIP
/// archive where weights should be is most likely a pickle.
package enum FileKind: Sendable {
  case jpeg, png, gif, tiff, bigTIFF, webP, avif, heif, mp4, jpegXL, jpeg2000, bmp, photoshop, qoi
  case openEXR, ico, pgm, ppm
  case pdf, svg, xml, html, lfsPointer, json, text
  case numpy, latentBin, zip, emptyZIP, gzip
  case pickle, gguf, safetensors
  case hdf5, parquet, arrow, mds, lmdb, matlab, tar, zstandard, xz, bzip2

  /// How a kind is recognised.
  private enum Pattern: Sendable {
    case bytes([UInt8], at: Int = 0)
    /// In lower case; a file has it in any case, after a byte order mark and space.
    case text(String)
    case rule(@Sendable (_ beginning: ArraySlice<UInt8>) -> Bool)

    static func bytes(_ text: String, at offset: Int = 0) -> Self {
      .bytes(Array(text.utf8), at: offset)
    }
  }

  private struct Row: Sendable {
    let kind: FileKind
    let name: String?
    let weightsName: String?
    let patterns: [Pattern]

    init(
      _ kind: FileKind, _ name: String?, weights weightsName: String? = nil, _ patterns: Pattern...
    ) {
      self.kind = kind
      self.name = name
      self.weightsName = weightsName
      self.patterns = patterns
    }
  }

  private static let pickleName =
    "a PyTorch pickle or ZIP archive (.pt, .pth, .ckpt, .bin); convert it to safetensors"

  /// The more particular stand first.
  private static let table: [Row] = [
    Row(.jpeg, "a picture", .bytes([0xFF, 0xD8])),
    // A signature that was damaged or cut short counts, so that libpng can say what is wrong with it.
    Row(.png, "a picture", .bytes([0x89, 0x50]), .bytes("PNG", at: 1)),
    Row(.gif, "a GIF picture", .bytes("GIF8")),
    Row(
      .tiff, "a TIFF picture", .bytes([0x49, 0x49, 0x2A, 0x00]), .bytes([0x4D, 0x4D, 0x00, 0x2A])),
    Row(
      .bigTIFF, "a BigTIFF picture", .bytes([0x49, 0x49, 0x2B, 0x00]),
      .bytes([0x4D, 0x4D, 0x00, 0x2B])),
    Row(.webP, "a WebP picture", .bytes("WEBP", at: 8)),
    Row(.avif, "an AVIF picture", .bytes("ftypavif", at: 4), .bytes("ftypavis", at: 4)),
    Row(
      .heif, "a HEIF picture", .bytes("ftyphei", at: 4), .bytes("ftyphev", at: 4),
      .bytes("ftypmif1", at: 4), .bytes("ftypmsf1", at: 4)),
    Row(.mp4, "an MP4 or related file", .bytes("ftyp", at: 4)),
    Row(.jpegXL, "a JPEG XL picture", .bytes("JXL ", at: 4), .bytes([0xFF, 0x0A])),
    Row(
      .jpeg2000, "a JPEG 2000 picture", .bytes("jP  ", at: 4), .bytes([0xFF, 0x4F, 0xFF, 0x51])),
    Row(.bmp, "a BMP picture", .bytes("BM")),
    Row(.photoshop, "a Photoshop picture", .bytes("8BPS")),
    Row(.qoi, "a QOI picture", .bytes("qoif")),
    Row(.openEXR, "an OpenEXR picture", .bytes([0x76, 0x2F, 0x31, 0x01])),
    Row(.ico, "an ICO picture", .bytes([0x00, 0x00, 0x01, 0x00])),
    Row(.pgm, "a PGM picture", .bytes("P5\n")),
    Row(.ppm, "a PPM picture", .bytes("P6\n")),
    Row(.pdf, "a PDF document", .bytes("%PDF")),
    Row(.svg, "an SVG picture", .text("<svg")),
    Row(
      .xml, "an XML document", weights: "an XML text, such as a server's error message",
      .text("<?xml")),
    Row(
      .html, "an HTML page", weights: "an HTML page saved under the name of a weight file",
      .text("<!doctype"), .text("<html"), .text("<head"), .text("<!--")),
    Row(
      .lfsPointer, "a Git LFS pointer",
      weights: "a Git LFS pointer: the file itself was not downloaded",
      .text("version https://git-lfs")),
    Row(.numpy, "a NumPy array", .bytes([0x93] + Array("NUMPY".utf8))),
    // The high bit and the line ends show what a text transfer did to the file.
    Row(.latentBin, "a latent.bin", .bytes([0x89] + Array("VAE\r\n".utf8) + [0x1A, 0x0A])),
    Row(.zip, "a ZIP archive", weights: pickleName, .bytes("PK\u{03}\u{04}")),
    Row(.emptyZIP, nil, .bytes("PK\u{05}\u{06}")),
    Row(.gzip, "a gzip archive", .bytes([0x1F, 0x8B])),
    Row(.hdf5, "an HDF5 file", .bytes([0x89] + Array("HDF\r\n".utf8) + [0x1A, 0x0A])),
    Row(.parquet, "a Parquet file", .bytes("PAR1")),
    Row(.arrow, "an Arrow file", .bytes("ARROW1")),
    Row(.lmdb, "an LMDB database", .bytes([0xDE, 0xC0, 0xEF, 0xBE], at: 16)),
    Row(.matlab, "a MATLAB file", .bytes("MATLAB 5.0 MAT-file")),
    Row(.tar, "a tar archive", .bytes("ustar", at: 257)),
    Row(.zstandard, "a Zstandard archive", .bytes([0x28, 0xB5, 0x2F, 0xFD])),
    Row(.xz, "an xz archive", .bytes([0xFD] + Array("7zXZ".utf8) + [0x00])),
    Row(.bzip2, "a bzip2 archive", .bytes("BZh")),
    // The opcode that states a protocol, of which there are five.
    Row(
      .pickle, nil, weights: pickleName, .rule { $0.first == 0x80 && $0.dropFirst().first ?? 6 < 6 }
    ),
    Row(.gguf, nil, weights: "a GGUF file", .bytes("GGUF")),
    Row(.safetensors, nil, .rule(isSafetensors)),
    Row(.mds, "a shard of MosaicML's streaming (MDS)", .rule(isShard)),
    Row(
      .json, nil, weights: "a JSON text, such as a server's error message or a configuration",
      .text("{")),
    Row(.text, nil, weights: "a text, such as a server's error message", .rule(isText)),
  ]

  private static let rows = Dictionary(uniqueKeysWithValues: table.map { ($0.kind, $0) })

  /// What messages call a file of the kind where a picture or a latent was expected; nil where its
  /// first bytes say as much.
  package var name: String? { Self.rows[self]?.name }

  /// What messages call a file of the kind where a model's file was expected; nil for one that is
  /// never taken for weights.
  package var weightsName: String? { Self.rows[self]?.weightsName }

  /// The kind of a file that begins with `beginning`, among those that have a name of this sort; nil if
  /// it is of none of them.
  package init?(_ beginning: [UInt8], having name: KeyPath<FileKind, String?>) {
    let row = Self.table.first { row in
      row.kind[keyPath: name] != nil && row.kind.matches(beginning)
    }
    guard let row else { return nil }
    self = row.kind
  }

  /// Bytes of a file's beginning in which every pattern ends.
  package static let prefixByteCount = 512

  /// Whether a file that begins with `beginning` may be of the kind.
  package func matches(_ beginning: [UInt8]) -> Bool {
    let beginning = beginning.prefix(Self.prefixByteCount)
    return Self.rows[self]?.patterns.contains { pattern in
      switch pattern {
      case .bytes(let bytes, let offset): beginning.dropFirst(offset).starts(with: bytes)
      case .text(let text): Self.text(of: beginning).hasPrefix(text)
      case .rule(let matches): matches(beginning)
      }
    } ?? false
  }

  /// The bytes that a file of the kind begins with; none for a kind that is recognised otherwise.
  package var signature: [UInt8] {
    guard case .bytes(let bytes, at: 0) = Self.rows[self]?.patterns.first else { return [] }
    return bytes
  }
}

extension FileKind {
  /// What messages call the file at `path` where a model's file was expected; nil if it is nothing that
  /// is taken for weights, or cannot be read.
  package static func weightsName(ofFileAt path: String) -> String? {
    guard let file = try? MappedFile(path: path) else { return nil }
    let beginning = file.bytes(in: 0..<min(file.byteCount, prefixByteCount))
    return FileKind(beginning, having: \.weightsName)?.weightsName
  }

  private static func unmarked(_ beginning: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    beginning.starts(with: [0xEF, 0xBB, 0xBF]) ? beginning.dropFirst(3) : beginning
  }

  private static func text(of beginning: ArraySlice<UInt8>) -> String {
    String(decoding: unmarked(beginning).drop { $0.isSpace }, as: UTF8.self).lowercased()
  }

  private static func isText(_ beginning: ArraySlice<UInt8>) -> Bool {
    !beginning.isEmpty
      && unmarked(beginning).allSatisfy { $0.isSpace || (0x20...0x7E).contains($0) }
  }

  /// A count of samples and as many offsets and one more, which grow and begin behind their table and a
  /// short description of the columns.
  ///
  /// - SeeAlso: mosaicml/streaming `base/format/mds/writer.py`.
  private static func isShard(_ beginning: ArraySlice<UInt8>) -> Bool {
    let bytes = Array(beginning)
    let words = stride(from: 0, to: bytes.count - 3, by: 4).map { offset in
      bytes[offset..<offset + 4].reversed().reduce(0) { $0 << 8 | Int($1) }
    }
    guard let count = words.first, (1..<1 << 24).contains(count), words.count > 2 else {
      return false
    }
    let offsets = words.dropFirst().prefix(count + 1)
    let table = 4 * (count + 2)
    return (table...table + 4096).contains(offsets.first ?? 0)
      && Swift.zip(offsets, offsets.dropFirst()).allSatisfy { $0 < $1 }
  }

  /// A plausible length and an opening brace.
  private static func isSafetensors(_ beginning: ArraySlice<UInt8>) -> Bool {
    let bytes = Array(beginning.prefix(9))
    guard bytes.count == 9, bytes[8] == UInt8(ascii: "{") else { return false }
    // The reference reader's limit, 100 MB, needs 27 bits.
    return bytes[4..<8].allSatisfy { $0 == 0 } && bytes[3] < 8
  }
}

extension UInt8 {
  /// Whether the byte is a space, a tab or a line end in ASCII.
  fileprivate var isSpace: Bool { [0x20, 0x09, 0x0A, 0x0D].contains(self) }
}
