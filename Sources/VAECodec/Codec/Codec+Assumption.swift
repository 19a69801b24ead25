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
      case .overruled(let told, let taken):
        return "its files tell that its latents are of '\(told.rawValue)'; taken for '\(taken)' "
          + "as asked"
      case .family(let taken, let others):
        let others = others.map { "'\($0.rawValue)'" }.joined(separator: " or ")
        return "nothing tells whether its latents are of '\(taken)' or \(others); taken for the "
          + "first, which scaled latents depend on"
      case .groups(let count):
        return "nothing tells the groups of its norms; taken for \(count)"
      }
    }
  }
}
