/// The members of an archive that `torch.save` writes since PyTorch 1.6: a pickle, and the storages of its
/// tensors, stored as they are.
///
/// - SeeAlso: PyTorch `torch/serialization.py`, `_save`, and `caffe2/serialize/inline_container.h`.
struct PyTorchArchive {
  private static let pickleName = "data.pkl"

  private let archive: ZipArchive
  /// The folder of the members, with a slash at its end, or nothing.
  private let folder: String

  /// The archive in `file`.
  ///
  /// - Throws: `PyTorchError` and `ArchiveError`.
  init(_ file: MappedFile) throws {
    archive = try ZipArchive(file)
    let names = archive.members.map(\.name)
    if names.contains(where: { $0.hasSuffix("/constants.pkl") || $0.contains("/code/") }) {
      throw PyTorchError.refused(
        path: file.path, what: "it is a TorchScript archive, which is a program and not run",
        loader: .script)
    }
    let pickles = names.filter { $0 == Self.pickleName || $0.hasSuffix("/" + Self.pickleName) }
    guard pickles.count == 1 else {
      let first = names.first.map { ", which begins with `\($0.escapedForTerminal)`" } ?? ""
      throw PyTorchError.notPyTorch(
        path: file.path, found: "a ZIP archive with \(pickles.count) members data.pkl\(first)")
    }
    folder = String(pickles[0].dropLast(Self.pickleName.count))
    if let order = archive.member(folder + "byteorder"),
      try archive.contents(of: order) != Array("little".utf8)
    {
      throw PyTorchError.refused(
        path: file.path, what: "its numbers are big-endian, which is not read", loader: .torch)
    }
  }

  /// The pickle.
  ///
  /// - Throws: `PyTorchArchive.Unusable` and `ArchiveError`.
  func pickle() throws -> [UInt8] {
    try archive.contents(of: stored(Self.pickleName))
  }

  /// The bytes of the file that are the storage `key`, of which there must be `byteCount`.
  ///
  /// - Throws: `PyTorchArchive.Unusable`.
  func storage(_ key: String, byteCount: Int) throws -> Range<Int> {
    let member = try stored("data/\(key)")
    guard member.byteCount == byteCount else {
      throw Unusable(
        reason: "its storage has \(member.byteCount) bytes, expected \(byteCount)")
    }
    return member.storedRange
  }

  /// The reason why a member cannot be used.
  struct Unusable: Error {
    let reason: String
  }

  private func stored(_ name: String) throws -> ZipArchive.Member {
    guard let member = archive.member(folder + name) else {
      throw Unusable(reason: "member `\(name.escapedForTerminal)` is missing")
    }
    guard !member.isDeflated else {
      throw Unusable(
        reason: "member `\(name.escapedForTerminal)` is compressed, which PyTorch never does")
    }
    return member
  }
}
