import Testing
import VAE

@testable import VAECodec

/// Which space a model's latents live in, and who reads whose.
@Suite struct LatentSpaceTests {
  // MARK: The space of a model

  @Test(arguments: [
    (#""scaling_factor":0.18215"#, "sd"), (#""scaling_factor":null"#, "sd"),
    (#""scaling_factor":0.13025"#, "sdxl"), (#""scaling_factor":0.08333"#, "sd-x4"),
    (#""scaling_factor":1.5305,"shift_factor":0.0609,"latent_channels":16"#, "sd3"),
    (#""scaling_factor":0.3611,"shift_factor":0.1159,"latent_channels":16"#, "flux1"),
    (#""scaling_factor":1,"shift_factor":0.0,"latent_channels":16"#, "cogview"),
    (
      #""scaling_factor":0.5,"latents_mean":[-1.6574,1.886,-1.383,2.5155],"#
        + #""latents_std":[8.4927,5.9022,6.5498,5.2299]"#, "playground"
    ),
    (#""scaling_factor":0.18215,"latent_channels":16"#, "custom"),
    (#""scaling_factor":0.2"#, "custom"),
  ])
  func `an AutoencoderKL is known by its channels and its scaling`(
    fields: String, family: String
  ) throws {
    let json = #"{"_class_name":"AutoencoderKL",\#(fields)}"#
    let config = try AutoencoderFamilies.all.configuration(json: Array(json.utf8), path: "test")
    let space = try LatentSpace(config, names: ["taesdxl"])
    #expect(space.family == family)
    #expect(space.scaling != nil && space.channels == config.latentChannels)
    #expect(LatentFamily(rawValue: family).map { $0.scaling == space.scaling } ?? true)
  }

  @Test(arguments: [
    ("taesd_encoder.safetensors", 4, "sd"), ("TAESD.safetensors", 4, "sd"),
    ("taesdxl_decoder.safetensors", 4, "sdxl"), ("taesd3_encoder.safetensors", 16, "sd3"),
    ("my-taef1", 16, "flux1"), ("taef2.safetensors", 32, "flux2"), ("model", 4, "custom"),
    // A name that its channels belie says nothing.
    ("taesd", 16, "custom"), ("taesd3", 4, "custom"),
  ])
  func `a tiny autoencoder is known by its name`(
    name: String, channels: Int, family: String
  ) throws {
    let config = AutoencoderTinyConfig(latentChannels: channels)
    let space = try LatentSpace(config, names: [name])
    #expect(space.family == family)
    #expect(space.scaling == LatentFamily(rawValue: family)?.scaling)
    #expect(space.spatialFactor == 8)
  }

  @Test func `a family that the user names wins`() throws {
    let config = AutoencoderTinyConfig(latentChannels: 4)
    let space = try LatentSpace(config, names: ["taesd"], family: .sdxl)
    #expect(space.family == "sdxl" && space.scaling == LatentScaling(factor: 0.13025))
    let json = #"{"_class_name":"AutoencoderKL"}"#
    let kl = try AutoencoderFamilies.all.configuration(json: Array(json.utf8), path: "test")
    #expect(try LatentSpace(kl, names: [], family: .sdxl).scaling?.factor == 0.13025)
  }

  @Test func `a family of other channels is refused`() {
    let config = AutoencoderTinyConfig(latentChannels: 4)
    let error = LatentError.familyMismatch(family: .flux1, channels: 4)
    #expect(throws: error) { try LatentSpace(config, names: ["taesd"], family: .flux1) }
    #expect(error.description == "family 'flux1' has 16 channels, the model has 4")
  }

  @Test(arguments: LatentFamily.allCases)
  func `a family is found by what it is made of`(family: LatentFamily) {
    guard let scaling = family.scaling else { return }
    #expect(LatentFamily(channels: family.channels, scaling: scaling) == family)
  }

  // MARK: Reading

  private static let sd = LatentSpace(
    family: "sd", channels: 4, spatialFactor: 8, scaling: LatentScaling(factor: 0.18215))

  @Test(arguments: [
    (sd, true), (LatentSpace(family: "sd", channels: 4, spatialFactor: 8, scaling: nil), true),
    (LatentSpace(family: "", channels: 4, spatialFactor: 8, scaling: nil), true),
    (
      LatentSpace(
        family: "sdxl", channels: 4, spatialFactor: 8, scaling: LatentScaling(factor: 0.13025)),
      false
    ),
    (LatentSpace(family: "sdxl", channels: 4, spatialFactor: 8, scaling: nil), false),
    (
      LatentSpace(
        family: "sd", channels: 4, spatialFactor: 8, scaling: LatentScaling(factor: 0.2)), false
    ),
    (LatentSpace(family: "sd", channels: 16, spatialFactor: 8, scaling: sd.scaling), false),
    (LatentSpace(family: "sd", channels: 4, spatialFactor: 4, scaling: sd.scaling), false),
  ])
  func `a decoder reads latents of its own space`(latent: LatentSpace, reads: Bool) {
    #expect(latent.isReadable(by: Self.sd) == reads)
  }

  @Test(arguments: [
    (sd, "'sd' (4 channels, factor 8, scaling 0.18215)"),
    (
      LatentSpace(
        family: "sd3", channels: 16, spatialFactor: 8,
        scaling: LatentScaling(factor: 1.5305, shift: 0.0609)),
      "'sd3' (16 channels, factor 8, scaling 1.5305, shift 0.0609)"
    ),
    (
      LatentSpace(family: "custom", channels: 3, spatialFactor: 2, scaling: nil),
      "'custom' (3 channels, factor 2)"
    ),
  ])
  func `a space is put in words`(space: LatentSpace, words: String) {
    #expect(space.description == words)
  }
}

extension LatentSpace {
  /// The space of a model of `config` in files of these names.
  init(_ config: any AutoencoderFamily, names: [String], family: LatentFamily? = nil) throws {
    let evidence = FamilyEvidence(names: names, architecture: nil, tensorNames: [])
    let detection = FamilyDetection(config, evidence)
    try self.init(
      config, statistics: nil, stated: detection.scaling, detected: detection.family,
      family: family)
  }
}
