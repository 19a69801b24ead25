import Glibc
import VAECodec

/// `vaecodec serve`: pictures and latents of another program, one after the other, through pipes.
struct ServeCommand: Command {
  private static let jpegQuality = OptionSpec(
    CommonOptions.jpegQuality.name, placeholder: "N",
    help: "answer with JPEG pictures of this quality, 1 to 100, in place of PNG")
  private static let maximumInput = OptionSpec(
    "max-input", placeholder: "SIZE",
    help: "refuse requests of more bytes than SIZE; 1G unless given")

  static let spec = CommandSpec(
    name: "serve",
    summary: "encode and decode what another program sends through a pipe",
    usage: ["vaecodec serve [options]"],
    operands: [],
    options: [
      CommonOptions.scaled, CommonOptions.unscaled, CommonOptions.matte, jpegQuality,
      maximumInput,
    ] + LatentOutputOptions.specs(quality: CommonOptions.quality)
      + ModelOptions.specs.filter {
        ![CommonOptions.json.name, CommonOptions.progress.name].contains($0.name)
      },
    limits: [
      "A request is a line of JSON, {\"id\": 7, \"bytes\": 182731}, and then so many bytes of a picture or of a latent "
        + "file, or {\"id\": 7, \"path\": \"a.png\"} alone. A reply is a line with the same id, \"status\" ok or error, "
        + "\"kind\" latent or picture and \"bytes\", and then so many bytes. The first line is no reply; it names the "
        + "model. Replies come in the order of the requests.",
      "At most two requests for each thread are read ahead: a program that writes all of its requests before it reads "
        + "a reply waits for ever. The end of standard input ends the program.",
    ],
    examples: [
      .init(
        line: "vaecodec serve --model sdxl-vae/ --format npy",
        meaning: "pictures come back as NumPy arrays, latents as PNG pictures")
    ])

  private let settings: ServeSettings
  private let model: ModelOptions
  private let style: ReportStyle

  init(_ arguments: ParsedArguments) throws {
    let output = try LatentOutputOptions(
      arguments, units: arguments.units(), unitsOptions: "--scaled or --unscaled")
    var writing = output.writing
    writing.format = writing.format ?? .npy
    _ = try output.checkedFormat(of: "reply.\(output.fileExtension)")
    let maximumPixelCount = try arguments.maximumPixelCount()
    let jpegQuality = try arguments.integer(CommonOptions.jpegQuality, in: 1...100)
    settings = ServeSettings(
      encoding: EncodeSettings(
        matte: try arguments.matte(), writing: writing, maximumPixelCount: maximumPixelCount),
      decoding: DecodeSettings(
        reading: LatentReading(units: try arguments.units(), maximumPixelCount: maximumPixelCount),
        writing: PictureWriting(
          format: jpegQuality == nil ? .png : .jpg,
          jpegQuality: jpegQuality ?? PictureWriting.usualJPEGQuality)),
      maximumByteCount: try arguments.byteCount(Self.maximumInput) ?? 1 << 30)
    style = try ReportStyle(arguments)
    model = try ModelOptions(arguments)
  }

  func run() throws {
    let loaded = try LoadedModel(model, style)
    let request = StopRequest()
    let signals = StopSignals(request, grace: style.grace, abandon: {})
    try loaded.codec.serve(
      version: Program.version, from: STDIN_FILENO, to: STDOUT_FILENO, settings, stopping: request
    ) { error in
      (ErrorCode(error).rawValue, ErrorText.lines(of: error).joined(separator: "; "))
    }
    if let status = signals.exitStatus { throw ReportedFailure(status: status) }
  }
}
