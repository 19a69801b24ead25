/// How one file calls the tensors of an autoencoder: finds the family that has a place for the most of
/// them, and maps its names to the canonical ones, those of diffusers, and back.
///
/// A file may hold much besides: with a prefix that sets the autoencoder apart, everything without
/// it is passed over. Spellings may be mixed; each name is understood by itself.
package struct TensorNaming: Sendable {
  /// What stands before every name of the autoencoder: "first_stage_model.", "vae." or nothing.
  package let prefix: String
  /// The prefix of another autoencoder of the file, the likeliest; nil where there is none.
  package let otherPrefix: String?
  /// Whether the other autoencoder may be meant as well.
  let isAmbiguous: Bool
  /// What the names of all networks of the file may begin with.
  private let wrapper: String
  private let spelling: FamilySpelling
  /// Names that only another family has a place for are mapped as well: the network has none for them,
  /// and a file that mixes families is refused.
  private let others: [FamilySpelling]

  /// The naming of a file whose tensors are called `names`, or nil if it holds no autoencoder of
  /// `families`. Those that the names are not foreign to come first; of two that have a place for as
  /// many names, the first is taken.
  package init?(
    _ names: some Collection<String>,
    families: [any AutoencoderFamily.Type] = AutoencoderFamilies.all
  ) {
    let roots = families.reduce(into: Set<String>()) { $0.formUnion($1.roots) }
    let found = AutoencoderPrefix.candidates(names.map(Self.components), roots: roots)
      .compactMap { prefix, own in Candidate(prefix, own, families) }
      .sorted { ($0.prefix.rank, $0.prefix.text) < ($1.prefix.rank, $1.prefix.text) }
    // Single tensors may have gone astray.
    let whole = found.filter { candidate in
      !found.contains {
        $0.prefix.rank == candidate.prefix.rank && $0.partCount > 2 * candidate.partCount
      }
    }
    guard let own = whole.first else { return nil }
    let other = whole.dropFirst().first { 2 * $0.partCount >= own.partCount }
    prefix = own.prefix.text
    wrapper = own.prefix.wrapper
    otherPrefix = other?.prefix.text
    isAmbiguous = other?.prefix.rank == own.prefix.rank
    spelling = own.spelling
    others = own.others
  }

  /// The family of the tensors.
  package var family: any AutoencoderFamily.Type { spelling.family }

  /// The half of a model that comes in two files, whose names do not say it; nil for all other files.
  package var pairedHalf: AutoencoderHalf? {
    spelling.impliedHalf.flatMap { $0.isPaired ? $0.half : nil }
  }

  /// The name of the file of the other half, beside the file `name`; nil if there is none.
  func sibling(of name: String) -> String? {
    pairedHalf.flatMap { family.sibling(of: name, $0) }
  }

  /// The code base whose names the file uses, and the prefix.
  package var summary: String {
    spelling.style + (prefix.isEmpty ? "" : ", prefix \(prefix)")
  }

  /// What the file's names of either style say about the levels of its decoder, where they disagree.
  var disputedLevels: String? { spelling.dispute }

  /// The canonical name of the tensor `name` of the file, or nil if it is no part of the autoencoder.
  package func canonicalName(_ name: String) -> String? {
    let spellings = [spelling] + others
    let bare = bareName(name)
    if spellings.contains(where: { $0.family.companions.contains(bare) }) { return bare }
    guard let own = ownComponents(name) else { return nil }
    return spellings.lazy.compactMap { $0.canonicalName(own) }.first
  }

  /// Whether the tensor `name` of the file stands among those of the networks and is none of them.
  package func isOutOfPlace(_ name: String) -> Bool {
    guard canonicalName(name) == nil, let own = ownComponents(name) else { return false }
    return spelling.covers(own) && !spelling.isUnused(own)
  }

  /// The components of the tensor `name` of the file without the prefix, if it stands among those of the
  /// networks or is a sign of what the model is; nil for what stands beside.
  func networkComponents(_ name: String) -> [String]? {
    ownComponents(name).flatMap { own in
      spelling.covers(own) || ForeignModel.isSign(beside: own) ? own : nil
    }
  }

  /// The tensor `name` of the file without the prefix, or without the wrappers that stand before the
  /// names of other networks as well.
  func bareName(_ name: String) -> String {
    let before = [prefix, wrapper].first(where: name.hasPrefix) ?? ""
    return String(name.dropFirst(before.count))
  }

  /// The name that the file would give to the tensor `canonical`; nil if that is of the other half.
  func fileName(_ canonical: String) -> String? {
    let prefixes = pairedHalf.map { family.prefixes(of: $0) }
    guard prefixes?.contains(where: canonical.hasPrefix) ?? true else { return nil }
    return prefix
      + spelling.fileName(Self.components(of: canonical)).joined(separator: ".")
  }

  private func ownComponents(_ name: String) -> [String]? {
    name.hasPrefix(prefix) ? Self.components(of: String(name.dropFirst(prefix.count))) : nil
  }

  private static func components(of name: String) -> [String] {
    name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
  }
}

/// The names below a prefix as those of an autoencoder.
private struct Candidate {
  let prefix: AutoencoderPrefix
  /// How the family spells them that they are of, and the other families.
  let spelling: FamilySpelling
  let others: [FamilySpelling]

  /// Names that the family has a place for.
  var partCount: Int { spelling.partCount }

  /// Fails where the names, without the prefix, are those of something else.
  init?(
    _ prefix: AutoencoderPrefix, _ names: [[String]], _ families: [any AutoencoderFamily.Type]
  ) {
    let spellings = families.map { FamilySpelling($0, names) }
    guard let index = Self.best(of: spellings, names) else { return nil }
    spelling = spellings[index]
    let isMostOfThem = 2 * spelling.partCount >= names.count
    // Many networks have layers that are numbered from the first component on.
    let isKnown = prefix.isUsual && (prefix.components.isEmpty || spelling.impliedHalf == nil)
    guard isKnown || isMostOfThem && (prefix.isUsual || spelling.impliedHalf == nil) else {
      return nil
    }
    self.prefix = prefix
    others = spellings.indices.filter { $0 != index }.map { spellings[$0] }
  }

  private static func best(of spellings: [FamilySpelling], _ names: [[String]]) -> Int? {
    let kinds = names.reduce(into: Set<ForeignModel>()) { kinds, name in
      guard spellings.contains(where: { $0.covers(name) }) || ForeignModel.isSign(beside: name)
      else { return }
      kinds.formUnion(ForeignModel.kinds(of: name, nil))
    }
    let all = spellings.indices.filter { spellings[$0].partCount > 0 }
    let own = all.filter { kinds.isSubset(of: spellings[$0].family.claimedKinds) }
    let candidates = own.isEmpty ? all : own
    let most = candidates.map { spellings[$0].partCount }.max()
    return candidates.first { spellings[$0].partCount == most }
  }
}
