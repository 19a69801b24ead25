import TestSupport
import Testing

@testable import VAE

/// config.json as it is written.
@Suite struct ConfigurationWritingTests {
  private static let models = FileSystem.fileNames(in: Fixtures.path("models")).filter {
    FileSystem.exists(Fixtures.path("models/\($0)/config.json"))
  }

  @Test(arguments: models)
  func `what is written is read again`(model: String) throws {
    let config = try ModelFiles(path: Fixtures.path("models/\(model)")).config
    let read = try AutoencoderFamilies.all.configuration(json: config.json(), path: "config.json")
    #expect(read.className == config.className)
    if let config = config as? AutoencoderKLConfig {
      #expect(read as? AutoencoderKLConfig == config)
    } else {
      #expect(read as? AutoencoderTinyConfig == config as? AutoencoderTinyConfig)
      #expect(read is AutoencoderTinyConfig)
    }
  }

  @Test func `there are models to read`() { #expect(Self.models.count > 20) }

  @Test func `new models have groups that divide their widths`() {
    let groups = [
      ([16, 32, 64, 64], 8), ([128, 256, 512, 512], 32), ([4, 8], 2), ([3, 5], 1), ([64], 32),
      ([24, 48], 8), ([48, 96], 16),
    ]
    for (widths, expected) in groups {
      #expect(AutoencoderKLConfig.usualGroups(of: widths) == expected, "\(widths)")
      let config = AutoencoderKLConfig(
        widths: widths, layersPerBlock: 1, latentChannels: 4, hasAttention: true)
      #expect(config.className == "AutoencoderKL" && config.normNumGroups == expected)
    }
  }

  @Test func `another scaling is stated`() throws {
    let config = AutoencoderKLConfig(
      widths: [8], layersPerBlock: 1, latentChannels: 2, hasAttention: false)
    let scaling = StatedScaling(factor: 0.5, shift: 2, mean: [1, 2], standardDeviation: [3, 4])
    let read = try AutoencoderFamilies.all.configuration(
      json: config.stating(scaling).json(), path: "config.json")
    #expect(read.statedScaling == scaling)
    let tiny = AutoencoderTinyConfig(latentChannels: 4)
    #expect(tiny.stating(scaling) == tiny && tiny.statedScaling == nil)
  }
}
