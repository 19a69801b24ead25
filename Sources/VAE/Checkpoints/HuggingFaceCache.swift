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

  /// The cache in the folder at `root`.
  package init(root: String) { self.root = root }

  /// The repository whose folder in some cache is at `path`, at its main revision, and that cache; nil
  /// for all other paths.
  static func repository(at path: String) -> (RepositoryID, HuggingFaceCache)? {
    guard let folder = FileSystem.resolved(path), FileSystem.isFolder(folder + "/snapshots"),
      let repository = RepositoryID(
        cacheFolder: FileSystem.lastComponent(of: folder), revision: RepositoryID.mainRevision)
    else { return nil }
    return (repository, HuggingFaceCache(root: FileSystem.parent(of: folder)))
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
      let references = Self.files("refs", of: root + "/" + folder, depth: 0)
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
  /// - Throws: `CheckpointError.notCached`, or `.outside` if a link would take the place of the
  ///   repository's own files.
  package func snapshot(of repository: RepositoryID) throws -> String {
    let folder = self.folder(of: repository)
    guard FileSystem.isFolder(folder) else {
      throw missing(repository, "no such file or folder, and not in the Hugging Face cache \(root)")
    }
    guard Confinement.isOwn(repository.cacheFolder, of: root) else {
      throw CheckpointError.outside(path: root, name: repository.cacheFolder)
    }
    let reference = "refs/\(repository.revision)"
    var commit = repository.revision
    if FileSystem.isRegular("\(folder)/\(reference)") {
      guard Confinement.isOwn(reference, of: folder) else {
        throw CheckpointError.outside(path: folder, name: reference)
      }
      commit = try Self.commit(at: "\(folder)/\(reference)")
    } else if commit == RepositoryID.mainRevision {
      commit = onlySnapshot(in: folder) ?? commit
    }
    guard Confinement.isPlain(commit) else {
      throw CheckpointError.outside(path: "\(folder)/\(reference)", name: commit)
    }
    let snapshot = "snapshots/\(commit)"
    guard FileSystem.isFolder("\(folder)/\(snapshot)") else {
      throw missing(
        repository, "revision `\(repository.revision)` is not in the Hugging Face cache \(root)")
    }
    guard Confinement.isOwn(snapshot, of: folder) else {
      throw CheckpointError.outside(path: folder, name: snapshot)
    }
    return "\(folder)/\(snapshot)"
  }

  /// The error of a repository, or of a file of one, that the cache does not have.
  func missing(_ repository: RepositoryID, _ reason: String) -> CheckpointError {
    .notCached(
      repository: repository.description, reason: reason,
      advice: DownloadAdvice(repository, layout: layout(of: repository)).description)
  }

  /// Where the files of a repository lie, as far as one of its snapshots shows: those hold what was
  /// asked for, which need not be the weights.
  private func layout(of repository: RepositoryID) -> DownloadAdvice.Layout? {
    guard Confinement.isOwn(repository.cacheFolder, of: root) else { return nil }
    let folder = self.folder(of: repository)
    return Self.entries("snapshots", of: folder).lazy.compactMap { commit in
      let confinement = Confinement("\(folder)/snapshots/\(commit)")
      func holds(_ name: String) -> Bool {
        confinement.allows("\(folder)/snapshots/\(commit)/\(name)")
      }
      if holds("model_index.json") || holds("vae") { return .pipeline }
      return holds("config.json") ? .lone : nil
    }.first
  }

  private func folder(of repository: RepositoryID) -> String {
    root + "/" + repository.cacheFolder
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

  /// The names in a folder of a repository, which are no links; none if it is one itself.
  private static func entries(_ name: String, of repository: String) -> [String] {
    guard Confinement.isOwn(name, of: repository) else { return [] }
    return FileSystem.fileNames(in: repository + "/" + name).filter {
      !$0.hasPrefix(".") && Confinement.isOwn("\(name)/\($0)", of: repository)
    }
  }

  /// The names of the references in a folder of a repository, by their paths in it: that of refs/pr/1
  /// lies two folders down.
  private static func files(_ name: String, of repository: String, depth: Int) -> [String] {
    guard depth < maximumReferenceDepth else { return [] }
    return entries(name, of: repository).flatMap { entry -> [String] in
      let path = "\(name)/\(entry)"
      guard FileSystem.isFolder("\(repository)/\(path)") else { return [entry] }
      return files(path, of: repository, depth: depth + 1).map { "\(entry)/\($0)" }
    }
  }

  /// Folders inside one another that references are looked for in: names of branches have few slashes.
  private static let maximumReferenceDepth = 8
}
