import FoundationEssentials

/// The tensors of a safetensors file, found by a strict reading of its header.
///
/// The rules are those of the format and of its reference reader, and stricter where the format is:
/// tensors tile the data without holes, no name comes twice, nothing follows the last tensor.
package struct SafetensorsFile: Sendable {
  /// A tensor's place in the file, where its elements are row-major.
  package typealias Entry = WeightsFile.Entry

  /// The mapped bytes.
  package let file: MappedFile
  /// The tensors by name.
  package let entries: [String: Entry]
  /// The strings of `__metadata__`.
  package let metadata: [String: String]

  /// Longest header that is read (the reference reader's limit), in bytes.
  private static let maximumHeaderByteCount = 100_000_000

  /// The file at `path`.
  ///
  /// - Throws: `WeightsError`.
  package init(path: String) throws {
    try self.init(MappedFile(path: path))
  }

  /// The tensors of `file`.
  ///
  /// - Throws: `WeightsError.notSafetensors`, `.malformedHeader` or `.malformedTensor`.
  package init(_ file: MappedFile) throws {
    let header = try SafetensorsFile.headerBytes(of: file)
    let dataOffset = 8 + header.count
    let parsed = try SafetensorsHeader(header, path: file.path)
    var entries: [String: Entry] = [:]
    entries.reserveCapacity(parsed.tensors.count)
    for (name, tensor) in parsed.tensors {
      entries[name] = try tensor.entry(
        named: name, path: file.path, dataRange: dataOffset..<file.byteCount)
    }
    try SafetensorsFile.checkTiling(entries, dataRange: dataOffset..<file.byteCount, file.path)
    self.file = file
    self.entries = entries
    metadata = parsed.metadata
  }

  private static func headerBytes(of file: MappedFile) throws -> [UInt8] {
    guard file.byteCount >= 8 else {
      throw WeightsError.notSafetensors(
        path: file.path, found: "\(file.byteCount) bytes, at least 8 are needed")
    }
    let prefix = file.bytes(in: 0..<min(file.byteCount, FileKind.prefixByteCount))
    var reader = ByteReader(prefix, byteOrder: .littleEndian)
    let length = try reader.read(UInt64.self)
    guard length <= UInt64(maximumHeaderByteCount), Int(length) <= file.byteCount - 8 else {
      let kind = FileKind.weightsName(of: prefix, named: file.path)
      throw WeightsError.notSafetensors(
        path: file.path,
        found: kind.map { "it looks like \($0)" }
          ?? "a header of \(length) bytes is claimed in a file of \(file.byteCount)")
    }
    return file.bytes(in: 8..<8 + Int(length))
  }

  private static func checkTiling(
    _ entries: [String: Entry], dataRange: Range<Int>, _ path: String
  ) throws {
    var end = dataRange.lowerBound
    // Among ranges that begin at one place, the empty ones come first.
    let ordered = entries.sorted {
      ($0.value.byteRange.lowerBound, $0.value.byteRange.upperBound, $0.key)
        < ($1.value.byteRange.lowerBound, $1.value.byteRange.upperBound, $1.key)
    }
    for (name, entry) in ordered {
      guard entry.byteRange.lowerBound == end else {
        let problem = entry.byteRange.lowerBound > end ? "a hole before it" : "an overlap"
        throw WeightsError.malformedTensor(
          path: path, name: name,
          reason: "data begins at byte \(entry.byteRange.lowerBound), expected \(end): \(problem)")
      }
      end = entry.byteRange.upperBound
    }
    guard end == dataRange.upperBound else {
      throw WeightsError.malformedHeader(
        path: path,
        reason: "the tensors end at byte \(end), the file at byte \(dataRange.upperBound)")
    }
  }
}
