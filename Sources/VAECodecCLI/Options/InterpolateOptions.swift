import VAECodec

/// What `vaecodec interpolate` was asked for.
struct InterpolateOptions {
  /// The pictures and latents, in their order.
  let inputs: [String]
  /// Frames from each input to the next, both of their own among them.
  let count: Int
  let paths: [Interpolation.Path]
  let input: LatentInputOptions
  let output: MadePictureOptions
  let style: ReportStyle
  let model: ModelOptions

  private static let frames = OptionSpec(
    "frames", letter: "n", placeholder: "N",
    synonyms: ["steps", "num-frames", "interpolation-steps", "count"],
    help: "pictures from each input to the next, both of their own among them; 9 unless given")
  private static let path = OptionSpec(
    "path", placeholder: "WAY", value: .words(of: Interpolation.Path.self), isRepeatable: true,
    synonyms: ["method", "mode", "blend-mode"],
    help:
      "lerp, a straight line between the latents; slerp, an arc; channel, an arc at each "
      + "position; or pixel, a cross-fade of the decoded pictures to compare with; lerp unless "
      + "given; repeated, a row for each")

  static let specs =
    [frames, path]
    + MadePictureOptions.specs(
      output: "draw the strip of all pictures to FILE, such as strip.png; a name that ends in / "
        + "is a folder for a file of each") + [CommonOptions.scaled, CommonOptions.unscaled]
    + LatentInputOptions.specs + ModelOptions.specs

  private static let mostFrames = 1000

  /// - Throws: `UsageError`.
  init(_ arguments: ParsedArguments) throws {
    inputs = arguments.operands
    guard inputs.count(where: { $0 == "-" }) < 2 else {
      throw UsageError.conflict("-", "a second -")
    }
    count = try arguments.integer(Self.frames, in: 2...Self.mostFrames) ?? 9
    paths = try Self.paths(arguments)
    input = try LatentInputOptions(arguments, units: arguments.units())
    let columns = (inputs.count - 1) * (count - 1) + 1
    let numbered = paths.flatMap { path in (0..<columns).map { (path.rawValue, $0) } }
    output = try MadePictureOptions(
      arguments, parts: numbered.map { "picture \($1 + 1) of \($0)" },
      names: numbered.map { "\($0)-\(Format.number($1 + 1, of: columns))" }, of: inputs)
    style = try ReportStyle(arguments)
    model = try ModelOptions(arguments, runsOften: true)
  }

  private static func paths(_ arguments: ParsedArguments) throws -> [Interpolation.Path] {
    let words = arguments.strings(path)
    guard Set(words).count == words.count else { throw UsageError.repeatedOption(path.spelling) }
    let paths = try words.map { word in
      guard let path = Interpolation.Path(rawValue: word) else {
        throw UsageError.invalidValue(
          option: path.spelling, found: word,
          expected: .choice(Interpolation.Path.allCases.map(\.rawValue)))
      }
      return path
    }
    return paths.isEmpty ? [.lerp] : paths
  }
}
