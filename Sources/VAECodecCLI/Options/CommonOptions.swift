import VAECodec

/// The options that several commands share.
enum CommonOptions {
  static let output = OptionSpec(
    "output", letter: "o", placeholder: "FILE", value: .path,
    synonyms: ["out", "output-dir", "outdir", "out-dir", "output-file", "outfile", "dest"],
    help: "write to FILE, into a folder for a name that ends in /, to standard output for -")
  /// The output of a command that has a place for it where none is named.
  static let outputBeside = OptionSpec(
    output.name, letter: output.letter, placeholder: "FILE", value: .path,
    synonyms: output.synonyms,
    help: "\(output.help); beside the input unless given")
  static let force = OptionSpec(
    flag: "force", synonyms: ["overwrite", "yes", "y", "replace"], help: "replace existing files")
  static let skipExisting = OptionSpec(
    flag: "skip-existing", synonyms: ["resume", "continue", "no-clobber", "skip"],
    help:
      "pass over files that exist and are what would be written, as when a batch is taken up again"
  )
  static let model = OptionSpec(
    "model", placeholder: "MODEL", value: .path, synonyms: modelSynonyms,
    help:
      "a .safetensors file, a folder, or ORG/NAME in the Hugging Face cache; the built-in model "
      + "unless VAECODEC_MODEL names another")
  static let family = OptionSpec(
    "family", placeholder: "NAME", value: .words(of: LatentFamily.self), synonyms: familySynonyms,
    help: "the latent space of a model whose files do not show it: "
      + LatentFamily.allCases.map(\.rawValue).joined(separator: ", "))
  private static let familySynonyms = ["arch", "architecture", "base-model", "space", "vae-type"]
  static let groups = OptionSpec(
    "groups", placeholder: "N",
    help: "the groups of the norms of a model whose files do not show them; 32 unless given")
  private static let modelSynonyms = [
    "vae", "vae-path", "vae-model", "checkpoint", "ckpt", "weights", "pretrained",
    "pretrained-model-name-or-path", "repo", "repo-id",
  ]
  /// For commands that run no model.
  static let latentModel = OptionSpec(
    "model", placeholder: "MODEL", value: .path, synonyms: modelSynonyms,
    help: "a model whose latent space it is, where a file does not say")
  /// For commands that run no model.
  static let latentFamily = OptionSpec(
    "family", placeholder: "NAME", value: .words(of: LatentFamily.self), synonyms: familySynonyms,
    help: "the latent space, where a file does not say it: "
      + LatentFamily.allCases.map(\.rawValue).joined(separator: ", "))
  /// For commands that run no model.
  static let anySpace = OptionSpec(
    flag: "any-model", help: "take the latent for one of the named space, whatever its file says")
  static let threads = OptionSpec(
    "threads", placeholder: "N", synonyms: ["jobs", "j", "num-threads", "cpus", "workers"],
    help: "compute on N threads; one for each core unless given")
  static let kernels = OptionSpec(
    "kernels", placeholder: "KIND", value: .words(of: Resources.Convolutions.self),
    help: "auto, or im2col: the plain convolutions, slower and closest to diffusers")
  static let maxMemory = OptionSpec(
    "max-memory", placeholder: "SIZE",
    synonyms: ["memory", "ram", "lowvram", "tile-size", "tiling"],
    help: "stay below SIZE, such as 800M or 4G, with the same result; what is free unless given")
  static let dryRun = OptionSpec(
    flag: "dry-run", help: "print the memory and the time that it would take, and write nothing")
  static let json = OptionSpec(flag: "json", help: "print one JSON object a line")
  static let quiet = OptionSpec(
    flag: "quiet", synonyms: ["silent"], help: "print nothing but errors")
  static let progress = OptionSpec(
    "progress", placeholder: "WHEN", value: .words(of: ReportStyle.ProgressChoice.self),
    help: "auto (a line on a terminal) or never")
  static let junit = OptionSpec(
    "junit", placeholder: "FILE", value: .path,
    help: "write the results to FILE as JUnit XML, for a CI system")
  static let matte = OptionSpec(
    "matte", placeholder: "COLOR", synonyms: ["background", "bg", "bgcolor"],
    help: "what stands behind transparent parts: RRGGBB in hexadecimal, white unless given")
  static let quality = quality(usual: "75 unless given")
  /// The quality of a latent.bin, where the help says what it is `usual`ly.
  static func quality(usual: String) -> OptionSpec {
    OptionSpec(
      "quality", letter: "q", placeholder: "N",
      help: "size against fidelity of latent.bin, 1 to 100: 75 costs 0.05 dB at most, 15 more "
        + "halve the step, 100 keeps 16-bit floats; \(usual)")
  }
  static let lossless = OptionSpec(
    flag: "lossless", help: "keep every bit of the latent's 32-bit floats")
  static let seed = OptionSpec("seed", placeholder: "N", help: "the seed of a sample")
  static let maxPixels = OptionSpec(
    "max-pixels", placeholder: "N",
    help: "refuse pictures of more than N pixels; \(Image.defaultMaximumPixelCount) unless given")
  static let scaled = OptionSpec(
    flag: "scaled", help: "the latent file holds values as diffusion models see them")
  static let unscaled = OptionSpec(
    flag: "unscaled", help: "the latent file holds raw values; so most do unless given")
  static let jpegQuality = OptionSpec(
    "jpeg-quality", placeholder: "N", help: "quality of JPEG output, 1 to 100; 95 unless given")
}
