import VAECodec

/// `vaecodec verify`: whether the files of a data set are what they should be.
struct VerifyCommand: Command {
  private static let pictures = OptionSpec(
    "inputs", placeholder: "FOLDER", value: .path, synonyms: ["pictures", "sources"],
    help:
      "the folder that the files were made of: inputs that changed, are gone or were left out are told"
  )
  private static let quick = OptionSpec(
    flag: "quick", help: "look at names and sizes only, not at what is in the files")
  private static let repair = OptionSpec(
    flag: "repair", synonyms: ["fix", "delete"],
    help: "take broken files away, so that the next run makes them again")

  static let spec = CommandSpec(
    name: "verify",
    summary: "tell which files of a data set are missing, broken, stale or extra",
    usage: ["vaecodec verify FOLDER [options]"],
    operands: [
      .init(
        "FOLDER",
        help:
          "the output folder of encode, decode, convert or preview, or a folder of latents of another program"
      )
    ],
    options: [
      pictures, quick, repair, CommonOptions.threads, CommonOptions.json, CommonOptions.quiet,
    ],
    limits: [
      "In a folder without a record of runs, as other programs' caches are, every file is read that is called as "
        + "latents are; missing and stale ones cannot be known there."
    ],
    examples: [
      .init(line: "vaecodec verify latents/", meaning: "read all files and check them"),
      .init(
        line: "vaecodec verify latents/ --inputs photos/ --quick",
        meaning: "which photos changed or have no latent, in seconds"),
      .init(
        line: "vaecodec verify cache/ --repair",
        meaning: "take away what a crashed trainer left half-written"),
    ])

  private let folder: String
  private let inputs: String?
  private let depth: DatasetVerification.Depth
  private let repairs: Bool
  private let threads: Int?
  private let style: ReportStyle

  init(_ arguments: ParsedArguments) throws {
    folder = arguments.operands[0]
    style = try ReportStyle(arguments)
    repairs = arguments.has(Self.repair)
    threads = try arguments.integer(CommonOptions.threads, in: 1...4096)
    inputs = arguments.string(Self.pictures)
    depth = arguments.has(Self.quick) ? .quick : .full
  }

  private struct FaultReport: Encodable {
    let path: String
    let fault: String
    let reason: String
  }

  private struct SummaryReport: Encodable {
    struct Counts: Encodable {
      let files: Int
      let faults: [String: Int]
      let removed: Int
    }
    let summary: Counts
  }

  func run() throws {
    let summary = try DatasetVerification(of: folder, inputs: inputs, depth: depth).run(
      repairing: repairs, threads: Resources(threads: threads).resolvedThreads
    ) { path, fault in
      if style.isJSON {
        try Console.printJSON(FaultReport(path: path, fault: fault.kind, reason: "\(fault)"))
      } else {
        Console.complain("\(path): \(fault)")
      }
    }
    if style.isJSON {
      try Console.printJSON(
        SummaryReport(
          summary: .init(
            files: summary.fileCount, faults: summary.faultCounts, removed: summary.removedCount)))
    } else if style.printsLines {
      let faults = summary.faultCounts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
      let removed = summary.removedCount > 0 ? ["\(summary.removedCount) taken away"] : []
      try Console.printLine(
        "\(summary.fileCount) files: "
          + (faults.isEmpty ? "all as they should be" : (faults + removed).joined(separator: ", ")))
    }
    if summary.faultCount > 0 { throw ReportedFailure(status: 3) }
  }
}
