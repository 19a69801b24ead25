/// What a program is called and the commands it has.
struct ProgramSpec: Sendable {
  /// The name that users type.
  let name: String
  /// What it does, in one sentence without a full stop.
  let summary: String
  /// What holds for all of its commands.
  let reference: ProgramReference
  /// The commands in the order of the help.
  let commands: [CommandSpec]
  /// Examples for the help.
  let examples: [CommandSpec.Example]

  /// The words that may stand in the place of a command, and what they do: besides the commands, those
  /// that do what the options of their names do.
  var words: [(word: String, summary: String)] {
    commands.map { ($0.name, $0.summary) }
      + [
        (OptionSpec.help.name, "show what the program or a command takes"),
        (OptionSpec.version.name, OptionSpec.version.help),
      ]
  }
}
