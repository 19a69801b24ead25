/// Settings in words: for records of runs, and for what is said of files that were made with others.

extension Quality {
  /// The quality in words.
  var words: String { level.map { "quality \($0)" } ?? "lossless" }
}

extension Latent.Posterior {
  /// The posterior in words.
  var words: String {
    switch self {
    case .mean: "a mean"
    case .sample(let seed): "a sample of seed \(seed)"
    case .moments: "moments"
    case .optimised(let refinement): "optimised by \(refinement)"
    }
  }
}

extension LatentWriting {
  /// What the bytes of a file depend on, by name.
  ///
  /// - Parameter usualQuality: of a latent.bin where none was asked for.
  func words(usualQuality: Quality?) -> [String: String] {
    let format = format ?? .bin
    return [
      "format": format.identifier,
      "quality": format.hasQuality ? Self.number(quality ?? usualQuality) : "exact",
      "units": units?.rawValue ?? "usual",
      "architecture": architecture ?? "none",
    ]
  }

  private static func number(_ quality: Quality?) -> String {
    guard let quality else { return "as exact as the input" }
    return quality.level.map { "\($0)" } ?? quality.words
  }
}

extension PictureWriting {
  /// What the bytes of a file depend on, by name.
  var words: [String: String] {
    let format = format ?? .png
    return ["format": format.rawValue, "jpeg-quality": format == .jpg ? "\(jpegQuality)" : "none"]
  }
}

extension LatentReading {
  /// What the latent of a file depends on, by name.
  var words: [String: String] {
    [
      "key": key ?? "none", "input-units": units?.rawValue ?? "usual",
      "raw": rawExtents.map { "\($0), \(rawPrecision.map { "\($0)" } ?? "f32")" } ?? "none",
      "layout": "\(arrangement)",
    ]
  }
}
