import TestSupport
import Testing
import VAE

/// The lines that get a model which the cache does not have.
@Suite struct DownloadAdviceTests {
  private static let weights = CacheFixture.weights

  @Test func `a pipeline's files are fetched from vae`() throws {
    let url = "https://huggingface.co/stabilityai/sdxl-turbo/resolve/fp16/vae/"
    #expect(
      try advice("stabilityai/sdxl-turbo@fp16")
        == "'hf download stabilityai/sdxl-turbo vae/config.json vae/\(Self.weights) "
        + "--revision fp16' gets it; so does 'curl -fL --create-dirs "
        + "-o sdxl-turbo/config.json \(url)config.json "
        + "-o sdxl-turbo/\(Self.weights) \(url)\(Self.weights)', then --model sdxl-turbo/")
  }

  @Test(arguments: [
    "stabilityai/sd-vae-ft-mse", "stabilityai/sdxl-vae", "madebyollin/sdxl-vae-fp16-fix",
    "madebyollin/taesd3", "madebyollin/taef1", "black-forest-labs/FLUX.2-small-decoder",
  ])
  func `an autoencoder alone is fetched from the top`(name: String) throws {
    #expect(try advice(name).hasPrefix("'hf download \(name) config.json \(Self.weights)' gets"))
  }

  @Test(arguments: [
    "stable-diffusion-v1-5/stable-diffusion-v1-5", "stabilityai/stable-diffusion-x4-upscaler",
    "stabilityai/stable-diffusion-xl-base-1.0", "stabilityai/stable-diffusion-3.5-large",
    "stabilityai/stable-diffusion-3-medium-diffusers", "stabilityai/sd-turbo",
    "black-forest-labs/FLUX.1-dev", "black-forest-labs/FLUX.2-klein-4B",
    "playgroundai/playground-v2.5-1024px-aesthetic", "THUDM/CogView3-Plus-3B",
    "zai-org/CogView4-6B",
  ])
  func `the pipelines of the published families are known`(name: String) throws {
    #expect(
      try advice(name).hasPrefix("'hf download \(name) vae/config.json vae/\(Self.weights)' gets"))
  }

  @Test(arguments: ["org/name", "stabilityai/stable-diffusion-3-medium", "madebyollin/taef2"])
  func `of others both places are asked, and what else to fetch is said`(name: String) throws {
    let text = try advice(name)
    #expect(
      text.hasPrefix(
        "it is not known where its files lie: 'hf download \(name) config.json \(Self.weights) "
          + "vae/config.json vae/\(Self.weights)' gets those that it has"))
    let folder = name.split(separator: "/")[1]
    let url = "https://huggingface.co/\(name)/resolve/main/vae/\(Self.weights)"
    #expect(text.contains("-o \(folder)/vae/\(Self.weights) \(url)', then --model \(folder)/;"))
    #expect(text.hasSuffix("with the autoencoder and name that with --model"))
  }

  @Test(arguments: [
    ("model_index.json", "vae/"), ("vae/config.json", "vae/"), ("config.json", ""),
  ])
  func `a snapshot that lacks the weights says where they lie`(
    name: String, place: String
  ) throws {
    let fixture = try CacheFixture()
    try fixture.folder.write(Array("{}".utf8), to: "\(CacheFixture.repository)/blobs/x")
    let up = name.contains("/") ? "../../../" : "../../"
    let snapshot = "\(CacheFixture.repository)/snapshots/\(CacheFixture.commit)"
    try fixture.folder.link(up + "blobs/x", at: "\(snapshot)/\(name)")
    for revision in ["", "@other"] {
      let error = #expect(throws: CheckpointError.self) { try fixture.open("org/name" + revision) }
      let lines = "'hf download org/name \(place)config.json \(place)\(Self.weights)"
      guard case .notCached(_, _, let advice)? = error, advice.hasPrefix(lines) else {
        Issue.record("\(String(describing: error))")
        continue
      }
    }
  }

  private func advice(_ name: String) throws -> String {
    try DownloadAdvice(#require(RepositoryID(name))).description
  }
}
