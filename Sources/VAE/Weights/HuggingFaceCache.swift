/// The folder in which Hugging Face's tools keep what they downloaded. It is only read, and the
/// network never asked.
///
/// - SeeAlso: huggingface_hub `file_download.py` and `constants.py`, for the layout and the variables.
package struct HuggingFaceCache: Sendable {
  /// The folder's path.
  package let root: String

  /// The cache that the variables of an environment name, or that of the home folder; nil where
  /// neither is known.
  package init?(_ environment: [String: String]) {
    func variable(_ name: String) -> String? {
      environment[name].flatMap { $0.isEmpty ? nil : Self.expanded($0, environment) }
    }
    let home = variable("HOME")
    let cacheHome = variable("XDG_CACHE_HOME") ?? home.map { $0 + "/.cache" }
    let hub = (variable("HF_HOME") ?? cacheHome.map { $0 + "/huggingface" }).map { $0 + "/hub" }
    guard let root = variable("HF_HUB_CACHE") ?? variable("HUGGINGFACE_HUB_CACHE") ?? hub else {
      return nil
    }
    self.root = root
  }

  /// A path with `~` at its beginning and `$NAME` or `${NAME}` replaced; unknown names stay.
  private static func expanded(_ path: String, _ environment: [String: String]) -> String {
    var path = path
    if path == "~" || path.hasPrefix("~/"), let home = environment["HOME"] {
      path = home + path.dropFirst()
    }
    let parts = path.split(separator: "$", omittingEmptySubsequences: false)
    return parts.dropFirst().reduce(String(parts[0])) { result, part in
      let isBraced = part.hasPrefix("{")
      let body = isBraced ? part.dropFirst() : part
      let name = body.prefix { $0 == "_" || $0.isASCII && ($0.isLetter || $0.isNumber) }
      let rest = body.dropFirst(name.count)
      guard let value = environment[String(name)], !isBraced || rest.hasPrefix("}") else {
        return result + "$" + part
      }
      return result + value + (isBraced ? rest.dropFirst() : rest)
    }
  }

  /// The repositories that have a folder in the cache, each at the revisions that have names in it,
  /// sorted. Of names of one commit only the first is listed, the main one before others.
  package var repositories: [RepositoryID] {
    FileSystem.fileNames(in: root).flatMap { folder -> [RepositoryID] in
      let references = Self.entries("refs", of: "\(root)/\(folder)")
      let revisions =
        references.filter { $0 == RepositoryID.mainRevision }
        + references.filter { $0 != RepositoryID.mainRevision }
      var commits: Set<String> = []
      return (revisions.isEmpty ? [RepositoryID.mainRevision] : revisions).compactMap { revision in
        guard let repository = RepositoryID(cacheFolder: folder, revision: revision),
          let snapshot = try? snapshot(of: repository), commits.insert(snapshot).inserted
        else { return nil }
        return repository
      }
    }
  }

  /// The folder of the files of a repository at its revision.
  ///
  /// - Throws: `WeightsError.notCached`, or `.outside` if the cache leads out of the repository.
  package func snapshot(of repository: RepositoryID) throws -> String {
    let folder = root + "/" + repository.cacheFolder
    guard FileSystem.isFolder(folder) else {
      throw missing(repository, "no such file or folder, and not in the Hugging Face cache \(root)")
    }
    let confinement = Confinement(folder)
    let reference = "\(folder)/refs/\(repository.revision)"
    var commit = repository.revision
    if FileSystem.isRegular(reference) {
      guard confinement.allows(reference) else {
        throw WeightsError.outside(path: folder, name: "refs/\(repository.revision)")
      }
      commit = try Self.commit(at: reference)
    } else if commit == RepositoryID.mainRevision {
      commit = onlySnapshot(in: folder) ?? commit
    }
    guard Confinement.isPlain(commit) else {
      throw WeightsError.outside(path: reference, name: commit)
    }
    let snapshot = "\(folder)/snapshots/\(commit)"
    guard FileSystem.isFolder(snapshot) else {
      throw missing(
        repository, "revision `\(repository.revision)` is not in the Hugging Face cache \(root)")
    }
    // A link to another folder would take the place of the repository's own files.
    guard let resolved = FileSystem.resolved(folder),
      FileSystem.resolved(snapshot) == "\(resolved)/snapshots/\(commit)"
    else { throw WeightsError.outside(path: folder, name: "snapshots/\(commit)") }
    return snapshot
  }

  /// The commit that a reference holds. Its first bytes are enough: a commit has 40.
  private static func commit(at path: String) throws -> String {
    let file = try MappedFile(path: path)
    let text = String(decoding: file.bytes(in: 0..<min(file.byteCount, 100)), as: UTF8.self)
    return text.split(whereSeparator: \.isWhitespace).first.map(String.init) ?? ""
  }

  /// The one snapshot of a repository whose references are gone; nil if there are several.
  private func onlySnapshot(in folder: String) -> String? {
    let commits = Self.entries("snapshots", of: folder)
    return commits.count == 1 ? commits[0] : nil
  }

  /// The names in a folder of a repository; none if it leads out of it.
  private static func entries(_ name: String, of repository: String) -> [String] {
    let folder = repository + "/" + name
    guard Confinement(repository).allows(folder) else { return [] }
    return FileSystem.fileNames(in: folder).filter { !$0.hasPrefix(".") }
  }

  private func missing(_ repository: RepositoryID, _ reason: String) -> WeightsError {
    .notCached(
      repository: repository.description, reason: reason, advice: repository.downloadAdvice)
  }
}
