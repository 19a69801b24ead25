import Testing
import VAE

/// Reading that never leaves its bytes.
@Suite struct ByteReaderTests {
  @Test func `numbers are read in either byte order`() throws {
    let bytes: [UInt8] = [0x01, 0x23, 0x45, 0x67, 0x89, 0xAB, 0xCD, 0xEF, 0xFE]
    var little = ByteReader(bytes, byteOrder: .littleEndian)
    #expect(try little.read(UInt16.self) == 0x2301)
    #expect(try little.read(UInt8.self) == 0x45)
    #expect(try little.read(UInt32.self) == 0xCDAB_8967)
    #expect(little.offset == 7 && little.remaining == 2)
    var big = ByteReader(bytes, byteOrder: .bigEndian)
    #expect(try big.read(UInt64.self) == 0x0123_4567_89AB_CDEF)
    #expect(Array(try big.readBytes(1)) == [0xFE])
    #expect(big.remaining == 0)
  }

  @Test(arguments: [-1, 4, Int.max, Int.min])
  func `a run that is not there is refused and moves nothing`(byteCount: Int) throws {
    var reader = ByteReader([1, 2, 3], byteOrder: .littleEndian)
    let error = #expect(throws: ByteReader.EndOfData.self) { try reader.readBytes(byteCount) }
    #expect(error?.offset == 0 && error?.needed == byteCount && error?.available == 3)
    #expect(reader.offset == 0)
    #expect(try reader.read(UInt8.self) == 1)
  }

  @Test func `a reader seeks inside its bytes only`() throws {
    var reader = ByteReader([1, 2, 3], byteOrder: .littleEndian)
    try reader.seek(to: 3)
    #expect(reader.remaining == 0)
    #expect(throws: ByteReader.EndOfData.self) { try reader.seek(to: 4) }
    #expect(throws: ByteReader.EndOfData.self) { try reader.seek(to: -1) }
    #expect(throws: ByteReader.EndOfData.self) { try reader.read(UInt8.self) }
    try reader.seek(to: 1)
    #expect(try reader.read(UInt16.self) == 0x0302)
  }
}
