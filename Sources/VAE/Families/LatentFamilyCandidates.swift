/// The families of diffusion models whose latents models of one configuration may make, by the names
/// that users give them, and what in a model's files decides among those.
///
/// Signs are tried in the order of the properties; those of families that are no candidates say nothing.
package struct LatentFamilyCandidates: Sendable {
  /// A text to look for, and the family that it stands for.
  package typealias Sign = (text: String, family: String)

  /// The families that have models of this shape, the likeliest first.
  package let names: [String]
  /// Whether the first is taken, with a word to the user, where nothing decides.
  package var assumesFirst = false
  /// Names of tensors of the autoencoder.
  package var ownTensors: [Sign] = []
  /// Beginnings of `modelspec.architecture` in a file's metadata, in lower case.
  package var architectures: [Sign] = []
  /// Beginnings of names of other networks in one file with the autoencoder.
  package var neighbours: [Sign] = []
  /// Parts of names of files and folders, in lower case, the more special first; a slash is the beginning
  /// of a name.
  package var fileNames: [Sign] = []

  /// The candidates `names`, among which nothing decides yet.
  package init(_ names: [String]) { self.names = names }
}
