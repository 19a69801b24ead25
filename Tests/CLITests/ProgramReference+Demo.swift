@testable import VAECodecCLI

extension ProgramReference {
  /// What holds for all commands of a small program.
  static let demo = ProgramReference(
    version: "1.2.3", date: "2026-01-31", description: ["demo works.", ".It also rests."],
    exitStatuses: [.init("0", "All is well.")],
    environment: [.init("DEMO_HOME", "Where it lives.")],
    files: [.init("~/.demo", "What it 'knows'.")], relatedPages: ["cat(1)", "ls(1)"])
}
