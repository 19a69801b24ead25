import VAECodec

/// What became of an input that failed, as `--json` prints it.
struct FailureReport: Encodable {
  let input: String
  /// What the input was to be compared with, where it was.
  let reference: String?
  let error: String
  let code: ErrorCode

  init(_ item: Batch.Item, _ error: any Error) {
    input = item.input
    reference = item.reference.flatMap { try? $0.get() }
    self.error = ErrorText.reason(of: error, for: item)
    code = ErrorCode(error)
  }

  /// Whether the report of what was done says that the item failed, as of pictures that miss a bound.
  static func isPrinted(_ error: any Error) -> Bool {
    (error as? InputError)?.reason is QualityError
  }
}
