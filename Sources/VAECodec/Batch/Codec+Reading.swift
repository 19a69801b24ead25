import VAE

/// A latent that was made of a picture or read from a file.
public struct InputLatent: Sendable {
  /// The latent, of the model's space, with the size of its picture.
  public let latent: Latent
  /// The file that it was read from; nil where it was encoded.
  public let stored: StoredLatent?
}

extension Codec {
  /// The latents in the file at `path`, or on standard input for "-": those of a latent file, or that of a PNG
  /// or JPEG picture; the content decides.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - reading: how latents are read, and how large a picture may be.
  ///   - takingAll: takes all latents of a file that holds several and of which none was chosen.
  ///   - progress: called with the part of a picture's encoding that is done.
  /// - Returns: at least one; of a picture, its distribution, or the latent of a model that makes none.
  /// - Throws: `FileError`, `InputError`, `CodecError.model`, and what `progress` throws.
  public func latents(
    at path: String, _ reading: LatentReading, takingAll: Bool = false,
    progress: ProgressHandler = { _ in }
  ) throws -> [InputLatent] {
    try InputError.naming(path) {
      let isRaw = reading.rawExtents != nil
      let bytes = try InputFile.bytes(at: path) { beginning in
        if !isRaw, !Latent.recognises(beginning) { try Image.checkBeginning(beginning) }
      }
      guard isRaw || Latent.recognises(bytes) else {
        let image = try Image(decoding: bytes, maximumPixelCount: reading.maximumPixelCount)
        let latent = try encode(
          image, posterior: hasPosterior ? .moments : .mean, progress: progress)
        return [InputLatent(latent: latent, stored: nil)]
      }
      return try stored(bytes, named: FileName(path).last, reading, takingAll: takingAll)
    }
  }

  private func stored(
    _ bytes: [UInt8], named name: String, _ reading: LatentReading, takingAll: Bool
  ) throws -> [InputLatent] {
    let reading = reading.expecting(channels: latentSpace.channels)
    let file = try reading.file(of: bytes, name: name)
    let opened = OpenedLatentFile(
      file: file, byteCount: bytes.count, seconds: 0, key: reading.key)
    let all =
      takingAll && reading.key == nil && file.entries.count > 1
      ? file.entries.indices.map { opened.choosing("\($0)") } : [opened]
    return try all.map { opened in
      let stored = try latent(of: opened, reading, ignoringSpace: false).0
      var latent = try readable(
        stored.latent, ignoringSpace: false, maximumPixelCount: reading.maximumPixelCount)
      latent.picture = picture(of: latent)
      return InputLatent(latent: latent, stored: stored)
    }
  }

  /// The latents of all files in a folder, in the order of their names, or of one file that holds several.
  ///
  /// Hidden files and folders in it are passed over; every other file must be a picture or a latent.
  ///
  /// - Throws: as `latents(at:_:takingAll:progress:)`, and `FileError.unreadable` for a folder without files.
  public func latents(
    in path: String, _ reading: LatentReading, progress: ProgressHandler = { _ in }
  ) throws -> [(path: String, latent: InputLatent)] {
    guard InputFile.isFolder(path) else {
      return try latents(at: path, reading, takingAll: true, progress: progress).map { (path, $0) }
    }
    let files = FileSystem.fileNames(in: path).filter { !$0.hasPrefix(".") }
      .map { FileSystem.path($0, in: path) }.filter { !FileSystem.isFolder($0) }
    guard !files.isEmpty else {
      throw FileError.unreadable(path: path, reason: "the folder has no files")
    }
    return try files.enumerated().flatMap { index, file in
      try latents(at: file, reading, takingAll: true) {
        try progress((Double(index) + $0) / Double(files.count))
      }.map { (file, $0) }
    }
  }
}
