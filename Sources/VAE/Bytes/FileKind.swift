/// Kinds of files by their first bytes: those that are read, and those that are taken for one of them by
/// mistake.
///
/// One table for all readers. What a kind is called depends on what was expected in its place.
package enum FileKind: Sendable {
  case jpeg, appleCrushedPNG, png, gif, tiff, bigTIFF, webP, avif, heif, mp4, jpegXL, jpeg2000, bmp,
    photoshop, qoi
  case openEXR, ico, pgm, ppm
  case pdf, svg, xml, html, lfsPointer, json, text
  case numpy, latentBin, zip, emptyZIP, gzip
  case pickle, gguf, safetensors
  case arrays, onnx, tflite, coreML, openVINO, sqlite, msgpack, tensorRT
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

  private static let conversionAdvice = "; take the model's safetensors file instead"

  private static let zipSignature = Array("PK\u{03}\u{04}".utf8)

  /// The more particular stand first.
  private static let table: [Row] = [
    Row(.jpeg, "a picture", .bytes([0xFF, 0xD8])),
    // What Xcode makes of the pictures of an app: its first chunk is one that no reader of PNG knows.
    Row(.appleCrushedPNG, "an iOS PNG (CgBI)", .bytes("CgBI", at: 12)),
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
      .openVINO, nil, weights: "an OpenVINO model" + conversionAdvice,
      .rule { text(of: $0).hasPrefix("<?xml") && text(of: $0).contains("<net ") }),
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
    Row(
      .latentBin, "a latent.bin", weights: "a latent.bin",
      .bytes([0x89] + Array("VAE\r\n".utf8) + [0x1A, 0x0A])),
    Row(
      .arrays, nil, weights: "an archive of NumPy arrays (.npz)" + conversionAdvice,
      .rule { $0.starts(with: zipSignature) && firstName(ofZIP: $0).hasSuffix(".npy") }),
    Row(
      .zip, "a ZIP archive", weights: "a ZIP archive, such as PyTorch writes", .bytes(zipSignature)),
    Row(.emptyZIP, nil, .bytes("PK\u{05}\u{06}")),
    Row(.gzip, "a gzip archive", weights: "a gzip archive", .bytes([0x1F, 0x8B])),
    Row(
      .hdf5, "an HDF5 file",
      weights: "an HDF5 file, such as a model of Keras" + conversionAdvice,
      .bytes([0x89] + Array("HDF\r\n".utf8) + [0x1A, 0x0A])),
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
      .pickle, nil, weights: "a Python pickle",
      .rule { $0.first == 0x80 && $0.dropFirst().first ?? 6 < 6 }),
    Row(.gguf, nil, weights: "a GGUF file" + conversionAdvice, .bytes("GGUF")),
    Row(
      .sqlite, nil,
      weights: "an SQLite database, such as a model of Draw Things" + conversionAdvice,
      .bytes("SQLite format 3\0")),
    Row(.tflite, nil, weights: "a TensorFlow Lite model" + conversionAdvice, .bytes("TFL3", at: 4)),
    Row(
      .tensorRT, nil, weights: "a TensorRT engine" + conversionAdvice, .bytes("ftrt"),
      .bytes("ptrt")),
    Row(.onnx, nil, weights: "an ONNX model" + conversionAdvice, .rule(isONNX)),
    Row(.coreML, nil, weights: "a Core ML model" + conversionAdvice, .rule(isCoreML)),
    Row(
      .msgpack, nil, weights: "a MessagePack file, such as a model of Flax" + conversionAdvice,
      .rule(isMessagePack)),
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
