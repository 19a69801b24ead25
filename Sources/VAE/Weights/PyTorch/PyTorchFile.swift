/// The tensors of a file that `torch.save` wrote, gzipped or not, without running what is in it.
///
/// - SeeAlso: `PickleMachine`, for what is read and what is refused.
package struct PyTorchFile: Sendable {
  /// The bytes that the entries lie in: the file's, or what they unpack to.
  package let file: MappedFile
  /// The tensors by name; a tensor that is the whole has an empty one.
  package let entries: [String: WeightsFile.Entry]

  /// Tensors may share storages, but not so many that all together take many times the file.
  private static let maximumSharing = 4

  /// Whether a file that begins with `beginning`, 512 bytes or more, may be one of PyTorch's, or a pickle
  /// that is mistaken for one, which reading it refuses by what it is. Of archives, those that are known
  /// not to begin with a file in a folder, or begin with an array of NumPy's, are none.
  package static func recognises(_ beginning: [UInt8]) -> Bool {
    // The length of a safetensors header may be that of a signature.
    guard !FileKind.safetensors.matches(beginning) else { return false }
    if FileKind.gzip.matches(beginning) || FileKind.pickle.matches(beginning) { return true }
    guard let name = ZipArchive.firstName(beginning) else { return false }
    return !name.isWhole || name.text.contains("/") && !name.text.hasSuffix(".npy")
  }

  /// The tensors of `file`.
  ///
  /// - Throws: `PyTorchError`.
  package init(_ file: MappedFile) throws {
    let file = try Self.unpacked(file)
    if let bare = BarePickle(file) {
      throw PyTorchError.refused(path: file.path, what: bare.what, loader: bare.loader)
    }
    self.file = file
    do {
      let archive = try PyTorchArchive(file)
      let pickle = try archive.pickle()
      let names = try PyTorchNames(PickleMachine.run(pickle), byteCount: pickle.count)
      entries = try Self.entries(names.tensors, archive, file)
    } catch ArchiveError.truncated(let end) {
      throw PyTorchError.malformed(
        path: file.path,
        reason: "it ends early: \(end.needed) bytes expected at byte \(end.offset)")
    } catch ArchiveError.malformed(let section, let offset, let reason) {
      throw PyTorchError.malformed(
        path: file.path, reason: "\(section) at byte \(offset): \(reason)")
    } catch PickleError.malformed(let reason, let offset) {
      throw PyTorchError.malformed(
        path: file.path, reason: "byte \(offset) of its pickle: \(reason)")
    } catch PickleError.refused(let what) {
      throw PyTorchError.refused(path: file.path, what: what, loader: .torch)
    } catch let error as PyTorchArchive.Unusable {
      throw PyTorchError.malformed(path: file.path, reason: error.reason)
    }
  }

  private static func entries(
    _ tensors: [String: PyTorchTensor], _ archive: PyTorchArchive, _ file: MappedFile
  ) throws -> [String: WeightsFile.Entry] {
    var entries: [String: WeightsFile.Entry] = [:]
    entries.reserveCapacity(tensors.count)
    var byteCount = 0
    for (name, tensor) in tensors {
      func malformed(_ reason: String) -> PyTorchError {
        .malformed(path: file.path, reason: "tensor `\(name.escapedForTerminal)`: \(reason)")
      }
      let entry: WeightsFile.Entry
      do {
        entry = try tensor.entry(
          in: archive.storage(tensor.storage.key, byteCount: tensor.storageByteCount()))
      } catch let error as PyTorchTensor.Impossible {
        throw malformed(error.reason)
      } catch let error as PyTorchArchive.Unusable {
        throw malformed(error.reason)
      }
      // None is larger than its storage.
      byteCount += entry.shape.reduce(entry.type.byteCount, *)
      guard byteCount / maximumSharing <= file.byteCount else {
        throw malformed("it and others that share its elements are larger than the file")
      }
      entries[name] = entry
    }
    return entries
  }

  // MARK: gzip

  /// Longer archives are not unpacked: they would be held in memory.
  private static let maximumByteCount = 1 << 30

  /// What a gzip archive holds; other files as they are.
  private static func unpacked(_ file: MappedFile) throws -> MappedFile {
    let prefix = file.bytes(in: 0..<min(file.byteCount, FileKind.prefixByteCount))
    guard FileKind.gzip.matches(prefix) else { return file }
    // The last four bytes are the length of what is inside.
    let length = file.bytes(in: max(0, file.byteCount - 4)..<file.byteCount)
      .reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length <= maximumByteCount, file.byteCount <= maximumByteCount else {
      throw PyTorchError.refused(
        path: file.path,
        what: "it is a gzip archive of \(length) bytes, which is too long to be read packed",
        loader: .torch)
    }
    guard
      let bytes = Deflate.inflated(
        file.bytes(in: 0..<file.byteCount), byteCount: length, .gzip)
    else {
      throw PyTorchError.malformed(path: file.path, reason: "its gzip archive is damaged")
    }
    guard ZipArchive.recognises(bytes) || FileKind.pickle.matches(bytes) else {
      throw PyTorchError.notPyTorch(path: file.path, found: "a gzip archive of something else")
    }
    return MappedFile(name: file.path, elements: bytes)
  }
}
