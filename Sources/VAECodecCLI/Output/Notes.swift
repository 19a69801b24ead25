import VAECodec

/// What a user may want to know of a file and what is no error, on standard error.
///
/// What was assumed of one file is assumed of others like it, and is said once.
final class Notes {
  private let isQuiet: Bool
  private let isOneOfMany: Bool
  private var assumptions: Set<String> = []

  /// Notes on the items of a batch.
  init(_ style: ReportStyle, _ batch: Batch) {
    isQuiet = style.isQuiet
    isOneOfMany = batch.items.count > 1
  }

  /// What was assumed of the latent that `item` is.
  func print(_ stored: StoredLatent, of item: Batch.Item, _ options: LatentInputOptions) {
    if let assumed = stored.assumedUnits {
      let other: Latent.Units = assumed == .raw ? .scaled : .raw
      assume(
        "does not say the units of its values; taken for \(assumed.rawValue)",
        otherwise: "\(options.unitsOption(other)) says otherwise", of: item)
    }
    if stored.assumesSquare {
      assume(
        "does not say the picture's size; taken for the tokens of a square picture",
        otherwise: "--size says otherwise", of: item)
    }
  }

  /// That the space of a latent was taken for the model's.
  func printSpace(assumedOf item: Batch.Item, _ codec: Codec) {
    assume(
      "does not say its latent space; taken for the model's '\(codec.latentSpace.family)'", of: item
    )
  }

  private func assume(_ text: String, otherwise: String? = nil, of item: Batch.Item) {
    guard !isQuiet, assumptions.insert(text).inserted else { return }
    let others = isOneOfMany || item.part != nil ? ", and so are others like it" : ""
    let advice = otherwise.map { "; \($0)" } ?? ""
    complain(["its file \(text)\(others)\(advice)"], of: item)
  }

  /// Says `notes` of the file that `item` is.
  private func complain(_ notes: [String], of item: Batch.Item) {
    if !isQuiet, !item.isFurtherPart { Console.note(notes, of: item.input) }
  }

  /// What the file that `item` became cannot say of `latent`, and what it says though nobody knows it.
  func print(_ latent: Latent, writtenAs format: LatentFileFormat, _ item: Batch.Item) {
    let losses = latent.losses(as: format)
    if !losses.isEmpty {
      complain(["\(format.name) has no place for \(losses.joined(separator: ", "))"], of: item)
    }
    if latent.assumesSize(as: format) {
      complain(
        ["the picture's size is not known; \(format.name) says what the latent covers"], of: item)
    }
  }

  /// Where a decoded picture may not be what was encoded.
  func print(
    _ latent: Latent, decodedWith codec: Codec, ignoringSpace: Bool, _ item: Batch.Item
  ) {
    if let encoder = latent.encoderFingerprint, let own = codec.encoderFingerprint, encoder != own,
      !ignoringSpace
    {
      complain(["made by another encoder than this model's, of the same latent space"], of: item)
    }
    if let profile = latent.picture?.profile, profile.colorSpace != .rgb {
      complain(
        ["its colour profile is for \(profile.colorSpace) samples and is not written"], of: item)
    }
  }

  /// Where the colours of a preview come from, if not from its latent space.
  func print(_ file: PreviewedFile, _ item: Batch.Item) {
    guard file.colors == .principalComponents else { return }
    complain(
      [
        "no colours are known for its latent space"
          + (file.latent.space == nil ? ", which it does not name (--family does)" : "")
          + "; shown are its three principal components"
      ], of: item)
  }

  /// What was passed over in a folder of pictures.
  func print(_ omission: PicturePairs.Omission) {
    let parts = [
      Self.count(omission.fileCount, "file that is", "files that are").map {
        "\($0) not called as pictures are"
      },
      Self.count(omission.folderCount, "folder", "folders"),
    ]
    guard !isQuiet else { return }
    Console.note(
      ["left out: \(parts.compactMap(\.self).joined(separator: " and "))"], of: omission.folder)
  }

  /// What was passed over in the folders of a data set.
  static func print(_ omission: DatasetInputs.Omission?) {
    let parts = [
      count(omission?.fileCount ?? 0, "file that is", "files that are").map {
        "\($0) not called as the inputs are"
      },
      count(omission?.linkCount ?? 0, "link to a folder", "links to folders"),
    ].compactMap(\.self)
    guard !parts.isEmpty else { return }
    Console.complain("note: left out: \(parts.joined(separator: " and "))")
  }

  private static func count(_ count: Int, _ one: String, _ many: String) -> String? {
    count == 0 ? nil : "\(count) \(count == 1 ? one : many)"
  }
}
