import VAECodec

/// What `vaecodec sample` was asked for.
struct SampleOptions {
  /// Where the latents are drawn from.
  enum Source {
    /// The prior, of pictures of a size, in units that may be named.
    case prior(width: Int, height: Int, Latent.Units?)
    /// What is around the picture or the latent in a file.
    case around(String)
    /// A distribution that is fitted to the pictures and latents in a folder or a file.
    case fitted(to: String)
  }

  let source: Source
  /// Multiplies the deviations; nil for the usual ones.
  let temperature: Float?
  /// Of the first picture.
  let seed: UInt64
  let count: Int
  let input: LatentInputOptions
  let output: MadePictureOptions
  let style: ReportStyle
  let model: ModelOptions

  private static let number = OptionSpec(
    "count", letter: "n", placeholder: "N",
    synonyms: ["num", "number", "num-samples", "n-samples", "batch-size"],
    help: "pictures to draw; 8 unless given")
  private static let size = OptionSpec(
    "size", placeholder: "WxH", synonyms: ["resolution", "width", "height"],
    help: "the size of pictures of the prior, which has none of its own, such as 256x256")
  private static let seed = OptionSpec(
    CommonOptions.seed.name, placeholder: "N",
    help: "draw the first picture with seed N, the second with N + 1 and so on; 0 unless given")
  private static let around = OptionSpec(
    "around", placeholder: "FILE", value: .path,
    help: "draw around a picture or a latent: of its distribution, where the model makes one")
  private static let from = OptionSpec(
    "from", placeholder: "FOLDER", value: .path,
    help: "draw of a normal distribution that is fitted to the latents or pictures in FOLDER, "
      + "which have one size, or to those in a file that holds several")
  private static let temperature = OptionSpec(
    "temperature", placeholder: "T",
    help: "multiply the deviations by T, 1 unless given; around a latent without a distribution, "
      + "that of the noise in scaled units, \(Codec.usualNoise) unless given")
  private static let priorUnits = OptionSpec(
    "prior-units", placeholder: "UNITS", value: .words(of: Latent.Units.self),
    help: "raw or scaled: the latents that the prior is of; scaled for models of diffusion "
      + "families, raw for others")
  private static let inputSpecs =
    [CommonOptions.scaled, CommonOptions.unscaled]
    + LatentInputOptions.specs.filter { $0.name != size.name }

  static let specs =
    [number, size, seed, around, from, temperature, priorUnits]
    + MadePictureOptions.specs(
      output: "draw the grid of all pictures to FILE, such as grid.png, or the only one; a name "
        + "that ends in / is a folder for a file of each") + inputSpecs + ModelOptions.specs

  private static let counts = 1...10_000
  private static let largestTemperature = 100.0

  /// - Throws: `UsageError`.
  init(_ arguments: ParsedArguments) throws {
    source = try Self.source(arguments)
    temperature = try arguments.number(Self.temperature, in: 0...Self.largestTemperature).map {
      Float($0)
    }
    seed = try arguments.seed() ?? 0
    count = try arguments.integer(Self.number, in: Self.counts) ?? 8
    input = try LatentInputOptions(
      arguments, units: arguments.units(), pictureSize: { _ in nil })
    model = try ModelOptions(arguments, runsOften: true)
    let files =
      switch source {
      case .prior: [String]()
      case .around(let path), .fitted(let path): [path]
      }
    let (seed, count) = (seed, count)
    output = try MadePictureOptions(
      arguments, parts: (0..<count).map { "seed \(seed &+ UInt64($0))" },
      names: (0..<count).map { "sample-\(Format.number($0 + 1, of: count))" },
      of: files.isEmpty ? [model.model.model.name] : files)
    style = try ReportStyle(arguments)
  }

  private static func source(_ arguments: ParsedArguments) throws -> Source {
    let files = [around, from].filter(arguments.has)
    guard files.count < 2 else { throw UsageError.conflict(around.spelling, from.spelling) }
    if let option = files.first {
      for other in [size, priorUnits] where arguments.has(other) {
        throw UsageError.conflict(other.spelling, option.spelling)
      }
      let path = arguments.string(option) ?? ""
      return option == around ? .around(path) : .fitted(to: path)
    }
    for option in inputSpecs where arguments.has(option) {
      throw UsageError.missingOption(
        command: "sample \(option.spelling)", option: "\(around.spelling) or \(from.spelling)")
    }
    let form = "width and height in pixels, such as 256x256"
    guard
      let extents = try LatentInputOptions.numbers(arguments.string(size), of: size, 2, form)
    else {
      throw UsageError.missingOption(
        command: "sample",
        option: "\(size.spelling), \(around.spelling) or \(from.spelling)")
    }
    return .prior(
      width: extents[0], height: extents[1],
      try arguments.choice(priorUnits, of: Latent.Units.self))
  }
}
