import VAE

import Glibc

/// What another program writes to this one, read as it comes.
final class InputStream {
  private let descriptor: Int32
  /// What messages call it.
  private let name: String
  /// Whether nobody waits for more.
  private let isStopped: () -> Bool
  private var buffer: [UInt8] = []
  private var position = 0

  private static let chunkByteCount = 1 << 16
  /// Milliseconds after which a read that waits looks whether anybody still waits for it.
  private static let patience: Int32 = 100

  /// A stream of the bytes that come from an open file.
  init(_ descriptor: Int32, named name: String, isStopped: @escaping () -> Bool) {
    self.descriptor = descriptor
    self.name = name
    self.isStopped = isStopped
  }

  /// The next line without its end; nil where the stream has ended before it.
  ///
  /// - Throws: `StreamError` for a line of more than `maximum` bytes and for one that has no end.
  func line(maximum: Int) throws -> [UInt8]? {
    var line: [UInt8] = []
    while true {
      if let end = buffer[position...].firstIndex(of: UInt8(ascii: "\n")) {
        line += buffer[position..<end]
        position = end + 1
        guard line.count <= maximum else { throw StreamError.longLine(maximum: maximum) }
        return line
      }
      line += buffer[position...]
      position = buffer.count
      guard line.count <= maximum else { throw StreamError.longLine(maximum: maximum) }
      guard try fill() else {
        guard line.isEmpty else { throw StreamError.cut }
        return nil
      }
    }
  }

  /// The next `count` bytes.
  ///
  /// - Throws: `StreamError.cut` where the stream ends before them.
  func bytes(_ count: Int) throws -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < count {
      if position == buffer.count, !(try fill()) { throw StreamError.cut }
      let part = buffer[position...].prefix(count - bytes.count)
      bytes += part
      position += part.count
    }
    return bytes
  }

  /// Reads more; returns whether there was any.
  private func fill() throws -> Bool {
    var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    while unsafe poll(&request, 1, Self.patience) == 0 { if isStopped() { return false } }
    var chunk = [UInt8](repeating: 0, count: Self.chunkByteCount)
    let count = try InputFile.read(descriptor, into: &chunk, path: name)
    buffer = Array(chunk.prefix(count))
    position = 0
    return count > 0
  }
}

/// Why a stream cannot be followed any further.
public enum StreamError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A line is longer than any that is sent.
  case longLine(maximum: Int)
  /// The stream ends in the middle of something.
  case cut
  /// A line is no request.
  case badRequest(String)

  public var description: String {
    switch self {
    case .longLine(let maximum): "a line has more than \(maximum) bytes"
    case .cut: "ends in the middle of a request"
    case .badRequest(let line):
      "is no request, which is a JSON object with \"bytes\" or \"path\": '\(line.prefix(80))'"
    }
  }
}
