import VAE

/// What is wrong with a latent file.
public enum ContainerError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file is none of the latent formats; its first bytes say what it may be.
  case unknownFormat(firstBytes: [UInt8])
  /// latent.bin of a version that this program does not know.
  case unsupportedVersion(Int)
  /// The file ends early.
  case truncated(offset: Int, needed: Int, available: Int)
  /// The bytes of a section are not those that were written.
  case checksum(section: String, offset: Int)
  /// A section that must be understood is not known.
  case unknownSection(String, offset: Int)
  /// A section comes twice.
  case repeatedSection(String, offset: Int)
  /// A section is not there.
  case missingSection(String)
  /// A section or a header holds something impossible.
  case malformed(section: String, offset: Int, reason: String)
  /// Bytes follow the end.
  case trailingBytes(offset: Int, count: Int)
  /// A value of the latent is NaN or infinite.
  case nonFinite(index: Int)
  /// A value does not fit a float of so many bits, 16 or 32.
  case outOfRange(value: Double, index: Int, bits: Int)
  /// The latent has more channels than any autoencoder makes.
  case tooManyChannels(Int)
  /// The latent's space is not known, and the format must say it.
  case unknownSpace
  /// The file holds what is never read, in words.
  case refused(String)
  /// The format is read only.
  case notWritten(format: String)
  /// The format has no place for something that the latent holds.
  case cannotHold(String, format: String)
  /// The format has no place for mean and log-variance together.
  case cannotHoldMoments(format: String)
  /// The latent was optimised for a decoder, and the format cannot say so.
  case optimised(format: String)
  /// The file holds several latents, and none was chosen.
  case severalLatents([String])
  /// The file holds no latent of the key that was asked for.
  case noSuchLatent(String, keys: [String])
  /// The units that were given are not those that the file states, which are these.
  case statedUnits(String)
  /// Files of the format hold raw or scaled values without stating it, and the units were not given.
  case unsettledUnits(format: String)
  /// A file without a header has floats of 16 bits, of which there are two kinds.
  case unsettledPrecision
  /// The format names something that the options do not say.
  case mustState(String, format: String)

  public var description: String {
    switch self {
    case .unknownFormat(let bytes):
      bytes.isEmpty ? "the file is empty" : "not a latent file: \(Self.kind(bytes))"
    case .unsupportedVersion(let version):
      "latent.bin of version \(version), this program reads version \(LatentFormat.version)"
    case .truncated(let offset, let needed, let available):
      "the file ends early: \(needed) bytes expected at byte \(offset), \(available) found"
    case .checksum(let section, let offset):
      "section \(section) at byte \(offset) is damaged: its checksum does not match"
    case .unknownSection(let section, let offset):
      "section \(section) at byte \(offset) is not known and may not be skipped"
    case .repeatedSection(let section, let offset):
      "section \(section) comes a second time at byte \(offset)"
    case .missingSection(let section):
      "section \(section) is missing"
    case .malformed(let section, let offset, let reason):
      "\(section) at byte \(offset): \(reason)"
    case .trailingBytes(let offset, let count):
      "\(count) bytes follow the end at byte \(offset)"
    case .nonFinite(let index):
      "value \(index) of the latent is NaN or infinite"
    case .outOfRange(let value, let index, let bits):
      "value \(index) of the latent, \(value), does not fit a \(bits)-bit float"
    case .tooManyChannels(let count):
      "a latent of \(count) channels, expected \(LatentFormat.maximumChannels) at most"
    case .unknownSpace:
      "the latent space is not known, and latent.bin must name it"
    case .refused(let reason):
      reason
    case .notWritten(let format):
      "\(format) is read, not written"
    case .cannotHold(let what, let format):
      "\(format) has no place for \(what)"
    case .cannotHoldMoments(let format):
      "\(format) has no place for moments"
    case .optimised(let format):
      "the latent was optimised for one decoder, which \(format) cannot say: who reads it would take it "
        + "for the encoder's"
    case .severalLatents(let keys):
      "the file holds \(keys.count) latents: \(Self.list(keys))"
    case .noSuchLatent(let key, let keys):
      keys == [""]
        ? "the file's one latent has no key, found '\(key.escapedForTerminal)'"
        : "the file holds no latent `\(key.escapedForTerminal)`, but \(Self.list(keys))"
    case .statedUnits(let units):
      "the file states that its values are \(units)"
    case .unsettledUnits(let format):
      "\(format) does not say whether values are raw or scaled"
    case .unsettledPrecision:
      "the file has 2 bytes for each value, of f16 or of bf16"
    case .mustState(let what, let format):
      "\(format) names \(what): say which"
    }
  }

  /// A few names from a file in one line.
  static func list(_ names: [String]) -> String {
    let shown = names.prefix(8).map(\.escapedForTerminal).joined(separator: ", ")
    return names.count > 8 ? shown + " and \(names.count - 8) more" : shown
  }

  /// What a file is that begins with `bytes`.
  private static func kind(_ bytes: [UInt8]) -> String {
    let kind = FileKind(bytes, having: \.name)
    if let name = kind?.name { return "it is \(name)" + (kind.map(advice) ?? "") }
    guard FileKind.text.matches(bytes) else { return "it begins with \(readable(bytes))" }
    return "it is a text; numbers of json.load or numpy.loadtxt are read as numpy.save writes them"
  }

  /// What makes a latent file of one of `kind`.
  private static func advice(on kind: FileKind) -> String {
    switch kind {
    case .jpeg, .png: "; encode makes a latent of it"
    case .tar: "; tar -xf unpacks it"
    case .gzip, .zstandard, .xz, .bzip2: "; unpack it first"
    case .hdf5, .parquet, .arrow, .mds, .lmdb, .matlab:
      "; write its latents one by one with numpy.save"
    default: ""
    }
  }

  /// The first bytes as text where they are text, else in hexadecimal.
  private static func readable(_ bytes: [UInt8]) -> String {
    let prefix = bytes.prefix(8)
    if prefix.allSatisfy({ (0x20..<0x7F).contains($0) }) {
      return "'\(String(decoding: prefix, as: UTF8.self))'"
    }
    return prefix.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
  }
}

extension ContainerError {
  /// A file that is of no format, by its bytes.
  init(unknownFile bytes: [UInt8]) {
    self = .unknownFormat(firstBytes: Array(bytes.prefix(FileKind.prefixByteCount)))
  }

  /// A read past the end, as an error of the file.
  init(_ error: ByteReader.EndOfData) {
    self = .truncated(offset: error.offset, needed: error.needed, available: error.available)
  }

  /// Calls `body` and turns errors of archives into those of the file that is one.
  ///
  /// - Throws: `ContainerError`, or what else `body` throws, as it is.
  static func wrapping<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch ArchiveError.truncated(let end) {
      throw ContainerError(end)
    } catch ArchiveError.malformed(let section, let offset, let reason) {
      throw ContainerError.malformed(section: section, offset: offset, reason: reason)
    }
  }
}
