import Glibc
import VAECodec

/// The program: chooses the command, runs it, and says how it ended.
enum Program {
  /// The version that `--version` prints.
  static let version = "0.1.0"
  /// The day of that version, as YYYY-MM-DD.
  static let versionDate = "2026-11-28"

  /// The commands in the order of the help.
  static let commands: [any Command.Type] = [
    EncodeCommand.self, DecodeCommand.self, RoundtripCommand.self, CompareCommand.self,
    ConvertCommand.self, PreviewCommand.self, SampleCommand.self, InterpolateCommand.self,
    TrainCommand.self, VerifyCommand.self, ServeCommand.self,
    ModelsCommand.self, InfoCommand.self, CompletionCommand.self, ManualCommand.self,
  ]

  /// The commands and what the top-level help shows.
  static let spec = ProgramSpec(
    name: "vaecodec",
    summary: "turn pictures into the latents of latent-diffusion VAEs and back",
    reference: reference,
    commands: commands.map { $0.spec },
    examples: [
      .init(line: "vaecodec encode photo.jpg -o latent.bin", meaning: "encode a photograph"),
      .init(
        line: "vaecodec decode latent.bin -o photo.png", meaning: "and make it a picture again"),
    ])

  /// The arguments of this process, its own name not among them, as paths: Swift's own list has other
  /// characters for what is no UTF-8, so that they would name other files.
  static var arguments: [String] {
    (1..<max(1, Int(CommandLine.argc))).compactMap { index in
      guard let argument = unsafe CommandLine.unsafeArgv[index] else { return nil }
      return unsafe InputFile.path(
        of: UnsafeRawBufferPointer(start: argument, count: strlen(argument)))
    }
  }

  /// Runs the program with `arguments`.
  ///
  /// - Returns: the exit status: 0 for success, 1 for a failure, 2 for wrong usage.
  static func run(_ arguments: [String]) -> Int32 {
    do {
      switch try ArgumentParser(program: spec).parse(arguments) {
      case .help(let command):
        let help = HelpText(columns: Terminal.columns(of: STDOUT_FILENO))
        try Console.print(command.map(help.text) ?? help.text(for: spec))
      case .version:
        try Console.print("vaecodec \(version)\n")
      case .run(let parsed):
        for command in commands where command.spec.name == parsed.command.name {
          try command.init(parsed).run()
        }
      }
      return 0
    } catch let error as UsageError {
      Console.complain("\(error)")
      Console.complain("'\(usageHint(arguments))' shows what is understood")
      return 2
    } catch let failure as ReportedFailure {
      return failure.status
    } catch let error as DatasetError {
      Console.complain(of: error)
      return 2
    } catch FileError.brokenPipe {
      return 1
    } catch {
      Console.complain(of: error)
      return 1
    }
  }

  private static func usageHint(_ arguments: [String]) -> String {
    let command = spec.commands.first { [$0.name] == arguments.prefix(1) }
    return (["vaecodec"] + (command.map { [$0.name] } ?? []) + ["--help"]).joined(separator: " ")
  }
}
