import Testing
import VAE

struct FNV1aTests {
  @Test(
    arguments: [
      ("", 0xCBF2_9CE4_8422_2325), ("a", 0xAF63_DC4C_8601_EC8C), ("foobar", 0x8594_4171_F739_67E8),
    ] as [(String, UInt64)])
  func `the hashes are those that its authors publish`(text: String, expected: UInt64) {
    var hash = FNV1a()
    hash.add(Array(text.utf8))
    #expect(hash.value == expected)
  }

  @Test func `numbers count as their bytes, the lowest first`() {
    func hash(_ add: (inout FNV1a) -> Void) -> UInt64 {
      var hash = FNV1a()
      add(&hash)
      return hash.value
    }
    #expect(
      hash { $0.add(0x0807_0605_0403_0201) }
        == hash { $0.add([1, 2, 3, 4, 5, 6, 7, 8] as [UInt8]) })
    let apart = hash {
      $0.add(0x3F80_0000)
      $0.add(0xC000_0000)
    }
    #expect(hash { $0.add([1, -2] as [Float]) } == apart)
  }
}
