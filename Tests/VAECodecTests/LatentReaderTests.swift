import TestSupport
import Testing
import VAE

@testable import VAECodec

/// Crafted files of latent.bin: checksums are right and the content is not.
@Suite struct LatentReaderTests {
  // MARK: Sections

  @Test func `the order of the sections does not matter, but for the end`() throws {
    var file = CraftedFile()
    let expected = try Latent(decoding: file.bytes)
    file.sections = [file.sections[2], file.sections[1], file.sections[0], file.sections[3]]
    #expect(try Latent(decoding: file.bytes) == expected)
    file.sections = [file.sections[3]] + file.sections.prefix(3)
    let rest = file.bytes.count - 12 - 16
    #expect(throws: ContainerError.trailingBytes(offset: 28, count: rest)) {
      try Latent(decoding: file.bytes)
    }
  }

  @Test func `an unknown section that may be skipped is skipped`() throws {
    var file = CraftedFile()
    let expected = try Latent(decoding: file.bytes)
    for (index, name) in ["note", "zZZZ", "a123", "none"].enumerated() {
      file.sections.insert((name, index == 3 ? [] : [1, 2, 3]), at: index)
    }
    #expect(try Latent(decoding: file.bytes) == expected)
    file.sections.insert(("note", []), at: 0)
    #expect(throws: ContainerError.self) { try Latent(decoding: file.bytes) }
  }

  @Test(arguments: ["NOTE", "Note", "1abc", "\u{0}abc", "ALPH"])
  func `an unknown section that must be understood is refused`(name: String) {
    var file = CraftedFile()
    file.sections.insert((name, [1, 2, 3]), at: 0)
    let shown = name.replacing("\u{0}", with: "?")
    #expect(throws: ContainerError.unknownSection(shown, offset: 12)) {
      try Latent(decoding: file.bytes)
    }
  }

  @Test(arguments: ["SPAC", "PICT", "DATA"])
  func `a section that comes twice is refused, one that is missing too`(name: String) {
    var file = CraftedFile()
    let index = file.sections.firstIndex { $0.name == name } ?? 0
    var twice = file
    twice.sections.insert(file.sections[index], at: 0)
    let offset = 12 + twice.sections[..<(index + 1)].reduce(0) { $0 + 16 + $1.payload.count }
    #expect(throws: ContainerError.repeatedSection(name, offset: offset)) {
      try Latent(decoding: twice.bytes)
    }
    file.sections.remove(at: index)
    #expect(throws: ContainerError.missingSection(name)) { try Latent(decoding: file.bytes) }
  }

  @Test func `a file without an end is cut short`() {
    var file = CraftedFile()
    file.sections.removeLast()
    let count = file.bytes.count
    #expect(throws: ContainerError.truncated(offset: count, needed: 12, available: 0)) {
      try Latent(decoding: file.bytes)
    }
  }

  @Test func `bytes after the end are refused`() {
    let bytes = CraftedFile().bytes
    #expect(throws: ContainerError.trailingBytes(offset: bytes.count, count: 1)) {
      try Latent(decoding: bytes + [0])
    }
  }

  @Test(arguments: [UInt64(1) << 20, 1 << 62, .max, 1 << 63])
  func `a section that claims more than the file is refused before it is read`(length: UInt64) {
    var writer = ByteWriter()
    writer.write(LatentFormat.magic + [1, 0, 0, 0])
    writer.write("DATA".utf8)
    writer.write(length)
    writer.write([1, 2, 3])
    let error = #expect(throws: ContainerError.self) { try Latent(decoding: writer.bytes) }
    if length > Int.max {
      let reason = "a length of \(length) bytes is impossible"
      #expect(error == .malformed(section: "DATA", offset: 12, reason: reason))
    } else {
      #expect(error == .truncated(offset: 24, needed: Int(length), available: 3))
    }
  }

  @Test func `another version is refused, and what is reserved must be 0`() {
    var bytes = CraftedFile().bytes
    bytes[8] = 2
    #expect(throws: ContainerError.unsupportedVersion(2)) { try Latent(decoding: bytes) }
    bytes[8] = 1
    bytes[10] = 1
    let error = ContainerError.malformed(
      section: "header", offset: 10, reason: "the reserved field is not 0")
    #expect(throws: error) { try Latent(decoding: bytes) }
  }

  // MARK: Fields

  @Test(arguments: mistakes)
  func `a field that is impossible is refused by its section`(mistake: Mistake) {
    var file = CraftedFile()
    mistake.change(&file)
    let error = #expect(throws: ContainerError.self) {
      try Latent(decoding: file.bytes, maximumPixelCount: .max)
    }
    #expect(error?.description.contains(mistake.words) == true, "\(String(describing: error))")
  }

  /// A change to a good file, and words of the error.
  struct Mistake: Sendable, CustomTestStringConvertible {
    let words: String
    let change: @Sendable (inout CraftedFile) -> Void
    var testDescription: String { words }

    init(_ words: String, _ change: @escaping @Sendable (inout CraftedFile) -> Void) {
      (self.words, self.change) = (words, change)
    }
  }

  private static let mistakes = [
    Mistake("SPAC at byte 27: the family's name is not UTF-8") { $0.family = [0xFF, 0xFE] },
    Mistake("bytes expected at byte") { $0.familyCount = 200 },
    Mistake("0 channels and a factor of 8 are impossible") { $0.channels = 0 },
    Mistake("257 channels and a factor of 8 are impossible") { $0.channels = 257 },
    Mistake("4294967295 channels and a factor of 8 are impossible") { $0.channels = .max },
    Mistake("4 channels and a factor of 0 are impossible") { $0.factor = 0 },
    Mistake("4 channels and a factor of 257 are impossible") { $0.factor = 257 },
    Mistake("convention 2 is not known") { $0.units = 2 },
    Mistake("scaling 4 is not known") { $0.scalingKind = 4 },
    Mistake("the scaling is not usable") { $0.scaling = [0, 0] },
    Mistake("the scaling is not usable") { $0.scaling = [.nan, 0] },
    Mistake("the scaling is not usable") { $0.scaling = [1, .infinity] },
    Mistake("channels do not fit") {
      $0.scalingKind = 2
      $0.channels = 256
    },
    Mistake("4 bytes too many") { $0.scaling = [1, 0, 0] },
    Mistake("a picture of 0x8 has no latent of 1x1") { $0.sizes = [0, 8, 1, 1] },
    Mistake("a picture of 9x8 has no latent of 1x1") { $0.sizes = [9, 8, 1, 1] },
    Mistake("a picture of 8x8 has no latent of 1x2") { $0.sizes = [8, 8, 1, 2] },
    Mistake("a picture of 8x8 has no latent of 0x0") { $0.sizes = [8, 8, 0, 0] },
    Mistake("samples of 12 bits") { $0.depth = 12 },
    Mistake("orientation 0") { $0.orientation = 0 },
    Mistake("orientation 9") { $0.orientation = 9 },
    Mistake("matte flag 2") { $0.matteFlag = 2 },
    Mistake("posterior 5 is not known") { $0.posterior = 5 },
    Mistake("a refinement of 0 steps") { $0.posterior = 4 },
    Mistake("a refinement of 1001 steps") { ($0.posterior, $0.parameters) = (4, 1001) },
    Mistake("loss 3 is not known") { ($0.posterior, $0.parameters) = (4, 0x03_0014) },
    Mistake("a refinement of 20 steps") { ($0.posterior, $0.parameters) = (4, 0x0100_0014) },
    Mistake("an anchor of nan") { ($0.posterior, $0.parameters) = (4, 0x7FC0_0000_0000_0014) },
    Mistake("an anchor of -1.0") { ($0.posterior, $0.parameters) = (4, 0xBF80_0000_0000_0014) },
    Mistake("payload 5 is not known") { $0.payload = 5 },
    Mistake("16 bytes of values, expected 8") { $0.payload = 1 },
    Mistake("16 bytes of values, expected 32") { $0.posterior = 2 },
    Mistake("16 bytes of values, expected 64") { $0.sizes = [9, 9, 2, 2] },
    Mistake("16 bytes cannot hold 67108864 values") {
      $0.payload = 2
      $0.sizes = [1 << 15, 1 << 15, 1 << 12, 1 << 12]
    },
    Mistake("a step of 0.0") {
      $0.payload = 2
      $0.values = [0] + Array(repeating: 0, count: 9)
    },
    Mistake("a step of inf") {
      $0.payload = 2
      $0.values = [.infinity] + Array(repeating: 0, count: 9)
    },
    Mistake("a step of 2^16256") {
      $0.payload = 4
      // The upper half of 1.0 as a 16-bit number.
      $0.values = [Float(bitPattern: 0x3F80)] + Array(repeating: 0, count: 9)
    },
    Mistake("a first error of 2^31 steps") {
      $0.payload = 3
      $0.values = [Float(bitPattern: 0x00FF_0000)] + Array(repeating: 0, count: 9)
    },
    Mistake("bytes expected at byte") {
      $0.payload = 2
      $0.values = [1]
    },
    Mistake("the values are damaged") {
      $0.payload = 4
      $0.values = Array(repeating: 0, count: 50)
    },
    Mistake("value 3 of the latent is NaN or infinite") { $0.values[3] = .nan },
    Mistake("moments must be raw") {
      $0.posterior = 2
      $0.units = 1
      $0.values += [0, 0, 0, 0]
    },
    // Sizes whose products are beyond 64 bits, or far beyond the bytes that are there.
    Mistake("a picture of 4294967295x4294967295 is too large") {
      $0.factor = 1
      $0.sizes = [.max, .max, .max, .max]
    },
    Mistake("a latent of [256, 536870912, 536870912] is too large") {
      $0.factor = 1
      $0.channels = 256
      $0.sizes = [1 << 29, 1 << 29, 1 << 29, 1 << 29]
    },
    Mistake("a latent of [4, 536870912, 536870912] is too large") {
      $0.factor = 1
      $0.sizes = [1 << 29, 1 << 29, 1 << 29, 1 << 29]
    },
    Mistake("16 bytes of values, expected 1152921504606846976") {
      $0.factor = 1
      $0.sizes = [1 << 28, 1 << 28, 1 << 28, 1 << 28]
    },
    // An alpha plane that claims 2⁶⁴ pixels.
    Mistake("a picture of 4294967295x4294967295 is too large") {
      $0.factor = 256
      $0.sizes = [.max, .max, 1 << 24, 1 << 24]
      $0.extra = [("alph", [8] + Deflate.compressed([1, 2, 3]))]
    },
    Mistake("the alpha plane is damaged") {
      $0.factor = 256
      $0.sizes = [256, 256, 1, 1]
      $0.extra = [("alph", [8] + Deflate.compressed([UInt8](repeating: 0, count: 1000)))]
    },
    Mistake("alpha of 16 bits for a picture of 8") { $0.extra = [("alph", [16])] },
    Mistake("the alpha plane is damaged") { $0.extra = [("alph", [8])] },
    Mistake("the alpha plane is damaged") {
      $0.extra = [("alph", [8] + Deflate.compressed([UInt8](repeating: 0, count: 63)))]
    },
    Mistake("the alpha plane is damaged") {
      $0.extra = [("alph", [8] + Deflate.compressed([UInt8](repeating: 0, count: 65)))]
    },
    Mistake("colour space 0 is not known") { $0.extra = [("iccp", [0, 1, 0, 0, 0])] },
    Mistake("an ICC profile of 4294967295 bytes, expected 16777216 at most") {
      $0.extra = [("iccp", [1, 0xFF, 0xFF, 0xFF, 0xFF] + Deflate.compressed([1]))]
    },
    Mistake("the ICC profile is damaged") {
      $0.extra = [("iccp", [1, 2, 0, 0, 0] + Deflate.compressed([1]))]
    },
    Mistake("4 bytes expected at byte") { $0.extra = [("iccp", [1, 2, 3])] },
  ]

  @Test func `a picture of more pixels than allowed is refused`() throws {
    let bytes = CraftedFile().bytes
    #expect(try Latent(decoding: bytes, maximumPixelCount: 64).picture?.width == 8)
    #expect(throws: LatentError.tooManyPixels(width: 8, height: 8, maximum: 63)) {
      try Latent(decoding: bytes, maximumPixelCount: 63)
    }
  }

  @Test func `the crafted file is good before it is changed`() throws {
    let latent = try Latent(decoding: CraftedFile().bytes)
    #expect(latent.values == [1, 2, 3, 4] && latent.picture == PictureInfo(width: 8, height: 8))
    #expect(latent.encoderFingerprint == nil)
  }

  @Test func `names from a file are harmless`() throws {
    var file = CraftedFile()
    file.family = Array("a\u{1B}[31m".utf8)
    #expect(try Latent(decoding: file.bytes).space?.family == "a?[31m")
  }
}

