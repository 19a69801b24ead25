import FoundationEssentials

/// The JSON of a safetensors header, checked for what a JSON decoder lets pass.
struct SafetensorsHeader {
  /// A tensor's entry, before it is checked against the file.
  struct Tensor: Decodable {
    let dtype: String
    let shape: [UInt64]
    let dataOffsets: [UInt64]

    private enum CodingKeys: String, CodingKey {
      case dtype, shape
      case dataOffsets = "data_offsets"
    }
  }

  private(set) var tensors: [String: Tensor] = [:]
  private(set) var metadata: [String: String] = [:]

  /// Parses `json`, the header of the file at `path`.
  ///
  /// - Throws: `WeightsError.malformedHeader` or `.malformedTensor`.
  init(_ json: [UInt8], path: String) throws {
    guard json.first == UInt8(ascii: "{") else {
      throw WeightsError.malformedHeader(path: path, reason: "it does not begin with '{'")
    }
    guard String(validating: json, as: UTF8.self) != nil else {
      throw WeightsError.malformedHeader(path: path, reason: "it is not valid UTF-8")
    }
    do {
      try JSONStrictness.check(json, allowsFractions: false)
    } catch let error as JSONStrictness.Violation {
      throw WeightsError.malformedHeader(path: path, reason: error.description)
    }
    let fields: [String: Field]
    do {
      fields = try JSONDecoder().decode([String: Field].self, from: Data(json))
    } catch {
      throw WeightsError.malformedHeader(path: path, reason: error.jsonReason)
    }
    for (name, field) in fields {
      switch field {
      case .tensor(let tensor) where name != Self.metadataKey: tensors[name] = tensor
      case .metadata(let strings) where name == Self.metadataKey: metadata = strings
      case .nothing where name == Self.metadataKey: break
      case .malformed(let reason) where name != Self.metadataKey:
        throw WeightsError.malformedTensor(path: path, name: name, reason: reason)
      default:
        throw WeightsError.malformedHeader(
          path: path, reason: "`\(name.escapedForTerminal)` is not an object of the expected form")
      }
    }
  }

  private static let metadataKey = "__metadata__"

  /// A value of the top-level object: what it decodes as decides.
  private enum Field: Decodable {
    case tensor(Tensor)
    case metadata([String: String])
    case nothing
    case malformed(String)

    init(from decoder: any Swift.Decoder) throws {
      if decoder.codingPath.last?.stringValue == SafetensorsHeader.metadataKey {
        let container = try decoder.singleValueContainer()
        self =
          try container.decodeNil() ? .nothing : .metadata(container.decode([String: String].self))
        return
      }
      do {
        self = .tensor(try Tensor(from: decoder))
      } catch {
        self = .malformed(error.jsonReason)
      }
    }
  }
}

extension SafetensorsHeader.Tensor {
  /// The tensor's place in a file whose tensor data lie in `dataRange`.
  ///
  /// - Throws: `WeightsError.malformedTensor`.
  func entry(
    named name: String, path: String, dataRange: Range<Int>
  ) throws -> WeightsFile.Entry {
    func malformed(_ reason: String) -> WeightsError {
      .malformedTensor(path: path, name: name, reason: reason)
    }
    guard let type = ElementType(rawValue: dtype) else {
      throw malformed("unknown element type '\(dtype.escapedForTerminal)'")
    }
    guard dataOffsets.count == 2, dataOffsets[0] <= dataOffsets[1] else {
      throw malformed("data_offsets \(dataOffsets.prefix(4)) are not a begin and an end")
    }
    guard dataOffsets[1] <= UInt64(dataRange.count) else {
      throw malformed(
        "data end at byte \(dataOffsets[1]) of the tensor data, which have \(dataRange.count) bytes"
      )
    }
    let extents = shape.compactMap { Int(exactly: $0) }
    guard extents.count == shape.count, let bitCount = Int(product: [type.bits] + extents) else {
      throw malformed("shape \(shape.prefix(8)) overflows")
    }
    let byteCount = Int(dataOffsets[1] - dataOffsets[0])
    guard bitCount % 8 == 0, bitCount / 8 == byteCount else {
      throw malformed(
        "shape \(shape.prefix(8)) of \(dtype) takes \(bitCount / 8) bytes, its data have \(byteCount)"
      )
    }
    return WeightsFile.Entry(
      type: type, shape: extents,
      byteRange: dataRange.lowerBound + Int(dataOffsets[0])..<dataRange.lowerBound
        + Int(dataOffsets[1]))
  }
}

extension Error {
  /// A decoding error in one line.
  package var jsonReason: String {
    // The decoder has one error for a number that does not fit its type and for a broken text.
    let broken = "not valid JSON, or a number out of range"
    guard let error = self as? DecodingError else { return broken }
    func place(_ context: DecodingError.Context) -> String {
      context.codingPath.reduce("") { path, key in
        // The decoder's own name for an item of an array; an object may have a key of digits.
        if let index = key.intValue, key.stringValue == "Index \(index)" {
          return "\(path)[\(index)]"
        }
        return path.isEmpty ? key.stringValue : "\(path).\(key.stringValue)"
      }.escapedForTerminal
    }
    switch error {
    case .keyNotFound(let key, _): return "`\(key.stringValue)` is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      return context.codingPath.isEmpty
        ? "it is not a JSON object" : "`\(place(context))` has the wrong type"
    case .dataCorrupted(let context):
      return context.codingPath.isEmpty ? broken : "`\(place(context))` is out of range"
    @unknown default: return broken
    }
  }
}
