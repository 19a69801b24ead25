import FoundationEssentials
import VAE

/// A model that was found on this machine.
public struct InstalledModel: Sendable {
  /// Where a model was found.
  public enum Source: String, Sendable {
    /// It is part of the program.
    case bundled = "built-in"
    /// The variable VAECODEC_MODEL names it.
    case environment = "VAECODEC_MODEL"
    /// It is in the Hugging Face cache.
    case huggingFace = "huggingface"
    /// It is in a ComfyUI installation.
    case comfyUI = "comfyui"
  }

  /// What `Codec.Model` and `--model` take to open it.
  public let name: String
  /// Where it was found.
  public let source: Source
  /// What it is.
  public let summary: ModelSummary
}

/// Finds the models that are on this machine, where programs of this field keep them.
public struct ModelCatalog: Sendable {
  /// A model that cannot be used.
  public struct Failure: Sendable {
    /// The file, the folder or the repository.
    public let name: String
    /// What is wrong, which names the file.
    public let reason: String
  }

  /// The models: the built-in one, that of VAECODEC_MODEL, those of the Hugging Face cache, and those
  /// of ComfyUI.
  public private(set) var models: [InstalledModel] = []
  /// What stands where models do and is none that can be used. Of the Hugging Face cache, which is
  /// full of models of other kinds, nothing is said.
  public private(set) var failures: [Failure] = []
  /// The files of the models that were listed, so that none is listed for each of its halves.
  private var listed: Set<Set<String>> = []

  /// Folders of a ComfyUI installation that hold autoencoders.
  private static let comfyUIFolders = ["models/vae", "models/vae_approx"]
  /// Folders inside one another that are looked into.
  private static let maximumDepth = 8

  /// Looks at the places that `environment` names: HF_HOME and its like, COMFYUI_PATH and
  /// VAECODEC_MODEL.
  ///
  /// - Complexity: reads the headers of all files of weights that are there; of each autoencoder
  ///   also the norms and biases of its encoder, and its tensors of F64 and F8, which are converted.
  public init(environment: [String: String] = ProcessInfo.processInfo.environment) {
    func variable(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    add(.bundled, .bundled)
    let cache = HuggingFaceCache(environment)
    if let name = variable("VAECODEC_MODEL") { add(Codec.Model(name, in: cache), .environment) }
    for repository in cache?.repositories ?? [] {
      add(.repository(repository.description, cache: cache?.root), .huggingFace)
    }
    if let root = variable("COMFYUI_PATH") {
      for folder in Self.comfyUIFolders {
        for file in Self.files(in: root + "/" + folder) { add(.path(file), .comfyUI) }
      }
    }
  }

  private mutating func add(_ model: Codec.Model, _ source: InstalledModel.Source) {
    do {
      let summary = try Codec(model: model).summary
      guard listed.insert(Set(summary.files)).inserted else { return }
      models.append(InstalledModel(name: model.name, source: source, summary: summary))
    } catch {
      guard source != .huggingFace else { return }
      failures.append(Failure(name: model.name, reason: "\(error)"))
    }
  }

  /// The files of weights in a folder and in those inside, links followed, each once.
  private static func files(in folder: String) -> [String] {
    var visited: Set<String> = []
    func walk(_ folder: String, depth: Int) -> [String] {
      guard depth < maximumDepth, let resolved = FileSystem.resolved(folder),
        visited.insert(resolved).inserted
      else { return [] }
      return FileSystem.fileNames(in: folder).filter { !$0.hasPrefix(".") }.flatMap { name in
        let path = folder + "/" + name
        if FileSystem.isFolder(path) { return walk(path, depth: depth + 1) }
        return WeightFileName.isWeights(name) ? [path] : []
      }
    }
    return walk(folder, depth: 0)
  }
}
