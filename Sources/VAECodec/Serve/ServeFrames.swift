import FoundationEssentials
import VAE

/// What tells a request from others: whatever the client chose.
public enum RequestID: Codable, Equatable, Sendable {
  case number(Int)
  case text(String)

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let number = try? container.decode(Int.self) {
      self = .number(number)
    } else {
      self = .text(try container.decode(String.self))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .number(let number): try container.encode(number)
    case .text(let text): try container.encode(text)
    }
  }
}

/// The line before the bytes of a request.
struct RequestHeader: Decodable {
  let id: RequestID?
  /// Bytes that follow; nil where a file is named.
  let bytes: Int?
  let path: String?

  /// The header in a line.
  ///
  /// - Throws: `StreamError.badRequest`.
  init(_ line: [UInt8]) throws {
    guard let header = try? JSONDecoder().decode(Self.self, from: Data(line)),
      (header.bytes == nil) != (header.path == nil), header.bytes ?? 0 >= 0
    else { throw StreamError.badRequest(String(decoding: line, as: UTF8.self)) }
    self = header
  }
}

/// The line before the bytes of a reply.
struct ReplyHeader: Encodable {
  var id: RequestID?
  var status = "ok"
  /// "latent" or "picture".
  var kind: String?
  /// The format of the bytes, such as "npy" or "png".
  var format: String?
  /// Channels, height and width of a latent.
  var shape: [Int]?
  /// Of the picture, in pixels.
  var width: Int?
  var height: Int?
  var ms: Int?
  var code: String?
  var error: String?
  var bytes = 0

  /// The line, its end included.
  var line: [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(self) else {
      preconditionFailure("a reply has nothing that JSON does not hold")
    }
    return Array(String(decoding: data, as: UTF8.self).withEscapedPathBytes.utf8) + [
      UInt8(ascii: "\n")
    ]
  }
}
