/// What a model's files say about whose latents it makes, besides its configuration.
package struct FamilyEvidence: Sendable {
  /// Names of the file, its folders and its repository, in lower case, the most specific first.
  package let names: [String]
  /// `modelspec.architecture` of the file's metadata, in lower case.
  package let architecture: String?
  /// The names of all tensors of the files, those of other networks too; without the prefix of the
  /// autoencoder, and without what stands before all of them.
  package let tensorNames: [String]

  /// Evidence of these names, metadata and tensors.
  package init(names: [String], architecture: String?, tensorNames: [String]) {
    self.names = names.map { $0.lowercased() }
    self.architecture = architecture?.lowercased()
    self.tensorNames = tensorNames
  }

  /// The evidence in `sources`.
  init(_ sources: ModelSources) {
    self.init(
      names: sources.names,
      architecture: sources.files.lazy.compactMap { $0.metadata["modelspec.architecture"] }.first,
      tensorNames: zip(sources.files, sources.namings).flatMap { file, naming in
        file.entries.keys.map { naming?.bareName($0) ?? $0 }
      })
  }
}
