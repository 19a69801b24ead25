import VAECodec

/// Reads the pictures and latents that a command with a model begins with, and says what was assumed of them.
struct ModelInputs {
  let model: LoadedModel
  let input: LatentInputOptions
  let style: ReportStyle

  /// The only latent of each file.
  ///
  /// - Throws: `InputError`, `FileError` and `CodecError`.
  func latents(at paths: [String]) throws -> [Latent] {
    try read(paths) { path, progress in
      try model.codec.latents(at: path, input.reading, progress: progress).map { (path, $0) }
    }.map(\.latent)
  }

  /// All latents in a folder or in a file, with their files.
  ///
  /// - Throws: `InputError`, `FileError` and `CodecError`.
  func latents(in path: String) throws -> [(path: String, latent: Latent)] {
    try read([path]) { path, progress in
      try model.codec.latents(in: path, input.reading, progress: progress)
    }
  }

  private func read(
    _ paths: [String],
    _ read: (String, Codec.ProgressHandler) throws -> [(path: String, latent: InputLatent)]
  ) throws -> [(path: String, latent: Latent)] {
    let batch = try Batch(inputs: paths)
    let progress = ProgressLine(isWanted: style.showsProgress, itemCount: paths.count)
    defer { progress.clear() }
    let notes = Notes(style, batch)
    return try batch.items.flatMap { item in
      let latents = try read(item.input) { progress.advance(item.input, to: $0) }
      progress.end(item)
      progress.clear()
      for stored in latents.compactMap(\.latent.stored) {
        if model.codec.assumesSpace(of: stored.latent) {
          notes.printSpace(assumedOf: item, model.codec)
        }
        notes.print(stored, of: item, input)
      }
      return latents.map { ($0.path, $0.latent.latent) }
    }
  }
}
