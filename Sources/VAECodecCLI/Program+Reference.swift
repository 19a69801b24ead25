extension Program {
  /// What the manual page says of all commands together.
  static let reference = ProgramReference(
    version: version,
    date: versionDate,
    description: [
      "vaecodec runs the VAEs of latent diffusion models (Stable Diffusion, SDXL, SD3, FLUX, TAESD and "
        + "others) on a CPU. It encodes pictures as latents, decodes latents to pictures, measures what "
        + "is lost, and converts the latent files of other programs.",
      "Without --model and VAECODEC_MODEL the built-in model runs, a small one in the latent space of "
        + "Stable Diffusion 1. Nothing is ever downloaded.",
      "Results go to standard output, and everything else to standard error. The operand - is standard "
        + "input, and -o - standard output. An operand that begins with a dash follows --, which ends "
        + "the options. A value follows its option as the next word, after = or, with a letter, at once: "
        + "--quality 50, --quality=50, -q 50 and -q50 are the same.",
      "An output file appears whole or not at all. One that exists is kept unless --force is given.",
      "vaecodec help COMMAND prints what this page says of one command, and vaecodec version the version.",
      "A command with many inputs reports a bad one and goes on with the next.",
    ],
    exitStatuses: [
      .init("0", "All went well."),
      .init(
        "1",
        "An input failed, or fell below a bound on its quality. Standard error says which and why."),
      .init("2", "The command line was not understood, and nothing was done."),
      .init(
        "3", "A data set, a folder or a list, was gone through to its end, and some inputs failed."),
      .init(
        "128 and more", "A signal of the number above 128 ended the work on a data set, in order."),
    ],
    environment: [
      .init("VAECODEC_MODEL", "The model to run where no --model is given, in the same forms."),
      .init(
        "VAECODEC_ISA",
        "The instructions to compute with: baseline, avx2 or avx512. The best of the machine unless set."
      ),
      .init("HF_HUB_CACHE", "The folder in which ORG/NAME is looked up."),
      .init("HF_HOME", "The folder whose hub/ is used where HF_HUB_CACHE is not set."),
      .init("COMFYUI_PATH", "A folder of ComfyUI, whose VAEs the command models lists too."),
      .init("TMPDIR", "The folder for what memory has no room for. /var/tmp unless set."),
    ],
    files: [
      .init(
        "~/.cache/huggingface/hub/", "Where ORG/NAME is looked up unless a variable says otherwise."
      ),
      .init("/var/tmp/", "Where what memory has no room for lies, in files without names."),
    ],
    relatedPages: ["cjpeg(1)", "cwebp(1)", "djpeg(1)"])
}
