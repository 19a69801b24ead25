import VAECodec

/// What became of pictures that had to keep bounds, as the JUnit XML that CI systems read.
struct JUnitReport {
  /// The name of the suite, such as "vaecodec roundtrip".
  let suite: String
  private var cases: [Case] = []

  private struct Case {
    let name: String
    let seconds: Double
    /// What was measured, for people.
    let text: String?
    let failure: (isError: Bool, code: ErrorCode, message: String)?
  }

  init(suite: String) { self.suite = suite }

  /// Adds a picture that kept its bounds.
  mutating func add(_ item: Batch.Item, _ comparison: Comparison?, seconds: Double) {
    cases.append(
      Case(
        name: item.input, seconds: seconds, text: comparison.map(Format.comparison), failure: nil))
  }

  /// Adds an item that failed: a picture that missed a bound is a failure, any other an error.
  ///
  /// - Parameter comparison: what was measured, if it came to that.
  mutating func add(
    _ item: Batch.Item, _ error: any Error, _ comparison: Comparison?, seconds: Double
  ) {
    let code = ErrorCode(error)
    cases.append(
      Case(
        name: item.input, seconds: seconds, text: comparison.map(Format.comparison),
        failure: (code != .quality, code, ErrorText.reason(of: error, for: item))))
  }

  /// Adds the means, where they must keep bounds.
  mutating func add(_ means: QualityMeans, _ misses: [QualityMiss]) {
    let message = misses.map(\.description).joined(separator: "; ")
    cases.append(
      Case(
        name: "mean", seconds: 0, text: Format.means(means),
        failure: misses.isEmpty ? nil : (false, .quality, message)))
  }

  /// The file.
  var text: String {
    let failures = cases.count { $0.failure?.isError == false }
    let errors = cases.count { $0.failure?.isError == true }
    let seconds = cases.reduce(0) { $0 + $1.seconds }.fixed(3)
    let counts =
      "tests=\"\(cases.count)\" failures=\"\(failures)\" errors=\"\(errors)\" time=\"\(seconds)\""
    return """
      <?xml version="1.0" encoding="UTF-8"?>
      <testsuites \(counts)>
      <testsuite name="\(suite.escapedForXML)" \(counts)>
      \(cases.map(element).joined(separator: "\n"))
      </testsuite>
      </testsuites>

      """
  }

  private func element(_ test: Case) -> String {
    let start =
      "<testcase classname=\"\(suite.escapedForXML)\" name=\"\(test.name.escapedForXML)\" "
      + "time=\"\(test.seconds.fixed(3))\""
    let children = [
      test.failure.map { failure in
        "<\(failure.isError ? "error" : "failure") type=\"\(failure.code.rawValue)\" "
          + "message=\"\(failure.message.escapedForXML)\"/>"
      }, test.text.map { "<system-out>\($0.escapedForXML)</system-out>" },
    ].compactMap(\.self)
    return children.isEmpty ? start + "/>" : start + ">\(children.joined())</testcase>"
  }
}

extension String {
  /// The string as text and in attributes of XML, which has no place for control characters and U+FFFE,
  /// U+FFFF.
  fileprivate var escapedForXML: String {
    withoutControls.unicodeScalars.map { scalar in
      switch scalar {
      case "&": "&amp;"
      case "<": "&lt;"
      case ">": "&gt;"
      case "\"": "&quot;"
      case "\u{FFFE}", "\u{FFFF}": "?"
      default: String(scalar)
      }
    }.joined()
  }
}
