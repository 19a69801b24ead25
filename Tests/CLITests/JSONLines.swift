import Foundation
import TestSupport

extension CommandLineRun {
  /// Standard output as one JSON object a line.
  ///
  /// - Throws: the parser's error for a line that is none.
  func jsonLines() throws -> [[String: Any]] {
    try text.split(separator: "\n").map { line in
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8))
      guard let fields = object as? [String: Any] else { throw NotAnObject(line: String(line)) }
      return fields
    }
  }
}

private struct NotAnObject: Error {
  let line: String
}
