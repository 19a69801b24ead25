/// What stands as the value of an option or as an operand: the parser takes no other, and shells complete it.
enum ArgumentValue: Sendable, Equatable {
  /// One of a few words.
  case words([String])
  /// The path of a file or of a folder.
  case path
  /// What cannot be listed, such as a number.
  case text

  /// One of the raw values of `type`.
  static func words<Choice: RawRepresentable & CaseIterable>(of type: Choice.Type) -> Self
  where Choice.RawValue == String {
    .words(type.allCases.map(\.rawValue))
  }
}
