import VAECodec

/// What a user may want to know of a file and what is no error, on standard error.
enum Notes {
  /// What was assumed of the latent that `item` is.
  static func print(_ stored: StoredLatent, of item: Batch.Item, _ options: LatentInputOptions) {
    var notes: [String] = []
    if let assumed = stored.assumedUnits {
      let other: Latent.Units = assumed == .raw ? .scaled : .raw
      notes.append(
        "its file does not say the units of its values; taken for \(assumed.rawValue), "
          + "\(options.unitsOption(other)) says otherwise")
    }
    if stored.assumesSquare {
      notes.append("taken for the tokens of a square picture; --size says otherwise")
    }
    Console.note(notes, of: item.input)
  }

  /// That the space of a latent was taken for the model's.
  ///
  /// - Parameter isOneOfMany: whether there are other files, of which it is not said again.
  static func printSpace(assumedOf item: Batch.Item, isOneOfMany: Bool, _ codec: Codec) {
    Console.note(
      [
        "its file does not say its latent space; taken for the model's "
          + "'\(codec.latentSpace.family)'" + (isOneOfMany ? ", and so are others like it" : "")
      ], of: item.input)
  }

  /// What the file that `item` became cannot say of `latent`, and what it says though nobody knows it.
  static func print(_ latent: Latent, writtenAs format: LatentFileFormat, _ item: Batch.Item) {
    let losses = latent.losses(as: format)
    if !losses.isEmpty {
      Console.complain(
        "\(item.input): note: \(format.name) has no place for \(losses.joined(separator: ", "))")
    }
    if latent.assumesSize(as: format) {
      Console.complain(
        "\(item.input): note: the picture's size is not known; \(format.name) says what the latent "
          + "covers")
    }
  }

  /// Where a decoded picture may not be what was encoded.
  static func print(
    _ latent: Latent, decodedWith codec: Codec, ignoringSpace: Bool, _ item: Batch.Item
  ) {
    if let encoder = latent.encoderFingerprint, let own = codec.encoderFingerprint, encoder != own,
      !ignoringSpace
    {
      Console.complain(
        "\(item.input): note: made by another encoder than this model's, of the same latent space")
    }
    if let profile = latent.picture?.profile, profile.colorSpace != .rgb {
      Console.complain(
        "\(item.input): note: its colour profile is for \(profile.colorSpace) samples and is not written"
      )
    }
  }

  /// Where the colours of a preview come from, if not from its latent space.
  static func print(_ file: PreviewedFile, _ item: Batch.Item) {
    guard file.colors == .principalComponents else { return }
    Console.complain(
      "\(item.input): note: no colours are known for its latent space"
        + (file.latent.space == nil ? ", which it does not name (--family does)" : "")
        + "; shown are its three principal components")
  }
}
