import TestSupport
import Testing
import VAE

/// The local cache of Hugging Face: what is found in it, what is not, and what would lead out of it.
@Suite struct HuggingFaceCacheTests {
  private static let commit = "0123456789abcdef0123456789abcdef01234567"
  private static let repository = "hub/models--org--name"
  private static let weights = "diffusion_pytorch_model.safetensors"

  private let folder: TemporaryFolder
  private let cache: HuggingFaceCache

  init() throws {
    folder = try TemporaryFolder()
    cache = try #require(HuggingFaceCache(["HF_HOME": folder.path]))
  }

  // MARK: Places

  @Test(arguments: [
    (["HOME": "/h"], "/h/.cache/huggingface/hub"),
    (["HOME": "/h", "XDG_CACHE_HOME": "/x"], "/x/huggingface/hub"),
    (["HOME": "/h", "XDG_CACHE_HOME": ""], "/h/.cache/huggingface/hub"),
    (["HOME": "/h", "HF_HOME": "~/hf"], "/h/hf/hub"), (["HF_HOME": "/f"], "/f/hub"),
    (["HF_HOME": "/f", "HUGGINGFACE_HUB_CACHE": "/old"], "/old"),
    (["HUGGINGFACE_HUB_CACHE": "/old", "HF_HUB_CACHE": "/new"], "/new"),
    (["HF_HUB_CACHE": "$A/${B}c/$C", "A": "/a", "B": "b"], "/a/bc/$C"),
    (["HF_HUB_CACHE": "${A/x$", "A": "/a"], "${A/x$"),
  ])
  func `the place is that of Hugging Face's own tools`(
    environment: [String: String], root: String
  ) {
    #expect(HuggingFaceCache(environment)?.root == root)
  }

  @Test func `without a home there is no cache`() {
    #expect(HuggingFaceCache([:]) == nil)
    #expect(HuggingFaceCache(["HOME": ""]) == nil)
  }

  // MARK: Names

  @Test(arguments: [
    ("org/name", "org/name", "main"), ("name", "name", "main"),
    ("org/name@fp16", "org/name", "fp16"),
    ("o-r.g/n_a.m-e@refs/pr/1", "o-r.g/n_a.m-e", "refs/pr/1"),
  ])
  func `a repository is named as its tools name it`(text: String, id: String, revision: String) {
    let repository = RepositoryID(text)
    #expect(repository?.id == id && repository?.revision == revision)
    #expect(repository?.description == text)
  }

  @Test(arguments: [
    "", "/", "a/", "/a", "a/b/c", "..", "../a", "a/..", "a..b", "a--b", "-a", "a-", ".a", "a.",
    "a b", "a/b.git", "ä", "a\\b", "a/b@", "a/b@../c", "a/b@/c", "a/b@c//d", "a/b@-c", "a/b@c d",
    "a/\(String(repeating: "x", count: 97))", "a\0b",
  ])
  func `what cannot be a repository is none`(text: String) {
    #expect(RepositoryID(text) == nil)
  }

  // MARK: Finding

  @Test(arguments: ["", "vae/"])
  func `a snapshot of links to blobs is a model`(subfolder: String) throws {
    try fill(subfolder: subfolder)
    let files = try open("org/name")
    #expect(files.path == "org/name" && files.evidence.names == ["org/name"])
    #expect(try Autoencoder(files).hasDecoder)
    #expect(cache.repositories.map(\.description) == ["org/name"])
  }

  @Test func `a revision is found by its name and by its commit`() throws {
    try fill(references: ["fp16", "refs/pr/1"])
    for revision in ["fp16", "refs/pr/1", Self.commit] {
      #expect(try open("org/name@\(revision)").path == "org/name@\(revision)")
    }
    #expect(cache.repositories.map(\.description) == ["org/name@fp16"])
    expectNotCached("org/name@other", "revision `other` is not in the Hugging Face cache")
  }

  @Test func `a snapshot without references is the main one if there is no other`() throws {
    try fill(references: [])
    #expect(try open("org/name").path == "org/name")
    try folder.makeFolder("\(Self.repository)/snapshots/other")
    expectNotCached("org/name", "revision `main` is not in the Hugging Face cache")
  }

