/// How one file spells the names of a family.
struct FamilySpelling: Sendable {
  let family: any AutoencoderFamily.Type
  /// The half that the names leave out.
  let impliedHalf: ImpliedHalf?
  /// Names that the family has a place for.
  let partCount: Int
  /// Levels of the blocks that the file may count from the other end, by the original names and by
  /// diffusers'; 0 where no name has any.
  private let levels: (original: Int, canonical: Int)
  /// The rules that the names follow.
  private let rules: [NameRule]
  /// First components of the names that the networks' tensors have.
  private let roots: Set<String>

  /// The spelling of a file's names, without the prefix of the autoencoder.
  init(_ family: any AutoencoderFamily.Type, _ names: [[String]]) {
    let implied = family.impliedHalf(Set(names.filter { $0.count > 1 }.map { $0[0] }))
    let whole = names.map { Self.completed($0, implied, family) }
    let blocks = family.reversedBlocks
    levels = (Self.levels(whole, blocks?.spelling), Self.levels(whole, blocks?.canonical))
    var used: Set<NameRule> = []
    var partCount = 0
    var roots: Set<String> = implied == nil ? ["encoder", "decoder"] : []
    for (own, name) in zip(names, whole) {
      let canonical = Self.canonical(
        name, family.nameRules, levels: levels.original, used: &used)
      guard family.isPart(canonical) else { continue }
      partCount += 1
      roots.insert(own[0])
    }
    self.family = family
    self.partCount = partCount
    impliedHalf = implied
    self.roots = roots
    rules = family.nameRules.filter(used.contains)
  }

  /// The code base whose names the file uses.
  var style: String {
    guard let original = family.originalStyle, rules.contains(where: { $0.place == original.place })
    else { return "diffusers" }
    return original.name
  }

  /// Levels by the original names and by diffusers' in words, where they disagree: then nobody can say
  /// which level is which.
  var dispute: String? {
    guard levels.original > 0, levels.canonical > 0, levels.original != levels.canonical else {
      return nil
    }
    let original = family.originalStyle?.name ?? "original"
    return "\(levels.original) by its \(original) names, \(levels.canonical) by its diffusers names"
  }

  /// The canonical name of a tensor, or nil if the family has no place for it.
  func canonicalName(_ components: [String]) -> String? {
    var used: Set<NameRule> = []
    let canonical = Self.canonical(
      Self.completed(components, impliedHalf, family), family.nameRules, levels: levels.original,
      used: &used)
    return family.isPart(canonical) ? canonical.joined(separator: ".") : nil
  }

  /// Whether a name stands among those of the networks.
  func covers(_ components: [String]) -> Bool {
    components.first.map(roots.contains) ?? false
  }

  /// Whether a name among those of the networks is one that the family has no use for.
  func isUnused(_ components: [String]) -> Bool {
    family.isUnused(Self.completed(components, impliedHalf, family))
  }

  /// The name that the file would give to a tensor, without the prefix.
  func fileName(_ canonical: [String]) -> [String] {
    var components = canonical
    for place in NameRule.Place.allCases.reversed() {
      guard let index = place.index(in: components) else { continue }
      components =
        rules.lazy.filter { $0.place == place }.compactMap {
          $0.rewriting(components, at: index, .toFile, levels: levels.original)
        }.first ?? components
    }
    if let impliedHalf, components.first == impliedHalf.component { components.removeFirst() }
    return components
  }

  private static func completed(
    _ components: [String], _ half: ImpliedHalf?, _ family: any AutoencoderFamily.Type
  ) -> [String] {
    guard let half, let first = components.first, !family.outerParts.contains(first) else {
      return components
    }
    return [half.component] + components
  }

  /// One more than the largest number that follows `blocks`.
  private static func levels(_ names: [[String]], _ blocks: [String]?) -> Int {
    guard let blocks else { return 0 }
    return names.lazy.filter { $0.count > blocks.count && $0.starts(with: blocks) }
      .map { ($0[blocks.count].pathNumber ?? 0) + 1 }.max() ?? 0
  }

  private static func canonical(
    _ components: [String], _ rules: [NameRule], levels: Int, used: inout Set<NameRule>
  ) -> [String] {
    var components = components
    for place in NameRule.Place.allCases {
      guard let index = place.index(in: components) else { continue }
      for rule in rules where rule.place == place {
        if let rewritten = rule.rewriting(components, at: index, .toCanonical, levels: levels) {
          components = rewritten
          used.insert(rule)
          break
        }
      }
    }
    return components
  }
}
