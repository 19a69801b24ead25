/// What the tensors of a family are called: by diffusers, whose names are the canonical ones, and by
/// other programs.
///
/// Names are lists of components, which dots part.
package protocol FamilyNaming {
  /// Runs of components that other programs spell differently. Where several spellings have one
  /// meaning, the first is the customary one.
  static var nameRules: [NameRule] { get }
  /// The code base that other names than those of diffusers come from; nil if there is none.
  static var originalStyle: NameStyle? { get }
  /// The blocks whose numbers `^` in the rules counts from the other end; nil if there are none.
  static var reversedBlocks: ReversedBlocks? { get }
  /// Tensors that stand beside the autoencoder, without its prefix.
  static var companions: Set<String> { get }
  /// Components that begin names in the files, by which a network is found behind a prefix.
  static var roots: Set<String> { get }
  /// First components of canonical names that belong to neither half.
  static var outerParts: Set<String> { get }
  /// Kinds of models, foreign to all families that do not claim them, that the family's are.
  static var claimedKinds: Set<ForeignModel> { get }
  /// Whether a canonical name is one of the family's tensors. A file is of the family that has a place
  /// for the most of its tensors, so this should be no wider than it must.
  static func isPart(_ name: [String]) -> Bool
  /// Whether a tensor of the networks is of no use here, by its name; what else has no place is a sign
  /// that the model is another one.
  static func isUnused(_ name: [String]) -> Bool
  /// The convolution of a half that reads or writes the picture, among canonical names; nil if it is not
  /// known.
  static func pictureLayer(of half: AutoencoderHalf, among names: [String]) -> String?
  /// The half that all names of a file leave out at their beginning, or nil if they name it.
  ///
  /// - Parameter first: the first components of the file's names.
  static func impliedHalf(_ first: Set<String>) -> ImpliedHalf?
  /// The name of the file of the other half, beside the file `name` of a paired half; nil if it does
  /// not say.
  static func sibling(of name: String, _ half: AutoencoderHalf) -> String?
  /// Beginnings of the canonical names of a half: of its network, which the half is known by, and then
  /// of layers between it and the latent.
  static func prefixes(of half: AutoencoderHalf) -> [String]
}

extension FamilyNaming {
  package static var nameRules: [NameRule] { [] }
  package static var originalStyle: NameStyle? { nil }
  package static var reversedBlocks: ReversedBlocks? { nil }
  package static var companions: Set<String> { [] }
  package static var roots: Set<String> {
    Set(["encoder", "decoder"] + nameRules.compactMap { $0.place == .start ? $0.first : nil })
  }
  package static var outerParts: Set<String> { [] }
  package static var claimedKinds: Set<ForeignModel> { [] }
  package static func isUnused(_ name: [String]) -> Bool { name.last == "num_batches_tracked" }
  package static func pictureLayer(of half: AutoencoderHalf, among names: [String]) -> String? {
    nil
  }
  package static func impliedHalf(_ first: Set<String>) -> ImpliedHalf? { nil }
  package static func sibling(of name: String, _ half: AutoencoderHalf) -> String? { nil }
  package static func prefixes(of half: AutoencoderHalf) -> [String] {
    switch half {
    case .encoder: ["encoder.", "quant_conv."]
    case .decoder: ["decoder.", "post_quant_conv."]
    }
  }
}

/// The names of a code base.
package struct NameStyle: Sendable {
  /// What the code base is called.
  let name: String
  /// Names are of this style if a rule of the place translates some of them.
  let place: NameRule.Place
}

/// Blocks that diffusers counts from one end and other programs from the other.
package struct ReversedBlocks: Sendable {
  /// What stands before a block's number in the files.
  let spelling: [String]
  /// The same in diffusers.
  let canonical: [String]
}
