/// What stands before the names of an autoencoder in a file: nothing, or components such as
/// "first_stage_model" and those that tools for training and saving put around a model.
struct AutoencoderPrefix: Hashable, Sendable {
  let components: [String]

  /// Components that say nothing of the network: of PyTorch's wrappers, of compiled modules, of
  /// trainers and of dictionaries that were saved whole.
  private static let wrappers: Set<String> = ["module", "_orig_mod", "model", "state_dict"]
  /// What checkpoints of several networks call their autoencoder.
  private static let names: Set<String> = ["first_stage_model", "vae"]
  /// Parts of components that stand before averaged copies of the weights.
  private static let averages: Set<Substring> = ["ema", "swa", "averaged", "shadow"]
  /// Longer prefixes are not looked for.
  private static let maximumCount = 4

  /// The components, each with a dot behind it.
  var text: String { components.map { $0 + "." }.joined() }

  /// The wrappers that begin it, with the dots, which all names of the file may begin with.
  var wrapper: String {
    components.prefix { Self.wrappers.contains($0) }.map { $0 + "." }.joined()
  }

  /// How likely a network with this prefix is the one that is meant; the lowest is.
  var rank: Int {
    let own = components.filter { !Self.wrappers.contains($0) }
    let rank = own.isEmpty ? 1 : own.count == 1 && Self.names.contains(own[0]) ? 0 : 2
    return rank + (isAverage ? 3 : 0)
  }

  /// Whether it is a prefix that any autoencoder may have: those that nobody has heard of take more to be
  /// one.
  var isUsual: Bool { rank < 2 }

  private var isAverage: Bool {
    components.contains { !Self.averages.isDisjoint(with: $0.lowercased().split(separator: "_")) }
  }

  /// The prefixes that the names of an autoencoder may have, with the names below each, without it.
  ///
  /// - Parameters:
  ///   - names: the components of the names of all tensors.
  ///   - roots: components that begin names of autoencoders.
  static func candidates(
    _ names: [[String]], roots: Set<String>
  ) -> [AutoencoderPrefix: [[String]]] {
    var prefixes: Set<[String]> = [[], common(names)]
    for name in names {
      for (index, component) in name.dropLast().prefix(maximumCount + 1).enumerated() {
        if roots.contains(component) { prefixes.insert(Array(name[..<index])) }
        if Self.names.contains(component), index < maximumCount {
          prefixes.insert(Array(name[...index]))
        }
      }
    }
    var found: [AutoencoderPrefix: [[String]]] = [:]
    for name in names {
      for count in 0...min(maximumCount, name.count - 1)
      where prefixes.contains(Array(name[..<count])) {
        found[AutoencoderPrefix(components: Array(name[..<count])), default: []].append(
          Array(name[count...]))
      }
    }
    return found
  }

  /// What all names begin with.
  private static func common(_ names: [[String]]) -> [String] {
    guard let first = names.first else { return [] }
    let count = names.reduce(min(maximumCount, first.count - 1)) { count, name in
      zip(first.prefix(count), name.dropLast()).prefix { $0 == $1 }.count
    }
    return Array(first[..<count])
  }
}
