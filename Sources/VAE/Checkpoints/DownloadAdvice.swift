/// How to get the files of a model that the cache does not have, in one line: into the cache with
/// Hugging Face's tool, and into a folder with curl.
///
/// - SeeAlso: huggingface_hub `cli/download.py`, which passes over names that a repository does not
///   have where it is given several; so does curl, which complains of them.
package struct DownloadAdvice: CustomStringConvertible {
  /// Where in a repository the files of an autoencoder lie.
  package enum Layout: Sendable {
    /// At the top: there is nothing but the autoencoder.
    case lone
    /// Under vae/: there is a whole pipeline.
    case pipeline
  }

  private let repository: RepositoryID
  private let layout: Layout?

  /// Advice for `repository`.
  ///
  /// - Parameter layout: where its files lie, if that is known better than by its name.
  package init(_ repository: RepositoryID, layout: Layout? = nil) {
    self.repository = repository
    self.layout = layout ?? Self.layout(byNameOf: repository)
  }

  package var description: String {
    let option =
      repository.revision == RepositoryID.mainRevision ? "" : " --revision \(repository.revision)"
    let paths = places.map(\.path).joined(separator: " ")
    let outputs = places.map { place in
      "-o \(folder)/\(place.output) https://huggingface.co/\(repository.id)/resolve/"
        + "\(escapedRevision)/\(place.path)"
    }.joined(separator: " ")
    let hub = "'hf download \(repository.id) \(paths)\(option)'"
    let curl = "'curl -fL --create-dirs \(outputs)', then --model \(folder)/"
    guard layout == nil else { return "\(hub) gets it; so does \(curl)" }
    return "it is not known where its files lie: \(hub) gets those that it has at its top or under "
      + "vae/, and so does \(curl); if it has others, fetch the .safetensors file with the "
      + "autoencoder and name that with --model"
  }

  /// The files that diffusers writes: their paths in the repository, and in the folder for curl.
  private var places: [(path: String, output: String)] {
    let files = ["config.json", "diffusion_pytorch_model.safetensors"]
    switch layout {
    case .lone: return files.map { ($0, $0) }
    case .pipeline: return files.map { ("vae/\($0)", $0) }
    // Both are asked for, so they must not have one output.
    case nil: return (files + files.map { "vae/\($0)" }).map { ($0, $0) }
    }
  }

  private var folder: String { FileSystem.lastComponent(of: repository.id) }

  /// The revision as one component of a URL.
  private var escapedRevision: String { repository.revision.replacing("/", with: "%2F") }

  /// The layout by the names of the published models; nil for all others.
  private static func layout(byNameOf repository: RepositoryID) -> Layout? {
    let name = FileSystem.lastComponent(of: repository.id).lowercased()
    guard !singleFiles.contains(name) else { return nil }
    if loneParts.contains(where: { "/\(name)".contains($0) }) { return .lone }
    return pipelineParts.contains { "/\(name)".contains($0) } ? .pipeline : nil
  }

  /// Repositories of single files under other names.
  private static let singleFiles: Set<String> = ["stable-diffusion-3-medium", "taef2"]

  /// Parts of the names of repositories of autoencoders alone; a slash is the beginning of a name.
  private static let loneParts = ["vae", "/taesd", "/taef1", "small-decoder"]

  /// The same of pipelines, whose autoencoders are of these families.
  private static let pipelineParts = [
    "stable-diffusion", "/sd-turbo", "sdxl", "/flux.", "playground-v2", "/cogview", "/pixart",
    "/auraflow", "/kolors", "/hunyuandit", "/lumina-", "/z-image",
  ]
}
