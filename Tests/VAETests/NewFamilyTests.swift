import TestSupport
import Testing

@testable import VAE

/// A family that nobody has published: all that it takes stands in this file.
@Suite struct NewFamilyTests {
  private static let families = AutoencoderFamilies.all + [AutoencoderMosaicConfig.self]
  private static let weights = "diffusion_pytorch_model.safetensors"
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test(arguments: [true, false], ["encoder.down_blocks.0", "mosaic_in"])
  func `a model is opened and run, with and without a configuration`(
    isConfigured: Bool, encoderName: String
  ) throws {
    try write(encoderName: encoderName, isConfigured: isConfigured)
    let files = try ModelFiles(path: folder.path, families: Self.families)
    #expect(files.config as? AutoencoderMosaicConfig == AutoencoderMosaicConfig(latentChannels: 2))
    #expect(files.naming == (encoderName == "mosaic_in" ? "mosaic" : "diffusers"))
    let model = try Autoencoder(files)
    #expect(model.hasEncoder && model.hasDecoder && model.encodedChannels == 2)
    let options = try ModelRun.options()
    // Each pixel has a red of its own, and a blue of a tenth of that.
    let picture = (0..<16).flatMap { pixel -> [Float] in [Float(pixel) / 16, 0, Float(pixel) / 160]
    }
    let latent = try ModelRun.encode(model, picture, height: 4, width: 4, options)
    let kept: [Float] = [0, 2 / 16, 8 / 16, 10 / 16]
    let (reds, blues) = (kept.map { 2 * $0 + 0.5 }, kept.map { $0 / 10 })
    expect(latent, reds + blues)
    let decoded = try ModelRun.decode(model, latent, height: 2, width: 2, options)
    let squares = [0, 0, 1, 1, 0, 0, 1, 1, 2, 2, 3, 3, 2, 2, 3, 3]
    expect(decoded, squares.flatMap { square -> [Float] in [kept[square], -1, kept[square] / 10] })
  }

  @Test func `a tensor that is missing, and one too many, are called as the file calls them`()
    throws
  {
    try write(encoderName: "mosaic_in", isConfigured: false, without: "mosaic_in.0.bias")
    #expect(throws: WeightsError.missingTensor(path: folder.path, name: "mosaic_in.0.bias")) {
      try open()
    }
    try write(
      encoderName: "mosaic_in", isConfigured: false, and: [.init("mosaic_in.2.bias", [1], [0])])
    let error = #expect(throws: FamilyError.self) { try open() }
    #expect(error?.description.hasPrefix("\(folder.path): `mosaic_in.2.bias` has no place") == true)
  }

  @Test func `where the family is not on the list it is not there`() throws {
    try write(encoderName: "encoder.down_blocks.0", isConfigured: true)
    let kind = ForeignModel.deepCompression.rawValue
    #expect(throws: FamilyError.unsupported(path: folder.path, what: kind)) {
      try ModelFiles(path: folder.path)
    }
  }

  @Test func `models of the other families are still theirs`() throws {
    for (name, className) in [("kl-sd", "AutoencoderKL"), ("tiny", "AutoencoderTiny")] {
      let files = try ModelFiles(path: Fixtures.path("models/\(name)"), families: Self.families)
      #expect(files.config.className == className)
    }
    try write(encoderName: "encoder.down_blocks.0", isConfigured: true)
    try folder.copy("models/kl-sd/\(Self.weights)", to: Self.weights)
    let config = folder.path("config.json")
    let reason = "holds no mosaic autoencoder, \(config) says AutoencoderMosaic"
    #expect(throws: CheckpointError.noModel(path: folder.path, reason: reason)) { try open() }
  }

  private func open() throws -> Autoencoder {
    try Autoencoder(ModelFiles(path: folder.path, families: Self.families))
  }

  /// Writes a model whose encoder keeps the upper left pixel of each square of four, and doubles its
  /// red, and whose decoder undoes both.
  private func write(
    encoderName: String, isConfigured: Bool, without missing: String? = nil,
    and others: [SafetensorsBuilder.Tensor] = []
  ) throws {
    func centre(_ value: Float) -> [Float] { (0..<9).map { $0 == 4 ? value : 0 } }
    let tensors: [SafetensorsBuilder.Tensor] = [
      .init(
        "\(encoderName).0.weight", [2, 3, 3, 3],
        [1, 0, 0, 0, 0, 1].flatMap { centre($0) }),
      .init("\(encoderName).0.bias", [2], [0, 0]),
      .init("\(encoderName).1.weight", [2, 2, 1, 1], [2, 0, 0, 1]),
      .init("\(encoderName).1.bias", [2], [0.5, 0]),
      .init(
        "decoder.up_blocks.0.0.weight", [3, 2, 3, 3],
        [0.5, 0, 0, 0, 0, 1].flatMap { centre($0) }),
      .init("decoder.up_blocks.0.0.bias", [3], [-0.25, -1, 0]),
    ]
    try folder.write(
      SafetensorsBuilder.file(tensors.filter { $0.name != missing } + others), to: Self.weights)
    guard isConfigured else { return }
    let json = #"{"_class_name":"AutoencoderMosaic","latent_channels":2}"#
    try folder.write(Array(json.utf8), to: "config.json")
  }

  private func expect(_ found: [Float], _ expected: [Float]) {
    #expect(found.count == expected.count)
    #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-5 }, "\(found), not \(expected)")
  }
}

