import VAE

/// The sections of a latent.bin: their names, places and checksums.
struct SectionReader {
  /// A section whose checksum is right.
  struct Section {
    let name: String
    /// Byte of the file at which the payload begins.
    let offset: Int
    let payload: [UInt8]
  }

  private(set) var sections: [LatentFormat.Section: Section] = [:]
  /// The names of all sections, those that are not known too.
  private var names: Set<String> = []

  /// Reads all sections of `bytes`, which begin with the magic.
  ///
  /// - Throws: `ContainerError`.
  init(_ bytes: [UInt8]) throws {
    var reader = ByteReader(bytes, byteOrder: .littleEndian)
    do {
      _ = try reader.readBytes(LatentFormat.magic.count)
      let version = Int(try reader.read(UInt16.self))
      guard version == LatentFormat.version else {
        throw ContainerError.unsupportedVersion(version)
      }
      guard try reader.read(UInt16.self) == 0 else {
        throw ContainerError.malformed(
          section: "header", offset: 10, reason: "the reserved field is not 0")
      }
      while sections[.end] == nil { try readSection(&reader) }
    } catch let error as ByteReader.EndOfData {
      throw ContainerError(error)
    }
    guard reader.remaining == 0 else {
      throw ContainerError.trailingBytes(offset: reader.offset, count: reader.remaining)
    }
  }

  /// The section `name`.
  ///
  /// - Throws: `ContainerError.missingSection`.
  func required(_ name: LatentFormat.Section) throws -> Section {
    guard let section = sections[name] else {
      throw ContainerError.missingSection(name.rawValue)
    }
    return section
  }

  private mutating func readSection(_ reader: inout ByteReader) throws {
    let start = reader.offset
    let head = try reader.readBytes(12)
    let name = String(decoding: head.prefix(4), as: UTF8.self).escapedForTerminal
    var lengthReader = ByteReader(Array(head.suffix(8)), byteOrder: .littleEndian)
    let length = try lengthReader.read(UInt64.self)
    guard let byteCount = Int(exactly: length) else {
      throw ContainerError.malformed(
        section: name, offset: start, reason: "a length of \(length) bytes is impossible")
    }
    let offset = reader.offset
    let payload = Array(try reader.readBytes(byteCount))
    guard try reader.read(UInt32.self) == Deflate.checksum(Array(head), payload) else {
      throw ContainerError.checksum(section: name, offset: start)
    }
    guard names.insert(name).inserted else {
      throw ContainerError.repeatedSection(name, offset: start)
    }
    guard let section = LatentFormat.Section(rawValue: name) else {
      guard name.first?.isLowercase == true else {
        throw ContainerError.unknownSection(name, offset: start)
      }
      return
    }
    sections[section] = Section(name: name, offset: offset, payload: payload)
  }
}