/// A small latent.bin, field by field.
struct CraftedFile {
  var family: [UInt8] = Array("sd".utf8)
  var familyCount: UInt8?
  var channels: UInt32 = 4
  var factor: UInt32 = 8
  var units: UInt8 = 0
  var scalingKind: UInt8 = 1
  var scaling: [Float] = [0.5, 0]
  var sizes: [UInt32] = [8, 8, 1, 1]
  var depth: UInt8 = 8
  var orientation: UInt8 = 1
  var matteFlag: UInt8 = 0
  var posterior: UInt8 = 0
  /// The seed of a sample, or the refinement of an optimised latent.
  var parameters: UInt64 = 0
  var payload: UInt8 = 0
  var values: [Float] = [1, 2, 3, 4]
  var extra: [(name: String, payload: [UInt8])] = []
  private var ownSections: [(name: String, payload: [UInt8])]?

  /// The sections as the fields make them, unless they were set.
  var sections: [(name: String, payload: [UInt8])] {
    get {
      ownSections
        ?? [("SPAC", space), ("PICT", picture), ("DATA", data)] + extra + [("ENDS", [])]
    }
    set { ownSections = newValue }
  }

  /// The file, with the right checksums.
  var bytes: [UInt8] {
    var writer = ByteWriter()
    writer.write(LatentFormat.magic + [1, 0, 0, 0])
    for (name, payload) in sections {
      var head = ByteWriter()
      head.write(name.utf8)
      head.write(UInt64(payload.count))
      writer.write(head.bytes + payload)
      writer.write(Deflate.checksum(head.bytes, payload))
    }
    return writer.bytes
  }

  private var space: [UInt8] {
    var writer = ByteWriter()
    writer.write([familyCount ?? UInt8(family.count)] + family)
    writer.write(channels)
    writer.write(factor)
    writer.write([units, scalingKind])
    for value in scaling { writer.write(value) }
    writer.write(UInt64(0))
    return writer.bytes
  }

  private var picture: [UInt8] {
    var writer = ByteWriter()
    for size in sizes { writer.write(size) }
    writer.write([depth, orientation, matteFlag, 0, 0, 0])
    return writer.bytes
  }

  private var data: [UInt8] {
    var writer = ByteWriter()
    writer.write([posterior])
    writer.write(parameters)
    writer.write([payload])
    for value in values { writer.write(value) }
    return writer.bytes
  }
}
