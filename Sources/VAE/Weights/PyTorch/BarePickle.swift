/// A pickle that is no archive, by its first bytes: what it is most likely of, and what reads it.
struct BarePickle {
  /// What messages call it.
  let what: String
  let loader: PyTorchError.Loader

  /// Bytes in which the names of the first objects stand.
  private static let beginningByteCount = 512
  /// The number with which files of PyTorch before 1.6 begin, after the protocol.
  ///
  /// - SeeAlso: PyTorch `torch/serialization.py`, `MAGIC_NUMBER`.
  private static let legacyMagic: [UInt8] = [
    0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19,
  ]

  /// What `file` is; nil if it is no bare pickle.
  init?(_ file: MappedFile) {
    let beginning = file.bytes(in: 0..<min(file.byteCount, Self.beginningByteCount))
    guard FileKind.pickle.matches(beginning) else { return nil }
    func names(_ word: String) -> Bool { beginning.firstRange(of: Array(word.utf8)) != nil }
    if beginning.dropFirst(2).starts(with: Self.legacyMagic) {
      (what, loader) = ("it is a PyTorch file of before version 1.6, which is not read", .torch)
    } else if names("joblib") {
      (what, loader) = ("it is a pickle of joblib's, which is not read", .joblib)
    } else if names("numpy") {
      (what, loader) = ("it is a pickle of NumPy arrays, which is not read", .pickle)
    } else {
      (what, loader) = ("it is a bare Python pickle, which is not read", .pickle)
    }
  }
}
