import Testing

@testable import VAE

/// What the strict walk over JSON finds, and what it leaves to the decoder.
@Suite struct JSONStrictnessTests {
  @Test(arguments: [
    "", "{}", "[]", #"{"a":1,"b":1}"#, #"{"a":{"a":{"a":1}}}"#, #"[{"a":1},{"a":1}]"#,
    #"{"a":"a","b":"a"}"#, #"{"a":["a","a"]}"#, #"{"a":true,"b":false,"c":null}"#,
    #"{"a\\":1,"a":2}"#, #"{"a\"":1,"a":2}"#, #"{"a":"1.5e3"}"#, #"{"1.5":1}"#, #"{"a":-12}"#,
    // Not JSON: the decoder's to refuse.
    "{", "}", "]]]", "\"", "\"\\", "{\"a\"", "{\"a\":", "{\"a\":1", "{'a':1}", "tree",
  ])
  func `what breaks no strict rule passes`(text: String) throws {
    try JSONStrictness.check(Array(text.utf8), allowsFractions: false)
  }

  @Test(arguments: [
    (#"{"a":1,"a":2}"#, "a", 7), (#"{"a":1, "a" : 2}"#, "a", 8), (#"{"":1,"":2}"#, "", 6),
    (#"{"x":{"a":1,"b":2,"a":3}}"#, "a", 18), (#"[{"a":1,"a":2}]"#, "a", 8),
    (#"{"a":{"a":1},"a":2}"#, "a", 13), (#"{"a":1,"\u0061":2}"#, "a", 7),
    (#"{"é":1,"\u00e9":2}"#, "é", 8), (#"{"/":1,"\/":2}"#, "/", 7),
    (#"{"\"":1,"\u0022":2}"#, "\"", 8), (#"{"😀":1,"\ud83d\ude00":2}"#, "😀", 10),
  ])
  func `a key that comes twice in one object is found`(text: String, key: String, offset: Int) {
    #expect(throws: JSONStrictness.Violation.duplicateKey(key, offset: offset)) {
      try JSONStrictness.check(Array(text.utf8), allowsFractions: false)
    }
  }

  @Test(arguments: [("[1.0]", 2), ("[1e3]", 2), ("[10E-3]", 3), (#"{"a":0.5}"#, 6)])
  func `a number that is no integer is found`(text: String, offset: Int) throws {
    #expect(throws: JSONStrictness.Violation.fraction(offset: offset)) {
      try JSONStrictness.check(Array(text.utf8), allowsFractions: false)
    }
    try JSONStrictness.check(Array(text.utf8), allowsFractions: true)
  }

  @Test(arguments: [
    ("[1,]", 2), ("[1 , \n]", 3), (#"{"a":1,}"#, 6), (#"{"a":[{"b":",]"},]}"#, 16), ("[,]", 1),
  ])
  func `a comma after the last item is found`(text: String, offset: Int) {
    #expect(throws: JSONStrictness.Violation.trailingComma(offset: offset)) {
      try JSONStrictness.check(Array(text.utf8), allowsFractions: true)
    }
  }

  @Test func `a hundred thousand open brackets are no trouble`() throws {
    let nested = [UInt8](repeating: 0x5B, count: 100_000)
    try JSONStrictness.check(nested, allowsFractions: false)
    #expect(throws: FamilyError.self) {
      try AutoencoderFamilies.all.configuration(json: nested, path: "test")
    }
  }

  @Test func `violations are reported in one line`() {
    #expect(
      JSONStrictness.Violation.duplicateKey("a\u{1B}[31m", offset: 3).description
        == "key `a?[31m` comes twice, the second time at byte 3")
    #expect(
      JSONStrictness.Violation.fraction(offset: 3).description
        == "the number at byte 3 is not an integer")
    #expect(
      JSONStrictness.Violation.trailingComma(offset: 3).description
        == "nothing follows the comma at byte 3")
  }
}
