import FoundationEssentials
import TestSupport
import Testing

@testable import VAECodec

/// Arrays of NumPy: those that it wrote, what it would write, and headers that lie.
@Suite struct NumpyFileTests {
  /// An entry of the fixtures' index.
  struct Entry: Decodable {
    let file: String
    let shape: [Int]
    let refused: String?
    let values: [Number]?
  }

  /// A number, or the name of one that JSON does not have.
  struct Number: Decodable {
    let value: Float

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      value = try (try? container.decode(Float.self)) ?? Float(container.decode(String.self)) ?? 0
    }
  }

  @Test func `the arrays that NumPy wrote are read or refused`() throws {
    let index = try Fixtures.bytes(at: Fixtures.path("npy/index.json"))
    let entries = try JSONDecoder().decode([Entry].self, from: Data(index))
    #expect(entries.count == 13)
    for entry in entries {
      let bytes = try Fixtures.bytes(at: Fixtures.path("npy/\(entry.file)"))
      let result = Result { try Latent(decoding: bytes) }
      let extents = entry.shape.count == 4 ? Array(entry.shape.dropFirst()) : entry.shape
      let batch = entry.shape.count == 4 ? entry.shape[0] : 1
      let values = entry.values?.map(\.value) ?? []
      if batch > 1 {
        #expect(throws: ContainerError.severalLatents(["[0]", "[1]"])) { try result.get() }
        let second = try Latent(decoding: bytes, key: "[1]")
        #expect(second.values == Array(values.suffix(values.count / 2)), "\(entry.file)")
      } else if entry.refused != nil {
        let error = #expect(throws: ContainerError.self, "\(entry.file)") { try result.get() }
        guard case .malformed(section: "NumPy header", _, _)? = error else {
          Issue.record("\(entry.file): \(String(describing: error))")
          continue
        }
      } else if let bad = values.firstIndex(where: { !$0.isFinite }) {
        #expect(throws: ContainerError.nonFinite(index: bad)) { try result.get() }
      } else {
        let latent = try result.get()
        #expect([latent.channels, latent.height, latent.width] == extents, "\(entry.file)")
        #expect(latent.values == values, "\(entry.file)")
        #expect(latent.units == .raw && latent.space == nil && latent.picture == nil)
        #expect(latent.posterior == nil)
      }
    }
  }

  @Test func `what is written is what NumPy writes`() throws {
    let expected = try Fixtures.bytes(at: Fixtures.path("npy/f4.npy"))
    let latent = try Latent(decoding: expected)
    #expect(try latent.encoded(as: .npy) == expected)
  }

  @Test(arguments: [(1, 1, 1), (4, 64, 64), (16, 128, 1000), (32, 7, 123_456)])
  func `headers of any length end at a multiple of 64`(channels: Int, height: Int, width: Int) {
    let bytes = NumpyFile.bytes(of: [Float](), shape: [1, channels, height, width])
    #expect(bytes.count % 64 == 0 && bytes.last == 0x0A)
    #expect(Int(bytes[8]) | Int(bytes[9]) << 8 == bytes.count - 10)
  }

  @Test(arguments: [
    #"{'descr': 'f4', 'fortran_order': False, 'shape': (1, 1, 2), }"#,
    #"{"shape": (1, 1, 2), "descr": "<f4", "fortran_order": False}"#,
  ])
  func `headers that NumPy reads and does not write are read`(header: String) throws {
    let file = file(header, [0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0])
    #expect(try Latent(decoding: file).values == [1, -2])
  }

  @Test(arguments: [
    ("|u1", [255], 255.0), ("<i2", [0xFE, 0xFF], -2), (">i4", [0xFF, 0xFF, 0xFF, 0xFD], -3),
    ("<u4", [0xFF, 0xFF, 0xFF, 0xFF], 4_294_967_295), ("<i8", [9, 1, 0, 0, 0, 0, 0, 0], 265),
  ])
  func `whole numbers are read where lists are wanted, and are no latents`(
    type: String, bytes: [UInt8], number: Double
  ) throws {
    let list = file("{'descr': '\(type)', 'fortran_order': False, 'shape': (1,)}", bytes)
    #expect(try NumpyFile.array(in: list, section: "x").numbers(1) == [number])
    let latent = file(
      "{'descr': '\(type)', 'fortran_order': False, 'shape': (1, 1, 1)}", bytes)
    #expect(throws: ContainerError.self) { try Latent(decoding: latent) }
  }

  @Test func `a number that only 64 bits hold is distinguished from an infinity`() throws {
    let header = "{'descr': '<f8', 'fortran_order': False, 'shape': (1, 1, 2)}"
    var writer = ByteWriter()
    for value in [1, 1e300] { writer.write(value.bitPattern) }
    let error = ContainerError.outOfRange(value: 1e300, index: 1, bits: 32)
    #expect(throws: error) { try Latent(decoding: file(header, writer.bytes)) }
    #expect(error.description == "value 1 of the latent, 1e+300, does not fit a 32-bit float")
  }

  @Test func `more channels or latents than believed are refused`() {
    let deep = NumpyFile.bytes(of: [Float](repeating: 0, count: 257), shape: [1, 257, 1, 1])
    #expect(throws: ContainerError.tooManyChannels(257)) { try LatentFile(decoding: deep) }
    let many = NumpyFile.bytes(of: [Float](repeating: 0, count: 131_074), shape: [65537, 2, 1, 1])
    #expect(throws: ContainerError.self) { try LatentFile(decoding: many) }
  }

  @Test func `more pixels than allowed are refused before a value is read`() throws {
    let bytes = NumpyFile.bytes(of: [Float](repeating: .nan, count: 64), shape: [1, 1, 8, 8])
    #expect(throws: LatentError.tooManyPixels(width: 64, height: 64, maximum: 4095)) {
      try LatentFile(decoding: bytes, maximumPixelCount: 4095)
    }
    #expect(throws: Never.self) { try LatentFile(decoding: bytes, maximumPixelCount: 4096) }
  }

  // MARK: Units

  @Test func `the units are those asked for`() throws {
    let scaled = try Latent(
      channels: 4, height: 1, width: 1, values: [1, 2, 3, 4], units: .scaled,
      space: LatentSpace(
        family: "sd", channels: 4, spatialFactor: 8, scaling: LatentScaling(factor: 0.5)))
    let raw = try Latent(decoding: scaled.encoded(as: .npy))
    #expect(raw.units == .raw && raw.values == [2, 4, 6, 8])
    let bytes = try scaled.encoded(
      as: .npy, LatentFileOptions(units: .scaled))
    let same = try Latent(decoding: bytes, units: .scaled)
    #expect(same.units == .scaled && same.values == [1, 2, 3, 4])
  }

  @Test func `what an array cannot hold is not written`() throws {
    let scaled = try Latent(channels: 1, height: 1, width: 1, values: [1], units: .scaled)
    #expect(throws: LatentError.unknownScaling(scaled.space)) { try scaled.encoded(as: .npy) }
    let moments = try Latent(
      channels: 1, height: 1, width: 1, values: [1], logVariance: [0], units: .raw,
      posterior: .moments)
    #expect(throws: LatentError.scaledMoments) {
      try moments.encoded(as: .npy, LatentFileOptions(units: .scaled))
    }
    let bad = try Latent(channels: 1, height: 1, width: 2, values: [1, .nan], units: .raw)
    #expect(throws: ContainerError.nonFinite(index: 1)) { try bad.encoded(as: .npy) }
  }

  // MARK: Damage

  @Test func `every truncation of a file is refused`() throws {
    let bytes = try Fixtures.bytes(at: Fixtures.path("npy/f4.npy"))
    for count in bytes.indices {
      #expect(throws: ContainerError.self) { try Latent(decoding: Array(bytes.prefix(count))) }
    }
    #expect(throws: ContainerError.self) { try Latent(decoding: bytes + [0]) }
  }

  @Test func `every change of a byte is read or refused`() throws {
    let bytes = try Fixtures.bytes(at: Fixtures.path("npy/f4.npy"))
    for index in bytes.indices {
      for flip: UInt8 in [1, 2, 4, 8, 16, 32, 64, 128, 255] {
        var damaged = bytes
        damaged[index] ^= flip
        do {
          #expect(try Latent(decoding: damaged).values.count == 60)
        } catch {
          #expect(error is ContainerError)
        }
      }
    }
  }

  @Test(arguments: [
    "", "{", "{}", "not a dictionary", "{'descr': '<f4'}", "{'descr': '<f4', 'shape': (1, 1, 1)}",
    "{'descr': <f4, 'fortran_order': False, 'shape': (1, 1, 1)}",
    "{'descr': '<f4', 'fortran_order': Maybe, 'shape': (1, 1, 1)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': 4}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1, 1}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1, one)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (1, -1, 1)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': ()}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 0, 1)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1, 1, 1, 1, 1)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1, 1, 1)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1, 2)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296, 4294967296)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999, 1, 1)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 4, 1)}",
    "{'descr': '<i4', 'fortran_order': False, 'shape': (1, 1, 1)}",
    "{'descr': '<f16', 'fortran_order': False, 'shape': (1, 1, 1)}",
    "{'descr': '', 'fortran_order': False, 'shape': (1, 1, 1)}",
    "{'descr': '!f4', 'fortran_order': False, 'shape': (1, 1, 1)}",
    "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1, 1, 1)}",
  ])
  func `a header that lies is refused`(header: String) {
    #expect(throws: ContainerError.self) { try Latent(decoding: file(header, [0, 0, 0, 0])) }
  }

  @Test(arguments: [
    "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1, 1), }",
    "{'shape':(1,1,1),'fortran_order':True,'descr':'<f4'}",
    "{ 'descr' : '=f4' , 'fortran_order' : False , 'shape' : ( 1 , 1 , 1 , ) }  \n",
  ])
  func `other spellings of a dictionary are read`(header: String) throws {
    #expect(try Latent(decoding: file(header, [0, 0, 0, 0])).values == [0])
  }

  @Test func `versions and lengths that are not known are refused`() {
    let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1, 1), }"
    for version: UInt8 in [0, 4, 255] {
      let reason = "version \(version) is not known"
      #expect(
        throws: ContainerError.malformed(section: "NumPy header", offset: 6, reason: reason)
      ) { try Latent(decoding: file(header, [0, 0, 0, 0], version: version)) }
    }
    var long = file(header, [0, 0, 0, 0])
    (long[8], long[9]) = (0xFF, 0xFF)
    let reason = "a header of 65535 bytes is too long"
    #expect(
      throws: ContainerError.malformed(section: "NumPy header", offset: 10, reason: reason)
    ) { try Latent(decoding: long) }
  }

  private func file(_ header: String, _ data: [UInt8], version: UInt8 = 1) -> [UInt8] {
    let count = UInt16(header.utf8.count)
    return [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, version, 0]
      + [UInt8(truncatingIfNeeded: count), UInt8(count >> 8)] + Array(header.utf8)
      + data
  }
}
