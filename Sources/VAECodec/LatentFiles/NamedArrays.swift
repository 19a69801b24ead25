/// The arrays of a file by name, some of which hold latents.
struct NamedArrays: Sendable {
  let arrays: [String: StoredArray]

  /// The names of those that hold latents: the usual ones, or the only one there is; none where neither
  /// is so.
  var latentNames: [String] { Self.latentNames(among: Array(arrays.keys)) }

  /// Those of `names` that are of arrays which hold latents, as `latentNames` has them.
  static func latentNames(among names: [String]) -> [String] {
    let usual = LatentArrayName.usual.filter(names.contains)
    return usual.isEmpty && names.count == 1 ? names : usual
  }

  /// The latents of the arrays called `names`.
  ///
  /// - Throws: `ContainerError.malformed` if one holds none.
  func entries(_ names: [String]) throws -> [LatentFile.Entry] {
    try names.compactMap { name in arrays[name].map { (name, $0) } }
      .flatMap { try LatentFile.Entry.entries(of: $1, key: $0) }
  }

  /// The latent of an entry, with that of the mirrored picture where the file has it.
  ///
  /// - Parameter variance: holds the log-variances; nil where the file has none.
  /// - Throws: `ContainerError` and `LatentError`.
  func latent(
    _ entry: LatentFile.Entry, _ variance: StoredArray? = nil, units: Latent.Units
  ) throws -> Latent {
    guard let array = arrays[entry.name] else {
      throw ContainerError.missingSection("tensor `\(entry.name)`")
    }
    let logVariance = try variance.map { try entry.values(of: $0) }
    guard logVariance == nil || units == .raw else {
      throw ContainerError.cannotHold("scaled values", format: "a file of moments")
    }
    let mirrored = LatentArrayName.flipped(entry.name).lazy.compactMap { arrays[$0] }.first
    if let mirrored, mirrored.shape != array.shape {
      throw mirrored.malformed("its shape is \(mirrored.shape), that of the latent \(array.shape)")
    }
    try mirrored?.checkElement()
    return try entry.latent(
      entry.values(of: array), logVariance: logVariance,
      flipped: mirrored.map { try entry.values(of: $0) }, units: units)
  }
}
