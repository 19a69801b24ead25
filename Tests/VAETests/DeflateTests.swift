import Testing

@testable import VAE

/// Compression without loss, and claims that are false.
@Suite struct DeflateTests {
  @Test(arguments: [0, 1, 1000, 100_000])
  func `what is compressed comes back`(count: Int) {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * $0 / 7) }
    #expect(Deflate.decompressed(Deflate.compressed(bytes), byteCount: count) == bytes)
  }

  @Test(arguments: [-1, 0, 999, 1001, 1 << 40, Int.max])
  func `a false count is refused`(byteCount: Int) {
    let stream = Deflate.compressed([UInt8](repeating: 5, count: 1000))
    #expect(Deflate.decompressed(stream, byteCount: byteCount) == nil)
  }

  @Test func `a damaged stream is refused`() {
    let stream = Deflate.compressed((0..<100).map { UInt8($0) })
    #expect(Deflate.decompressed(stream + [0], byteCount: 100) == nil)
    for count in stream.indices {
      #expect(Deflate.decompressed(Array(stream.prefix(count)), byteCount: 100) == nil)
    }
    for index in stream.indices {
      var damaged = stream
      damaged[index] ^= 0x10
      let result = Deflate.decompressed(damaged, byteCount: 100)
      #expect(result == nil || result == (0..<100).map { UInt8($0) })
    }
  }

  @Test func `the checksum is that of PNG`() {
    // The check value of CRC-32: that of the nine digits.
    #expect(Deflate.checksum(Array("123456789".utf8)) == 0xCBF4_3926)
    #expect(Deflate.checksum(Array("1234".utf8), [], Array("56789".utf8)) == 0xCBF4_3926)
    #expect(Deflate.checksum([]) == 0)
  }
}
