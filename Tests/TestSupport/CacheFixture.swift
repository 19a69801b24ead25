import VAE

/// A Hugging Face cache in a folder of its own, laid out as Hugging Face's tools do, for the repository
/// org/name.
package struct CacheFixture {
  /// The commit of the repository's snapshot.
  package static let commit = "0123456789abcdef0123456789abcdef01234567"
  /// The repository's folder.
  package static let repository = "hub/models--org--name"
  /// The usual name of the weights.
  package static let weights = "diffusion_pytorch_model.safetensors"

  /// Holds the cache, in the folder `hub`.
  package let folder: TemporaryFolder
  /// The cache, which is empty at first.
  package let cache: HuggingFaceCache

  /// An empty cache.
  package init() throws {
    folder = try TemporaryFolder()
    guard let cache = HuggingFaceCache(["HF_HOME": folder.path]) else {
      throw CheckpointError.noModel(path: folder.path, reason: "no cache")
    }
    self.cache = cache
  }

  /// Fills the repository with the model `kl-sd`.
  package func fill(
    subfolder: String = "", weights: String = weights, references: [String] = ["main"]
  ) throws {
    for (fixture, name) in [("config.json", "config.json"), (Self.weights, weights)] {
      try store(
        Fixtures.bytes(at: Fixtures.path("models/kl-sd/\(fixture)")), as: name, in: subfolder)
    }
    for reference in references {
      let name = "\(Self.repository)/refs/\(reference)"
      try folder.remove(name)
      try folder.write(Array(Self.commit.utf8), to: name)
    }
  }

  /// Stores a blob, and a link to it in the snapshot.
  package func store(_ bytes: [UInt8], as name: String, in subfolder: String) throws {
    try folder.remove("\(Self.repository)/blobs/\(name)")
    try folder.write(bytes, to: "\(Self.repository)/blobs/\(name)")
    let up = subfolder.isEmpty ? "../../" : "../../../"
    try folder.link(
      "\(up)blobs/\(name)", at: "\(Self.repository)/snapshots/\(Self.commit)/\(subfolder)\(name)")
  }

  /// The model of the repository that `text` names, as `--model` takes it.
  package func open(_ text: String) throws -> ModelFiles {
    guard let repository = RepositoryID(text) else {
      throw CheckpointError.noModel(path: text, reason: "not the name of a repository")
    }
    return try ModelFiles(repository, in: cache)
  }
}
