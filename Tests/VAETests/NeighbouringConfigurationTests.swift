import TestSupport
import Testing
import VAE

/// A config.json that lies beside a file which it may not belong to.
@Suite struct NeighbouringConfigurationTests {
  private static let weights = "diffusion_pytorch_model.safetensors"
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test(arguments: [
    weights, "diffusion_pytorch_model.fp16.safetensors", "diffusion_pytorch_model (1).safetensors",
    "model.safetensors", "model-00001-of-00001.safetensors",
  ])
  func `the names that libraries write have a configuration of their own`(name: String) throws {
    let path = try copy("kl-sdxl", to: name)
    let files = try ModelFiles(path: path)
    #expect(files.configurationSource == .own && files.assumedGroups == nil)
    #expect(files.config.statedScaling?.factor == 0.13025)
  }

  @Test(arguments: ["my_vae.safetensors", "modelled.safetensors", "ae.sft"])
  func `another file takes what its tensors do not show, if all else fits`(name: String) throws {
    let path = try copy("kl-sdxl", to: name)
    let files = try ModelFiles(path: path)
    #expect(files.configurationSource == .neighbour && files.assumedGroups == nil)
    // The folder is one model's.
    #expect(try ModelFiles(path: folder.path).configurationSource == .folder)
    let half = try SafetensorsBuilder.tensors(of: path).filter { !$0.name.hasPrefix("decoder.") }
    try folder.write(SafetensorsBuilder.file(half), to: name)
    #expect(try ModelFiles(path: path).configurationSource == .neighbour)
  }

  @Test(arguments: ["kl-x4", "kl-flux1", "kl-cogview", "tiny"])
  func `a configuration that does not fit is not taken`(model: String) throws {
    let path = try folder.copy("models/kl-sdxl/\(Self.weights)", to: "vae-b.safetensors")
    try folder.copy("models/\(model)/config.json", to: "config.json")
    let files = try ModelFiles(path: path, groups: 4)
    #expect(files.configurationSource == .unfitting && files.config.latentChannels == 4)
    #expect(files.config.statedScaling == nil)
  }

  @Test(arguments: ["{", "[]", #"{"_class_name":"AutoencoderKL","in_channels":4}"#])
  func `a neighbour that cannot be used does no harm`(json: String) throws {
    let path = try folder.copy("models/kl-sdxl/\(Self.weights)", to: "vae-b.safetensors")
    let config = try folder.write(Array(json.utf8), to: "config.json")
    #expect(try ModelFiles(path: path, groups: 4).configurationSource == .unfitting)
    try folder.copy("models/kl-sdxl/\(Self.weights)", to: Self.weights)
    let error = #expect(throws: FamilyError.self) {
      try ModelFiles(path: folder.path(Self.weights), groups: 4)
    }
    #expect(error?.description.hasPrefix("\(config): ") == true)
  }

  /// Writes the file and the configuration of a fixture.
  private func copy(_ model: String, to name: String) throws -> String {
    try folder.copy("models/\(model)/config.json", to: "config.json")
    return try folder.copy("models/\(model)/\(Self.weights)", to: name)
  }
}
