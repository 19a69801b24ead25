/// Tar archives as no program writes them.
struct TarBuilder {
  private(set) var bytes: [UInt8] = []

  /// Appends a header, with its checksum made right.
  ///
  /// - Parameters:
  ///   - size: the field as it stands, nil for `contents.count` in octal digits.
  ///   - change: what else is done to the block before that.
  mutating func add(
    _ name: String, _ contents: [UInt8] = [], type: Character = "0", size: [UInt8]? = nil,
    change: (inout [UInt8]) -> Void = { _ in }
  ) {
    var block = [UInt8](repeating: 0, count: 512)
    func put(_ field: [UInt8], at offset: Int) {
      block.replaceSubrange(offset..<offset + field.count, with: field)
    }
    put(Array(name.utf8.prefix(100)), at: 0)
    put(size ?? Array(String(contents.count, radix: 8).utf8), at: 124)
    put(Array("\(type)".utf8), at: 156)
    put(Array("ustar\u{0}00".utf8), at: 257)
    change(&block)
    put(Array("        ".utf8), at: 148)
    let sum = block.reduce(0) { $0 + Int($1) }
    put(Array((String(sum, radix: 8) + "\0").utf8), at: 148)
    bytes += block + contents
    bytes += [UInt8](repeating: 0, count: (512 - contents.count % 512) % 512)
  }

  /// Appends a header of PAX.
  mutating func addRecords(_ records: [(key: String, value: String)], type: Character = "x") {
    add("x", records.flatMap { Self.record($0.key, $0.value) }, type: type)
  }

  /// The archive with the two blocks at its end.
  var ended: [UInt8] { bytes + [UInt8](repeating: 0, count: 1024) }

  /// A record with its length before it.
  static func record(_ key: String, _ value: String) -> [UInt8] {
    let body = " \(key)=\(value)\n".utf8
    let length = (1...9).map { body.count + $0 }.first { "\($0)".utf8.count + body.count == $0 }
    return Array("\(length ?? 0)".utf8) + body
  }
}
