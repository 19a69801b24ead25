import TestSupport
import Testing
import VAECodec

/// The models that an environment names, which is not that of the tests.
@Suite struct ModelCatalogTests {
  private let fixture: CacheFixture
  private let name = "org/name"

  /// A cache with a model.
  init() throws {
    fixture = try CacheFixture()
    try fixture.fill()
  }

  @Test func `repositories are those of the cache that the environment names`() throws {
    let catalog = ModelCatalog(environment: ["HF_HOME": fixture.folder.path])
    #expect(catalog.models.map(\.source) == [.bundled, .huggingFace])
    #expect(catalog.models.last?.name == name)
    let root = fixture.folder.path("hub")
    #expect(try Codec(model: .repository(name, cache: root)).model.name == name)
  }

  @Test func `a model that the environment names may be in its cache`() {
    let catalog = ModelCatalog(
      environment: ["HF_HOME": fixture.folder.path, "VAECODEC_MODEL": name])
    // That of the cache is the same.
    #expect(catalog.models.map(\.source) == [.bundled, .environment])
    #expect(catalog.failures.isEmpty)
  }

  @Test func `an environment without a cache has no repositories`() {
    let catalog = ModelCatalog(environment: ["VAECODEC_MODEL": name])
    #expect(catalog.models.map(\.source) == [.bundled])
    #expect(catalog.failures.map(\.reason) == ["\(name): no such file or folder"])
  }
}
