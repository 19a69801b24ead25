import FoundationEssentials
import VAE

/// Where a codec's model comes from.
extension Codec {
  /// Where a model comes from.
  public enum Model: Sendable, Equatable {
    /// The model that is part of the library, in Stable Diffusion's latent space.
    case bundled
    /// A .safetensors file that holds an autoencoder, alone or among other networks; a diffusers
    /// folder; a pipeline folder; either half of a tiny autoencoder.
    case path(String)
    /// A repository, ORG/NAME or ORG/NAME@REVISION, that the Hugging Face cache in a folder has;
    /// without a folder, the cache that the environment of the process names.
    case repository(String, cache: String? = nil)

    /// The model that a user names: a path, if there is something, else "default" for the bundled one,
    /// else a repository in the cache that the environment of the process names.
    public init(_ text: String) {
      self.init(text, in: HuggingFaceCache(ProcessInfo.processInfo.environment))
    }

    /// The model that a user names, where repositories are those of `cache`; without one, a path.
    init(_ text: String, in cache: HuggingFaceCache?) {
      guard text != Self.bundled.name || FileSystem.exists(text) else {
        self = .bundled
        return
      }
      guard !FileSystem.exists(text), let cache, let repository = RepositoryID(text),
        repository.hasOrganisation || (try? cache.snapshot(of: repository)) != nil
      else {
        self = .path(text)
        return
      }
      self = .repository(text, cache: cache.root)
    }

    /// What messages and reports call the model.
    public var name: String {
      switch self {
      case .bundled: "default"
      case .path(let name), .repository(let name, _): name
      }
    }
  }
}

extension Codec.Model {
  /// The cache that the environment of the process names.
  ///
  /// - Throws: `CheckpointError.noModel` where there is none.
  private static func environmentCache(for name: String) throws -> HuggingFaceCache {
    guard let cache = HuggingFaceCache(ProcessInfo.processInfo.environment) else {
      throw CheckpointError.noModel(
        path: name, reason: "neither HF_HOME nor HOME says where the Hugging Face cache is")
    }
    return cache
  }

  /// The model's files, opened.
  ///
  /// - Parameter groups: of every group norm, where no config.json says it.
  /// - Throws: `ModelFileError`.
  func files(groups: Int?) throws -> ModelFiles {
    switch self {
    case .path(let path): return try ModelFiles(path: path, groups: groups)
    case .repository(let name, let root):
      guard let repository = RepositoryID(name) else {
        throw CheckpointError.noModel(path: name, reason: "not the name of a repository")
      }
      let cache = try root.map(HuggingFaceCache.init(root:)) ?? Self.environmentCache(for: name)
      return try ModelFiles(repository, in: cache, groups: groups)
    case .bundled:
      return try ModelFiles(
        name: name, configuration: BundledModel.configuration,
        weights: BundledModel.weights(named: name))
    }
  }
}
