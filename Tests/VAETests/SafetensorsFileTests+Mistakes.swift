import TestSupport
import Testing

@testable import VAE

extension SafetensorsFileTests {
  /// A file that breaks one rule, and the error that says which.
  struct Mistake: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let file: [UInt8]
    let error: WeightsError

    init(_ what: String, file: [UInt8], _ error: WeightsError) {
      (testDescription, self.file, self.error) = (what, file, error)
    }

    /// A header that cannot be understood.
    init(_ what: String, header: String, data: Int = 0, _ reason: String) {
      self.init(
        what,
        file: SafetensorsBuilder.file(header: header, data: [UInt8](repeating: 0, count: data)),
        .malformedHeader(path: "test", reason: reason))
    }

    /// A file of one tensor `t` with these fields, before `data` bytes.
    init(_ what: String, tensor fields: String, data: Int = 16, _ reason: String) {
      self.init(
        what,
        file: SafetensorsBuilder.file(
          header: #"{"t":{\#(fields)}}"#, data: [UInt8](repeating: 0, count: data)),
        .malformedTensor(path: "test", name: "t", reason: reason))
    }
  }

  static let headerMistakes = [
    Mistake(
      "shorter than the length", file: [1, 2, 3, 4, 5, 6, 7],
      .notSafetensors(path: "test", found: "7 bytes, at least 8 are needed")),
    Mistake(
      "a length beyond the limit", file: SafetensorsBuilder.length(100_000_001) + [0x7B],
      .notSafetensors(
        path: "test", found: "a header of 100000001 bytes is claimed in a file of 9")),
    Mistake(
      "a length beyond the file", file: SafetensorsBuilder.length(3) + [0x7B, 0x7D],
      .notSafetensors(path: "test", found: "a header of 3 bytes is claimed in a file of 10")),
    Mistake(
      "the largest length", file: SafetensorsBuilder.length(.max) + [0x7B, 0x7D],
      .notSafetensors(
        path: "test",
        found: "a header of 18446744073709551615 bytes is claimed in a file of 10")),
    Mistake("no header", header: "", "it does not begin with '{'"),
    Mistake("a byte-order mark", header: "\u{FEFF}{}", "it does not begin with '{'"),
    Mistake("space before the object", header: " {}", "it does not begin with '{'"),
    Mistake("an array", header: "[]", "it does not begin with '{'"),
    Mistake("null", header: "null", "it does not begin with '{'"),
    Mistake(
      "bytes that are not UTF-8",
      file: SafetensorsBuilder.file(
        header: Array("{\"".utf8) + [0xC0, 0xAF] + Array("\":1}".utf8)),
      .malformedHeader(path: "test", reason: "it is not valid UTF-8")),
    Mistake(
      "half an object", header: #"{"t":{"dtype":"#, "not valid JSON, or a number out of range"),
    Mistake("two objects", header: "{}{}", "not valid JSON, or a number out of range"),
    Mistake(
      "NUL after the object", header: "{}\u{0}\u{0}", "not valid JSON, or a number out of range"),
    Mistake("single quotes", header: "{'t':1}", "not valid JSON, or a number out of range"),
    Mistake(
      "a comma too many", header: #"{"__metadata__":{},}"#, "nothing follows the comma at byte 18"),
    Mistake("a comment", header: "{/* */}", "not valid JSON, or a number out of range"),
    Mistake(
      "a line end in a string", header: "{\"a\nb\":{}}", "not valid JSON, or a number out of range"),
    Mistake(
      "a tensor that comes twice",
      header: #"{"t":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"#
        + #""t":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#, data: 1,
      "key `t` comes twice, the second time at byte 53"),
    Mistake(
      "a tensor that comes twice in two spellings",
      header: #"{"t":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"#
        + #""\u0074":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#, data: 1,
      "key `t` comes twice, the second time at byte 53"),
    Mistake(
      "a field that comes twice", header: #"{"t":{"dtype":"U8","dtype":"U8"}}"#,
      "key `dtype` comes twice, the second time at byte 19"),
    Mistake(
      "a metadata value that is no text", header: #"{"__metadata__":{"a":1}}"#,
      "`__metadata__.a` has the wrong type"),
    Mistake(
      "metadata that are no object", header: #"{"__metadata__":[]}"#,
      "`__metadata__` has the wrong type"),
    Mistake(
      "bytes after the last tensor",
      header: #"{"t":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#, data: 2,
      "the tensors end at byte 62, the file at byte 63"),
    Mistake(
      "bytes and no tensor", header: "{}", data: 1,
      "the tensors end at byte 10, the file at byte 11"),
  ]

  static let tensorMistakes = [
    Mistake("no type", tensor: #""shape":[4],"data_offsets":[0,16]"#, "`dtype` is missing"),
    Mistake("no shape", tensor: #""dtype":"F32","data_offsets":[0,16]"#, "`shape` is missing"),
    Mistake("no place", tensor: #""dtype":"F32","shape":[4]"#, "`data_offsets` is missing"),
    Mistake(
      "a type that is null", tensor: #""dtype":null,"shape":[4],"data_offsets":[0,16]"#,
      "`t.dtype` has the wrong type"),
    Mistake(
      "a type in small letters", tensor: #""dtype":"f32","shape":[4],"data_offsets":[0,16]"#,
      "unknown element type 'f32'"),
    Mistake(
      "no letters of a type", tensor: #""dtype":"","shape":[4],"data_offsets":[0,16]"#,
      "unknown element type ''"),
    Mistake(
      "a shape of the wrong size", tensor: #""dtype":"F32","shape":[3],"data_offsets":[0,16]"#,
      "shape [3] of F32 takes 12 bytes, its data have 16"),
    Mistake(
      "a type of the wrong size", tensor: #""dtype":"F16","shape":[4],"data_offsets":[0,16]"#,
      "shape [4] of F16 takes 8 bytes, its data have 16"),
    Mistake(
      "half a byte", tensor: #""dtype":"F4","shape":[3],"data_offsets":[0,1]"#, data: 1,
      "shape [3] of F4 takes 1 bytes, its data have 1"),
    Mistake(
      "a negative extent", tensor: #""dtype":"F32","shape":[-4],"data_offsets":[0,16]"#,
      "not valid JSON, or a number out of range"),
    Mistake(
      "a nested extent", tensor: #""dtype":"F32","shape":[[4]],"data_offsets":[0,16]"#,
      "`t.shape[0]` has the wrong type"),
    Mistake(
      "a shape that overflows to the right size",
      tensor: #""dtype":"F32","shape":[9223372036854775808,2,4],"data_offsets":[0,16]"#,
      "shape [9223372036854775808, 2, 4] overflows"),
    Mistake(
      "a shape that overflows before a zero",
      tensor: #""dtype":"F32","shape":[9223372036854775808,0],"data_offsets":[0,0]"#, data: 0,
      "shape [9223372036854775808, 0] overflows"),
    Mistake(
      "an extent beyond 64 bits",
      tensor: #""dtype":"F32","shape":[18446744073709551616],"data_offsets":[0,16]"#,
      "not valid JSON, or a number out of range"),
    Mistake(
      "offsets that are text", tensor: #""dtype":"F32","shape":[4],"data_offsets":["0","16"]"#,
      "`t.data_offsets[0]` has the wrong type"),
    Mistake(
      "three offsets", tensor: #""dtype":"F32","shape":[4],"data_offsets":[0,16,16]"#,
      "data_offsets [0, 16, 16] are not a begin and an end"),
    Mistake(
      "one offset", tensor: #""dtype":"F32","shape":[4],"data_offsets":[16]"#,
      "data_offsets [16] are not a begin and an end"),
    Mistake(
      "an end before the begin", tensor: #""dtype":"F32","shape":[4],"data_offsets":[16,0]"#,
      "data_offsets [16, 0] are not a begin and an end"),
    Mistake(
      "an end beyond the file", tensor: #""dtype":"F32","shape":[8],"data_offsets":[0,32]"#,
      "data end at byte 32 of the tensor data, which have 16 bytes"),
    Mistake(
      "the largest end",
      tensor: #""dtype":"F32","shape":[4],"data_offsets":[0,18446744073709551615]"#,
      "data end at byte 18446744073709551615 of the tensor data, which have 16 bytes"),
    Mistake(
      "a fraction",
      file: SafetensorsBuilder.file(
        header: #"{"t":{"dtype":"F32","shape":[4.0],"data_offsets":[0,16]}}"#,
        data: [UInt8](repeating: 0, count: 16)),
      .malformedHeader(path: "test", reason: "the number at byte 30 is not an integer")),
    Mistake(
      "a hole", tensor: #""dtype":"F32","shape":[3],"data_offsets":[4,16]"#,
      "data begins at byte 67, expected 63: a hole before it"),
    Mistake(
      "an overlap",
      file: SafetensorsBuilder.file(
        header: #"{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]},"#
          + #""b":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}}"#,
        data: [UInt8](repeating: 0, count: 16)),
      .malformedTensor(
        path: "test", name: "b", reason: "data begins at byte 125, expected 129: an overlap")),
    Mistake(
      "a number for a tensor", file: SafetensorsBuilder.file(header: #"{"t":1}"#),
      .malformedTensor(path: "test", name: "t", reason: "`t` has the wrong type")),
  ]
}
