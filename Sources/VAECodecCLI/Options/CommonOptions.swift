import VAECodec

/// The options that several commands share.
enum CommonOptions {
  static let output = output(
    help: "write to FILE; a name that ends in / is a folder, and - is standard output")
  /// The output, where the help says what goes there.
  static func output(help: String) -> OptionSpec {
    OptionSpec(
      "output", letter: "o", placeholder: "FILE", value: .path,
      synonyms: ["out", "output-dir", "outdir", "out-dir", "output-file", "outfile", "dest"],
      help: help)
  }
  /// The output of a command that has a place for it where none is named.
  static let outputBeside = output(help: "\(output.help); beside the input unless given")
  static let force = OptionSpec(
    flag: "force", synonyms: ["overwrite", "yes", "y", "replace"], help: "replace existing files")
  static let skipExisting = OptionSpec(
    flag: "skip-existing", synonyms: ["resume", "continue", "no-clobber", "skip"],
    help: "keep files that are whole and made with the same settings, and make only the others"
  )
  static let model = OptionSpec(
    "model", placeholder: "MODEL", value: .path, synonyms: modelSynonyms,
    help:
      "a .safetensors or PyTorch file, a folder, or ORG/NAME in the Hugging Face cache; the "
      + "built-in model unless given here or by VAECODEC_MODEL")
  static let family = OptionSpec(
    "family", placeholder: "NAME", value: .words(of: LatentFamily.self), synonyms: familySynonyms,
    help: "the latent space of a model whose files do not say it: "
      + LatentFamily.allCases.map(\.rawValue).joined(separator: ", "))
  private static let familySynonyms = ["arch", "architecture", "base-model", "space", "vae-type"]
  static let groups = OptionSpec(
    "groups", placeholder: "N",
    help: "groups of the group norms of a model whose files do not say it; 32 unless given")
  private static let modelSynonyms = [
    "vae", "vae-path", "vae-model", "checkpoint", "ckpt", "weights", "pretrained",
    "pretrained-model-name-or-path", "repo", "repo-id",
  ]
  /// For commands that run no model.
  static let latentModel = OptionSpec(
    "model", placeholder: "MODEL", value: .path, synonyms: modelSynonyms,
    help: "a model that has the latent space of files that do not name theirs")
  /// For commands that run no model.
  static let latentFamily = OptionSpec(
    "family", placeholder: "NAME", value: .words(of: LatentFamily.self), synonyms: familySynonyms,
    help: "the latent space of files that do not name theirs: "
      + LatentFamily.allCases.map(\.rawValue).joined(separator: ", "))
  /// For commands that run no model.
  static let anySpace = OptionSpec(
    flag: "any-model", help: "let --family or --model overrule the latent space that a file names")
  static let threads = OptionSpec(
    "threads", placeholder: "N", synonyms: ["jobs", "j", "num-threads", "cpus", "workers"],
    help: "compute on N threads; one for each core unless given")
  static let kernels = OptionSpec(
    "kernels", placeholder: "KIND", value: .words(of: Resources.Convolutions.self),
    help: "auto, or im2col for plain convolutions, slower and closest to diffusers")
  static let maxMemory = OptionSpec(
    "max-memory", placeholder: "SIZE",
    synonyms: ["memory", "ram", "lowvram", "tile-size", "tiling"],
    help:
      "use at most SIZE of memory, such as 800M or 4G; the result stays the same"
  )
  static let dryRun = OptionSpec(
    flag: "dry-run", help: "only print how much memory and time it would take")
  static let json = OptionSpec(flag: "json", help: "print one JSON object a line")
  /// For commands that work on a batch.
  static let batchJSON = OptionSpec(
    flag: json.name, help: "print JSON: an object for each input, then a summary")
  static let quiet = OptionSpec(
    flag: "quiet", synonyms: ["silent"], help: "print nothing but errors")
  static let progress = OptionSpec(
    "progress", placeholder: "WHEN", value: .words(of: ReportStyle.ProgressChoice.self),
    help: "auto, which shows progress on a terminal, or never")
  static let junit = OptionSpec(
    "junit", placeholder: "FILE", value: .path,
    help: "write the results to FILE as JUnit XML, which CI systems read")
  static let matte = OptionSpec(
    "matte", placeholder: "COLOR", synonyms: ["background", "bg", "bgcolor"],
    help: "the colour behind transparent parts, RRGGBB in hexadecimal; white unless given")
  static let quality = quality(usual: "75 unless given")
  /// The quality of a latent.bin, where the help says what it is `usual`ly.
  static func quality(usual: String) -> OptionSpec {
    OptionSpec(
      "quality", letter: "q", placeholder: "N",
      help:
        "quality of a latent.bin, 1 (smallest) to 100 (16-bit floats), of which 75 costs at most "
        + "0.05 dB; \(usual)")
  }
  static let lossless = OptionSpec(
    flag: "lossless", help: "keep the latent exactly, as 32-bit floats")
  static let seed = OptionSpec(
    "seed", placeholder: "N", help: "draw a random sample of a distribution with this seed")
  static let maxPixels = OptionSpec(
    "max-pixels", placeholder: "N",
    help: "refuse pictures of more than N pixels; \(Image.defaultMaximumPixelCount) unless given")
  static let scaled = OptionSpec(
    flag: "scaled", help: "the latent file holds scaled values, as diffusion models use them")
  static let unscaled = OptionSpec(
    flag: "unscaled",
    help: "the latent file holds raw values, as encoders give them; the usual case")
  static let jpegQuality = OptionSpec(
    "jpeg-quality", placeholder: "N", help: "quality of JPEG output, 1 to 100; 95 unless given")
}