  @Test func `what is not there is told with the lines that get it`() throws {
    expectNotCached("org/name", "no such file or folder, and not in the Hugging Face cache")
    try fill()
    try folder.remove("\(Self.repository)/snapshots/\(Self.commit)/\(Self.weights)")
    expectNotCached("org/name", "its snapshot in the cache holds no .safetensors file")
    let advice = try #require(RepositoryID("org/name@fp16")).downloadAdvice
    let url = "https://huggingface.co/org/name/resolve/fp16/vae/"
    #expect(
      advice
        == "'hf download org/name vae/config.json vae/\(Self.weights) --revision fp16' gets it; so "
        + "does 'curl -fL --create-dirs -o name/config.json \(url)config.json "
        + "-o name/\(Self.weights) \(url)\(Self.weights)', then --model name/")
    let lone = try #require(RepositoryID("stabilityai/sd-vae-ft-mse")).downloadAdvice
    #expect(
      lone.hasPrefix("'hf download stabilityai/sd-vae-ft-mse config.json \(Self.weights)' gets it"))
  }

  @Test func `a blob that is not there is a file that is not there`() throws {
    try fill()
    try folder.remove("\(Self.repository)/blobs/\(Self.weights)")
    expectNotCached("org/name", "its snapshot in the cache holds no .safetensors file")
  }

  @Test func `other variants and shards are found`() throws {
    try fill(weights: "diffusion_pytorch_model.fp16.safetensors")
    #expect(try Autoencoder(open("org/name")).hasEncoder)
    try fill(weights: "a.safetensors")
    try folder.remove(
      "\(Self.repository)/snapshots/\(Self.commit)/diffusion_pytorch_model.fp16.safetensors")
    let index = try ShardFixture.index(of: "kl-sd", shard: "a.safetensors")
    try store(index, as: Self.weights + ".index.json", in: "")
    #expect(try Autoencoder(open("org/name")).hasEncoder)
  }

  // MARK: Hostile caches

  @Test func `an entry that leads out of the repository is not read`() throws {
    for name in ["config.json", Self.weights] {
      try fill()
      let entry = "\(Self.repository)/snapshots/\(Self.commit)/\(name)"
      try folder.copy("models/kl-sd/\(name)", to: "outside/\(name)")
      try folder.link(folder.path("outside/\(name)"), at: entry)
      expectOutside(folder.path("\(Self.repository)/snapshots/\(Self.commit)"), name)
      // Through a blob that is a link itself.
      try folder.link(folder.path("outside/\(name)"), at: "\(Self.repository)/blobs/\(name)")
      try folder.link("../../blobs/\(name)", at: entry)
      expectOutside(folder.path("\(Self.repository)/snapshots/\(Self.commit)"), name)
    }
  }

  @Test func `a folder of a snapshot that leads out of it is not read`() throws {
    try fill()
    for name in ["config.json", Self.weights] {
      try folder.copy("models/kl-sd/\(name)", to: "outside/\(name)")
    }
    try folder.link(
      folder.path("outside"), at: "\(Self.repository)/snapshots/\(Self.commit)/vae")
    expectOutside(folder.path("\(Self.repository)/snapshots/\(Self.commit)"), "vae")
    try folder.remove("\(Self.repository)/snapshots/\(Self.commit)")
    try folder.link(folder.path("outside"), at: "\(Self.repository)/snapshots/\(Self.commit)")
    expectOutside(folder.path(Self.repository), "snapshots/\(Self.commit)")
  }

  @Test(arguments: ["../../../outside", "..", ".", "/etc", "a/b"])
  func `a reference that is a path is not followed`(commit: String) throws {
    try fill()
    try folder.copy("models/kl-sd/config.json", to: "outside/config.json")
    try folder.write(Array(commit.utf8), to: "\(Self.repository)/refs/main")
    #expect(
      throws: WeightsError.outside(
        path: folder.path("\(Self.repository)/refs/main"), name: commit)
    ) { try open("org/name") }
  }

  @Test func `a reference that leads out of the repository is not read`() throws {
    try fill()
    try folder.write(Array(Self.commit.utf8), to: "outside/main")
    try folder.link(folder.path("outside/main"), at: "\(Self.repository)/refs/main")
    expectOutside(folder.path(Self.repository), "refs/main")
  }

  @Test func `folders that lead out of the repository are not listed`() throws {
    try fill(references: [])
    try folder.makeFolder("outside/\(Self.commit)")
    try folder.write(Array(Self.commit.utf8), to: "outside/main")
    for name in ["refs", "snapshots"] {
      try folder.link(folder.path("outside"), at: "\(Self.repository)/\(name)")
    }
    #expect(cache.repositories.isEmpty)
    try folder.remove("\(Self.repository)/refs")
    expectNotCached("org/name", "revision `main` is not in the Hugging Face cache")
  }

  @Test func `links that go round in a circle lead nowhere`() throws {
    try fill()
    let entry = "\(Self.repository)/snapshots/\(Self.commit)/\(Self.weights)"
    try folder.link(Self.weights, at: entry)
    expectNotCached("org/name", "its snapshot in the cache holds no .safetensors file")
    try folder.link("main", at: "\(Self.repository)/refs/main")
    try fill()
    #expect(cache.repositories.count == 1)
  }

  // MARK: Helpers

  /// Lays out a repository as Hugging Face's tools do, with the model `kl-sd` in it.
  private func fill(
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
  private func store(_ bytes: [UInt8], as name: String, in subfolder: String) throws {
    try folder.remove("\(Self.repository)/blobs/\(name)")
    try folder.write(bytes, to: "\(Self.repository)/blobs/\(name)")
    let up = subfolder.isEmpty ? "../../" : "../../../"
    try folder.link(
      "\(up)blobs/\(name)", at: "\(Self.repository)/snapshots/\(Self.commit)/\(subfolder)\(name)")
  }

  private func open(_ text: String) throws -> ModelFiles {
    try ModelFiles(#require(RepositoryID(text)), in: cache)
  }

  private func expectNotCached(_ text: String, _ reason: String) {
    let error = #expect(throws: WeightsError.self) { try open(text) }
    guard case .notCached(text, let found, _)? = error, found.hasPrefix(reason) else {
      Issue.record("\(String(describing: error)) is not '\(reason)'")
      return
    }
  }

  private func expectOutside(_ path: String, _ name: String) {
    #expect(throws: WeightsError.outside(path: path, name: name)) { try open("org/name") }
  }
}
