import VAECodec

/// `vaecodec models`: the models that are on this machine.
struct ModelsCommand: Command {
  static let spec = CommandSpec(
    name: "models",
    summary: "list the models that are on this machine",
    usage: ["vaecodec models [options]"],
    operands: [],
    options: [CommonOptions.json, CommonOptions.quiet],
    examples: [
      .init(
        line: "vaecodec models",
        meaning: "family, size, what --model takes, and the file, of the built-in model, that of "
          + "VAECODEC_MODEL and those in the Hugging Face cache"),
      .init(
        line: "COMFYUI_PATH=~/ComfyUI vaecodec models --json",
        meaning: "those of ComfyUI too, one JSON object a line"),
    ])

  /// A model as it is reported in JSON.
  private struct Report: Encodable {
    let model: String
    let source: String
    let family: String
    let className: String
    let latentChannels: Int
    let bytes: Int
    let path: String?

    private enum CodingKeys: String, CodingKey {
      case model, source, family, bytes, path
      case className = "class"
      case latentChannels = "latent_channels"
    }

    init(_ model: InstalledModel) {
      self.model = model.name
      source = model.source.rawValue
      family = model.summary.latentSpace.family
      className = model.summary.className
      latentChannels = model.summary.latentSpace.channels
      bytes = model.summary.byteCount
      path = model.summary.files.first
    }
  }

  private let style: ReportStyle

  init(_ arguments: ParsedArguments) throws { style = try ReportStyle(arguments) }

  func run() throws {
    let catalog = ModelCatalog()
    let reports = catalog.models.map(Report.init)
    if style.isJSON {
      for report in reports { try Console.printJSON(report) }
    } else {
      for line in Self.table(reports) { try Console.printLine(line) }
    }
    guard !style.isQuiet else { return }
    for failure in catalog.failures { Console.complain("note: \(failure.reason)") }
  }

  /// The models in aligned columns.
  private static func table(_ reports: [Report]) -> [String] {
    let rows =
      [["family", "size", "model", "file"]]
      + reports.map { report in
        let path = report.path.flatMap { $0 == report.model ? nil : $0 } ?? ""
        return [report.family, Format.bytes(report.bytes), report.model, path]
      }
    let widths = (0..<3).map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      let cells = row.enumerated().map { column, cell in
        column < widths.count
          ? cell + String(repeating: " ", count: widths[column] - cell.count) : cell
      }
      return String(cells.joined(separator: "  ").reversed().drop { $0 == " " }.reversed())
    }
  }
}
