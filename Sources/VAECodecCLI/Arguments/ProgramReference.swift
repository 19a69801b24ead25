/// What holds for all commands of a program and stands in its manual page.
struct ProgramReference: Sendable {
  /// Something with a name, and what it is or does, in sentences.
  struct Entry: Sendable {
    let name: String
    let meaning: String

    init(_ name: String, _ meaning: String) {
      self.name = name
      self.meaning = meaning
    }
  }

  /// The program's version, and the day of it as YYYY-MM-DD.
  let version: String
  let date: String
  /// What the program is and does, in paragraphs.
  let description: [String]
  /// Exit statuses.
  let exitStatuses: [Entry]
  /// The variables of the environment that it reads.
  let environment: [Entry]
  /// The files that it reads or writes without being given their names.
  let files: [Entry]
  /// Manual pages on the same matter, such as "cat(1)".
  let relatedPages: [String]
}
