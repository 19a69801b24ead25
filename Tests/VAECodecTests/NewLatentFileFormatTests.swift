import TestSupport
import Testing

@testable import VAECodec

/// A latent file format that stands in this file alone: a signature, three extents and scaled values of
/// 16-bit floats.
private enum SketchFile: RecognizableLatentFile {
  static let traits = LatentFileTraits(
    identifier: "sketch", name: "a sketch", fileExtension: "skt", units: .fixed(.scaled),
    namesSize: true, keeps: [.size])

  private static let magic = Array("SKETCH\r\n".utf8)
  private static let headByteCount = magic.count + 5

  static func recognises(_ beginning: [UInt8]) -> Bool { beginning.starts(with: magic) }

  static func file(
    of bytes: [UInt8], maximumPixelCount: Int, among _: [LatentFileFormat]
  ) throws -> LatentFile {
    let head = bytes.dropFirst(magic.count).prefix(5).map { Int($0) }
    guard head.count == 5, bytes.count == headByteCount + 2 * head.prefix(3).reduce(1, *) else {
      throw ContainerError.malformed(section: "sketch", offset: 0, reason: "its size is wrong")
    }
    let entry = LatentFile.Entry(
      key: "", extents: Array(head.prefix(3)), elementType: "f16", index: 0)
    return LatentFile(
      format: LatentFileFormat(Self.self), dialect: nil, units: .scaled, entries: [entry]
    ) { entry, units in
      let values = stride(from: headByteCount, to: bytes.count, by: 2).map { offset in
        Float(Float16(bitPattern: UInt16(bytes[offset]) | UInt16(bytes[offset + 1]) << 8))
      }
      var latent = try entry.latent(values, units: units)
      latent.picture = PictureInfo(width: head[3], height: head[4])
      return latent
    }
  }

  static func bytes(of latent: Latent, _ options: LatentFileOptions) throws -> [UInt8] {
    var writer = ByteWriter()
    writer.write(magic)
    let size = [
      latent.picture?.width ?? latent.width * 8, latent.picture?.height ?? latent.height * 8,
    ]
    for number in [latent.channels, latent.height, latent.width] + size {
      writer.write(UInt8(number))
    }
    for value in latent.values { writer.write(Float16(value).bitPattern) }
    return writer.bytes
  }
}

/// A dialect of safetensors that stands in this file alone: raw values in a tensor of its own name.
private enum EtchingFile: SafetensorsDialect {
  static let traits = LatentFileTraits(
    identifier: "etching", name: "an etching", fileExtension: "etch", units: .unsettled, keeps: [])

  static func isLatent(_ tensorName: String) -> Bool { tensorName == "etched" }

  static func file(of contents: SafetensorsArrays) throws -> LatentFile? {
    guard let array = contents.arrays["etched"] else { return nil }
    return LatentFile(
      format: LatentFileFormat(Self.self), dialect: "dry point", units: nil,
      entries: try LatentFile.Entry.entries(of: array, key: "")
    ) { entry, units in
      try entry.latent(entry.values(of: array), units: units)
    }
  }

  static func bytes(of latent: Latent, _ options: LatentFileOptions) throws -> [UInt8] {
    SafetensorsWriter.bytes(
      [
        .init(
          name: "etched", shape: [latent.channels, latent.height, latent.width],
          values: latent.values)
      ], metadata: [])
  }
}

/// A new format is a type of its own and a line in the table, and nothing else.
@Suite struct NewLatentFileFormatTests {
  private let sketch = LatentFileFormat(SketchFile.self)
  private let etching = LatentFileFormat(EtchingFile.self)
  private var formats: [LatentFileFormat] { LatentFileFormat.all + [sketch, etching] }

  private func latent() throws -> Latent {
    try Latent(
      channels: 4, height: 1, width: 2, values: [1, 2, 3, 4, 5, 6, 7, 8], units: .raw,
      space: LatentSpace(
        family: "custom", channels: 4, spatialFactor: 8, scaling: LatentScaling(factor: 0.5)))
  }

  @Test func `a format is found by its names`() {
    #expect(LatentFileFormat(identifier: "sketch", among: formats) == sketch)
    #expect(LatentFileFormat(fileName: "a/b.SKT", among: formats) == sketch)
    #expect(LatentFileFormat(fileName: "b.etch", among: formats) == etching)
    #expect(LatentFileFormat(fileName: "a/b.skt") == nil)
    #expect(Set(formats).count == LatentFileFormat.all.count + 2)
  }

  @Test func `a file is written by its rules, recognised and read`() throws {
    let bytes = try latent().encoded(as: sketch)
    #expect(Latent.recognises(bytes, among: formats) && !Latent.recognises(bytes))
    let file = try LatentFile(decoding: bytes, among: formats)
    #expect(file.format == sketch && file.entries[0].extents == [4, 1, 2])
    let read = try file.latent()
    #expect(read.values == [0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4] && read.units == .scaled)
    #expect(read.picture == PictureInfo(width: 16, height: 8))
    #expect(throws: ContainerError.self) { try LatentFile(decoding: bytes) }
  }

  @Test func `a dialect of safetensors is distinguished from the others by its tensors`() throws {
    #expect(throws: ContainerError.unsettledUnits(format: "an etching")) {
      try latent().encoded(as: etching)
    }
    let bytes = try latent().encoded(as: etching, LatentFileOptions(units: .raw))
    let file = try LatentFile(decoding: bytes, among: formats)
    #expect(file.format == etching && file.dialect == "dry point")
    #expect(throws: ContainerError.unsettledUnits(format: "an etching")) { try file.latent() }
    #expect(try file.latent(units: .raw).values == latent().values)
    // Without the line in the table it is any safetensors file of one tensor.
    #expect(try LatentFile(decoding: bytes).format == .safetensors)
  }

  @Test func `what a format cannot say is asked for or noted`() throws {
    var latent = try latent()
    #expect(latent.assumesSize(as: sketch) && !latent.assumesSize(as: etching))
    #expect(throws: ContainerError.cannotHold("raw values", format: "a sketch")) {
      try latent.encoded(as: sketch, LatentFileOptions(units: .raw))
    }
    latent.picture = PictureInfo(width: 15, height: 8)
    #expect(!latent.assumesSize(as: sketch) && latent.losses(as: sketch) == [])
    #expect(latent.losses(as: etching) == ["the picture's size"])
    let moments = try latent.replacing(
      values: latent.values, logVariance: latent.values, posterior: .moments)
    #expect(throws: ContainerError.cannotHoldMoments(format: "a sketch")) {
      try moments.encoded(as: sketch)
    }
  }
}
