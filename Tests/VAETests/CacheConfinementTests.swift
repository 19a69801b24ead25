import TestSupport
import Testing
import VAE

/// Caches that were made to have something read outside them.
@Suite struct CacheConfinementTests {
  private static let commit = CacheFixture.commit
  private static let repository = CacheFixture.repository
  private static let weights = CacheFixture.weights

  private let fixture: CacheFixture
  private var folder: TemporaryFolder { fixture.folder }

  init() throws { fixture = try CacheFixture() }

  @Test func `an entry that leads out of the repository is not read`() throws {
    for name in ["config.json", Self.weights] {
      try fixture.fill()
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
    try fixture.fill()
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
    try fixture.fill()
    try folder.copy("models/kl-sd/config.json", to: "outside/config.json")
    try folder.write(Array(commit.utf8), to: "\(Self.repository)/refs/main")
    #expect(
      throws: CheckpointError.outside(
        path: folder.path("\(Self.repository)/refs/main"), name: commit)
    ) { try fixture.open("org/name") }
  }

  @Test func `a reference that leads out of the repository is not read`() throws {
    try fixture.fill()
    try folder.write(Array(Self.commit.utf8), to: "outside/main")
    try folder.link(folder.path("outside/main"), at: "\(Self.repository)/refs/main")
    expectOutside(folder.path(Self.repository), "refs/main")
  }

  @Test func `folders that lead out of the repository are not listed`() throws {
    try fixture.fill(references: [])
    try folder.makeFolder("outside/\(Self.commit)")
    try folder.write(Array(Self.commit.utf8), to: "outside/main")
    for name in ["refs", "snapshots"] {
      try folder.link(folder.path("outside"), at: "\(Self.repository)/\(name)")
    }
    #expect(fixture.cache.repositories.isEmpty)
    try folder.remove("\(Self.repository)/refs")
    #expect(throws: CheckpointError.self) { try fixture.open("org/name") }
  }

  @Test func `links that go round in a circle lead nowhere`() throws {
    try fixture.fill()
    let entry = "\(Self.repository)/snapshots/\(Self.commit)/\(Self.weights)"
    try folder.link(Self.weights, at: entry)
    #expect(throws: CheckpointError.self) { try fixture.open("org/name") }
    try folder.link("main", at: "\(Self.repository)/refs/main")
    try fixture.fill()
    #expect(fixture.cache.repositories.count == 1)
  }

  @Test func `a repository that is a link is not followed`() throws {
    try fixture.fill()
    for target in ["outside/models--org--name", "hub/models--org--other"] {
      let moved = try CommandLineRun.shell(
        "mkdir -p outside; mv \(Self.repository) \(target)", in: folder)
      #expect(moved.status == 0)
      try folder.link(folder.path(target), at: Self.repository)
      expectOutside(folder.path("hub"), "models--org--name")
      #expect(!fixture.cache.repositories.contains { $0.id == "org/name" })
      try folder.remove(Self.repository)
      try fixture.fill()
    }
  }

  @Test(arguments: [
    ("snapshots", "snapshots/\(Self.commit)"), ("refs", "refs/main"),
    ("refs/main", "refs/main"),
    ("snapshots/\(Self.commit)", "snapshots/\(Self.commit)"),
  ])
  func `a part of a repository that is a link is not followed, not even into the repository`(
    part: String, name: String
  ) throws {
    try fixture.fill()
    for target in [folder.path("moved"), folder.path("\(Self.repository)/blobs/moved")] {
      let moved = try CommandLineRun.shell(
        "rm -rf \(target); mv \(Self.repository)/\(part) \(target)", in: folder)
      #expect(moved.status == 0, "\(moved)")
      try folder.link(target, at: "\(Self.repository)/\(part)")
      expectOutside(folder.path(Self.repository), name)
      try folder.remove("\(Self.repository)/\(part)")
      try fixture.fill()
    }
  }

  @Test func `blobs are files: a folder among them is not a part of a snapshot`() throws {
    try fixture.fill()
    let snapshot = "\(Self.repository)/snapshots/\(Self.commit)"
    for name in ["config.json", Self.weights] {
      try folder.copy("models/kl-sd/\(name)", to: "\(Self.repository)/blobs/vae/\(name)")
    }
    try folder.link("../../blobs/vae", at: "\(snapshot)/vae")
    expectOutside(folder.path(snapshot), "vae")
    try folder.link(folder.path("elsewhere"), at: "\(Self.repository)/blobs")
    try folder.remove("\(snapshot)/vae")
    for name in ["config.json", Self.weights] {
      try folder.copy("models/kl-sd/\(name)", to: "elsewhere/\(name)")
    }
    expectOutside(folder.path(snapshot), Self.weights)
  }

  @Test func `the cache itself may be a link`() throws {
    try fixture.fill()
    try folder.link("hub", at: "link")
    let cache = try #require(HuggingFaceCache(["HF_HUB_CACHE": folder.path("link")]))
    let repository = try #require(RepositoryID("org/name"))
    #expect(try Autoencoder(ModelFiles(repository, in: cache)).hasDecoder)
    #expect(cache.repositories == [repository])
  }

  private func expectOutside(_ path: String, _ name: String) {
    #expect(throws: CheckpointError.outside(path: path, name: name)) {
      try fixture.open("org/name")
    }
  }
}