/// The configuration of a model whose encoder has two convolutions and whose decoder has one, under names
/// that an `AutoencoderKL` would have a place for and a DC-AE has.
private struct AutoencoderMosaicConfig: Equatable {
  var latentChannels: Int

  enum CodingKeys: String, CodingKey {
    case latentChannels = "latent_channels"
  }
}

extension AutoencoderMosaicConfig: AutoencoderFamily {
  static let classNames = ["AutoencoderMosaic"]
  static let noun: String? = "mosaic autoencoder"
  var className: String { Self.classNames[0] }
  var spatialFactor: Int { 2 }
  var hasPosterior: Bool { false }
  var latentsAreScaled: Bool { false }

  init(detectedIn weights: WeightStore, groups: Int?) throws {
    let written = weights.shape(of: "encoder.down_blocks.0.1.weight")?.first
    guard let channels = written ?? weights.shape(of: "decoder.up_blocks.0.0.weight")?[1] else {
      throw WeightsError.missingTensor(
        path: weights.path, name: weights.fileName("encoder.down_blocks.0.1.weight"))
    }
    latentChannels = channels
  }

  // MARK: Names

  static let nameRules = [NameRule(.start, "mosaic_in.#", "encoder.down_blocks.0.#")]
  static let originalStyle: NameStyle? = NameStyle(name: "mosaic", place: .start)

  static let claimedKinds: Set<ForeignModel> = [.deepCompression]

  static func isPart(_ name: [String]) -> Bool {
    name.count == 5 && ["down_blocks", "up_blocks"].contains(name[1])
      && ["weight", "bias"].contains(name[4])
  }

  // MARK: Networks

  func appendEncoder(_ image: Graph.Value, to builder: inout GraphBuilder) throws -> Graph.Value {
    let squares = try builder.convolution(
      "encoder.down_blocks.0.0", image, outChannels: 2, kernelSize: 3
    ) { $0.stride = 2 }
    return try builder.convolution(
      "encoder.down_blocks.0.1", squares, outChannels: latentChannels, kernelSize: 1)
  }

  func appendDecoder(_ latent: Graph.Value, to builder: inout GraphBuilder) throws -> Graph.Value {
    try builder.convolution("decoder.up_blocks.0.0", latent, outChannels: 3, kernelSize: 3) {
      $0.upsampling = .nearest
    }
  }
}
