/// What a program is called and the commands it has.
struct ProgramSpec: Sendable {
  /// The name that users type.
  let name: String
  /// What it does, in one sentence without a full stop.
  let summary: String
  /// The commands in the order of the help.
  let commands: [CommandSpec]
  /// Examples for the help.
  let examples: [CommandSpec.Example]
}
