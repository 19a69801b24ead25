import Testing
import VAE

/// SHA-256 against the examples of its standard.
@Suite struct SHA256Tests {
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ])
  func `the standard's examples`(text: String, digest: String) {
    #expect(SHA256.hexadecimal(of: Array(text.utf8)) == digest)
  }

  @Test func `a million letters in runs of every length`() {
    var digest = SHA256()
    var count = 0
    while count < 1_000_000 {
      let run = min(count % 331 + 1, 1_000_000 - count)
      digest.update([UInt8](repeating: UInt8(ascii: "a"), count: run))
      count += run
    }
    let expected = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    #expect(digest.hexadecimal() == expected)
    #expect(digest.hexadecimal() == expected)
  }

  @Test(arguments: [55, 56, 63, 64, 65, 119, 120])
  func `padding at the edges of blocks`(count: Int) {
    let bytes = [UInt8](repeating: 1, count: count)
    var digest = SHA256()
    for byte in bytes { digest.update([byte]) }
    #expect(digest.hexadecimal() == SHA256.hexadecimal(of: bytes))
    #expect(digest.hexadecimal() != SHA256.hexadecimal(of: bytes + [0]))
  }
}
