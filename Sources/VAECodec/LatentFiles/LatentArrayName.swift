/// What programs call the arrays that hold latents, in .npz archives and in safetensors files alike.
enum LatentArrayName {
  /// The name of distributions, means before log-variances.
  private static let moments = "moments"
  /// All names of latents that stand alone; more of one file are several latents.
  static let usual = ["latents", "latent", "latent_tensor", "samples", moments, "arr_0"]

  /// How an array called `name` holds a distribution; nil where it holds none.
  static func layout(of name: String) -> Latent.MomentsLayout? {
    name == moments ? .meanAndLogVariance : nil
  }

  /// What the latent of the mirrored picture may be called beside `name`, before the end `suffix`.
  static func flipped(_ name: String, suffix: String = "") -> [String] {
    ["flipped", "flip"].map { "\(name.dropLast(suffix.count))_\($0)\(suffix)" }
  }
}
