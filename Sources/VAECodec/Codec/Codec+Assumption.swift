extension Codec {
  /// Something that was assumed about a model.
  public enum Assumption: Sendable, Equatable, CustomStringConvertible {
    /// A config.json beside the files is of another class, which may be empty, and was not taken.
    case foreignConfiguration(className: String)
    /// The files are of one family, and the caller named another.
    case overruled(LatentFamily, taken: String)
    /// No file says the family; the others are those that nothing rules out.
    case family(String, others: [LatentFamily])
    /// No file says the groups of the norms.
    case groups(Int)

    public var description: String {
      switch self {
      case .foreignConfiguration(let name):
        let owner = name.isEmpty ? "names no class" : "is that of a \(name)"
        return "the config.json beside it \(owner) and was not taken"
      case .overruled(let shown, let taken):
        return "its files show that its latents are of '\(shown.rawValue)'; taken for '\(taken)' "
          + "as asked"
      case .family(let taken, let others):
        let others = others.map { "'\($0.rawValue)'" }.joined(separator: " or ")
        return
          "its files do not show whether its latents are of '\(taken)' or \(others); taken for the "
          + "first, which scaled latents depend on"
      case .groups(let count):
        return "its files do not show the groups of its norms; taken for \(count)"
      }
    }
  }
}
