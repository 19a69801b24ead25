import VAE

/// Writes safetensors files of f32 tensors, byte for byte as the reference writer does: tensors in the
/// order of their names, the header padded with spaces to a multiple of eight bytes.
///
/// - SeeAlso: huggingface/safetensors `safetensors/src/tensor.rs`, `prepare`.
enum SafetensorsWriter {
  /// A tensor to be written.
  struct Tensor {
    let name: String
    let shape: [Int]
    let values: [Float]
  }

  /// The bytes of a file.
  static func bytes(_ tensors: [Tensor], metadata: [(name: String, value: String)]) -> [UInt8] {
    let tensors = tensors.sorted { Array($0.name.utf8).lexicographicallyPrecedes($1.name.utf8) }
    var entries: [String] = []
    if !metadata.isEmpty {
      let fields = metadata.map { "\(quoted($0.name)):\(quoted($0.value))" }
      entries.append("\"__metadata__\":{\(fields.joined(separator: ","))}")
    }
    var offset = 0
    for tensor in tensors {
      let end = offset + 4 * tensor.values.count
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      entries.append(
        "\(quoted(tensor.name)):{\"dtype\":\"F32\",\"shape\":[\(shape)],"
          + "\"data_offsets\":[\(offset),\(end)]}")
      offset = end
    }
    var header = Array("{\(entries.joined(separator: ","))}".utf8)
    let paddedCount = header.count.roundedUp(toMultipleOf: 8)
    header += [UInt8](repeating: UInt8(ascii: " "), count: paddedCount - header.count)
    var writer = ByteWriter()
    writer.write(UInt64(header.count))
    writer.write(header)
    for tensor in tensors {
      for value in tensor.values { writer.write(value) }
    }
    return writer.bytes
  }

  /// `text` as a JSON string (RFC 8259, 7).
  private static func quoted(_ text: String) -> String {
    let escaped = text.unicodeScalars.map { scalar -> String in
      switch scalar {
      case "\"": return "\\\""
      case "\\": return "\\\\"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: return String(scalar)
      }
    }
    return "\"\(escaped.joined())\""
  }
}
