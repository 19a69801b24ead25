import TestSupport
import Testing
import VAE

/// The local cache of Hugging Face: what is found in it, and what is not.
@Suite struct HuggingFaceCacheTests {
  private static let commit = CacheFixture.commit
  private static let repository = CacheFixture.repository
  private static let weights = CacheFixture.weights

  private let fixture: CacheFixture

  init() throws { fixture = try CacheFixture() }

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
    try fixture.fill(subfolder: subfolder)
    let files = try fixture.open("org/name")
    #expect(files.path == "org/name" && files.evidence.names == ["org/name"])
    #expect(try Autoencoder(files).hasDecoder)
    #expect(fixture.cache.repositories.map(\.description) == ["org/name"])
  }

  @Test func `a revision is found by its name and by its commit`() throws {
    try fixture.fill(references: ["fp16", "refs/pr/1"])
    for revision in ["fp16", "refs/pr/1", Self.commit] {
      #expect(try fixture.open("org/name@\(revision)").path == "org/name@\(revision)")
    }
    #expect(fixture.cache.repositories.map(\.description) == ["org/name@fp16"])
    expectNotCached("org/name@other", "revision `other` is not in the Hugging Face cache")
  }

  @Test func `references in folders are listed, each commit under one name`() throws {
    try fixture.fill(references: ["refs/pr/1"])
    #expect(fixture.cache.repositories.map(\.description) == ["org/name@refs/pr/1"])
    let other = Self.repository + "/snapshots/other"
    try fixture.folder.copy("models/kl-sd/\(Self.weights)", to: "\(other)/\(Self.weights)")
    try fixture.folder.write(Array("other".utf8), to: Self.repository + "/refs/a/b")
    #expect(
      fixture.cache.repositories.map(\.description) == ["org/name@a/b", "org/name@refs/pr/1"])
  }

  @Test func `the folder of a repository is that repository`() throws {
    try fixture.fill()
    try fixture.folder.link(Self.repository, at: "link")
    for name in [Self.repository, Self.repository + "/", "link"] {
      let files = try ModelFiles(path: fixture.folder.path(name))
      #expect(files.path == "org/name" && files.evidence.names == ["org/name"])
    }
    try fixture.folder.remove("\(Self.repository)/refs/main")
    try fixture.folder.makeFolder("\(Self.repository)/snapshots/other")
    #expect(throws: CheckpointError.self) {
      try ModelFiles(path: fixture.folder.path(Self.repository))
    }
  }

  @Test func `a snapshot without references is the main one if there is no other`() throws {
    try fixture.fill(references: [])
    #expect(try fixture.open("org/name").path == "org/name")
    try fixture.folder.makeFolder("\(Self.repository)/snapshots/other")
    expectNotCached("org/name", "revision `main` is not in the Hugging Face cache")
  }

  @Test func `what is not there is reported with the lines that get it`() throws {
    expectNotCached("org/name", "no such file or folder, and not in the Hugging Face cache")
    try fixture.fill()
    try fixture.folder.remove("\(Self.repository)/snapshots/\(Self.commit)/\(Self.weights)")
    expectNotCached(
      "org/name",
      "its snapshot in the cache holds no weights (.safetensors, .sft, .ckpt, .pt, .pth, .bin)")
  }

  @Test func `a blob that is not there is a file that is not there`() throws {
    try fixture.fill()
    try fixture.folder.remove("\(Self.repository)/blobs/\(Self.weights)")
    expectNotCached(
      "org/name",
      "its snapshot in the cache holds no weights (.safetensors, .sft, .ckpt, .pt, .pth, .bin)")
  }

  @Test func `other variants and shards are found`() throws {
    try fixture.fill(weights: "diffusion_pytorch_model.fp16.safetensors")
    #expect(try Autoencoder(fixture.open("org/name")).hasEncoder)
    try fixture.fill(weights: "a.safetensors")
    try fixture.folder.remove(
      "\(Self.repository)/snapshots/\(Self.commit)/diffusion_pytorch_model.fp16.safetensors")
    let index = try ShardFixture.index(of: "kl-sd", shard: "a.safetensors")
    try fixture.store(index, as: Self.weights + ".index.json", in: "")
    #expect(try Autoencoder(fixture.open("org/name")).hasEncoder)
  }

  private func expectNotCached(_ text: String, _ reason: String) {
    let error = #expect(throws: CheckpointError.self) { try fixture.open(text) }
    guard case .notCached(text, let found, _)? = error, found.hasPrefix(reason) else {
      Issue.record("\(String(describing: error)) is not '\(reason)'")
      return
    }
  }
}
