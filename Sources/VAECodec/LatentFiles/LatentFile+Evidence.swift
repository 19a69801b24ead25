extension LatentFile {
  /// What the file and its name show of an entry's space; nil where nothing does, or the file states it.
  public func evidence(
    of entry: Entry, _ arrangement: LatentArrangement = LatentArrangement()
  ) -> SpaceEvidence? {
    guard !statesSpace else { return nil }
    let channels = arrangement.channels(of: entry, fileName: fileName)
    let named = cacheSuffix.map { [SpaceClaim(.fileName, [$0])] } ?? []
    let framed = entry.hasFrames ? [SpaceClaim(.axes, [""])] : []
    return (claims + named + framed).lazy.compactMap { $0.evidence(channels: channels) }.first
  }

  /// What trainers call caches of one model at the end of their names, where no size stands before it.
  private static let cacheSuffixes: Set<Substring> = [
    "sd", "sdxl", "sd3", "flux", "lumina", "hi", "anima",
  ]

  /// The end of the file's name by which trainers tell their caches apart; nil for other files.
  private var cacheSuffix: String? {
    let name = FileName(fileName)
    guard ["npz", "safetensors"].contains(name.fileExtension) else { return nil }
    if let match = name.stem.wholeMatch(of: /.*_[0-9]{4,}x[0-9]{4,}_([a-z0-9_]+)/) {
      return String(match.output.1)
    }
    let end = name.stem.split(separator: "_", omittingEmptySubsequences: false).dropFirst().last
    return end.flatMap { Self.cacheSuffixes.contains($0) ? String($0) : nil }
  }
}
