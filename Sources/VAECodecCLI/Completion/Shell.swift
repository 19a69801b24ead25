/// A shell that completes what is typed, by a script that is made of the options' declarations.
enum Shell: String, CaseIterable {
  case bash, zsh, fish

  /// The script that completes the arguments of `program`.
  func completion(of program: ProgramSpec) -> String {
    switch self {
    case .bash: BashCompletion(program).script
    case .zsh: ZshCompletion(program).script
    case .fish: FishCompletion(program).script
    }
  }
}
