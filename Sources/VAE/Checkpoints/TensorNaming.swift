/// How one file calls the tensors of an autoencoder: finds the family that has a place for the most of
/// them, and maps its names to the canonical ones, those of diffusers, and back.
///
/// A file may hold much besides: with a prefix that sets the autoencoder apart, everything without
/// it is passed over. Spellings may be mixed; each name is understood by itself.
package struct TensorNaming: Sendable {
  /// What stands before every name of the autoencoder: "first_stage_model.", "vae." or nothing.
  package let prefix: String
  private let spelling: FamilySpelling
  /// Names that only another family has a place for are mapped as well: the network has none for them,
  /// and a file that mixes families is refused.
  private let others: [FamilySpelling]

  /// Prefixes of the autoencoder in checkpoints that hold more.
  private static let prefixes = ["first_stage_model.", "vae."]

  /// The naming of a file whose tensors are called `names`, or nil if it holds no autoencoder of
  /// `families`. Those that the names are not foreign to come first; of two that have a place for as
  /// many names, the first is taken.
  package init?(
    _ names: some Collection<String>,
    families: [any AutoencoderFamily.Type] = AutoencoderFamilies.all
  ) {
    let prefix = Self.prefixes.first { prefix in names.contains { $0.hasPrefix(prefix) } } ?? ""
    let own = names.filter { $0.hasPrefix(prefix) }.map {
      Self.components(of: $0.dropFirst(prefix.count))
    }
    let spellings = families.map { FamilySpelling($0, own) }
    guard let index = Self.best(of: spellings, own) else { return nil }
    self.prefix = prefix
    spelling = spellings[index]
    others = spellings.indices.filter { $0 != index }.map { spellings[$0] }
  }

  private static func best(of spellings: [FamilySpelling], _ names: [[String]]) -> Int? {
    let kinds = names.reduce(into: Set<ForeignModel>()) {
      $0.formUnion(ForeignModel.kinds(of: $1, nil))
    }
    let all = spellings.indices.filter { spellings[$0].partCount > 0 }
    let own = all.filter { kinds.isSubset(of: spellings[$0].family.claimedKinds) }
    let candidates = own.isEmpty ? all : own
    let most = candidates.map { spellings[$0].partCount }.max()
    return candidates.first { spellings[$0].partCount == most }
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
    if spellings.contains(where: { $0.family.companions.contains(name) }) { return name }
    guard name.hasPrefix(prefix) else { return nil }
    let own = Self.components(of: name.dropFirst(prefix.count))
    return spellings.lazy.compactMap { $0.canonicalName(own) }.first
  }

  /// The name that the file would give to the tensor `canonical`; nil if that is of the other half.
  func fileName(_ canonical: String) -> String? {
    let prefixes = pairedHalf.map { family.prefixes(of: $0) }
    guard prefixes?.contains(where: canonical.hasPrefix) ?? true else { return nil }
    return prefix
      + spelling.fileName(Self.components(of: canonical[...])).joined(separator: ".")
  }

  private static func components(of name: Substring) -> [String] {
    name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
  }
}
