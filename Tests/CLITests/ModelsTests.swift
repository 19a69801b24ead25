import TestSupport
import Testing

/// `vaecodec models`, and models by the name of their repository, through the binary.
@Suite struct ModelsTests {
  private static let snapshot = "hf/hub/models--org--sdxl-vae/snapshots/abc"
  private static let weights = "diffusion_pytorch_model.safetensors"
  private let folder: TemporaryFolder

  /// A cache with a model and with something else, and a ComfyUI with a model and its halves.
  init() throws {
    folder = try TemporaryFolder()
    for name in ["config.json", Self.weights] {
      try folder.copy("models/kl-sdxl/\(name)", to: "hf/hub/models--org--sdxl-vae/blobs/\(name)")
      try folder.link("../../blobs/\(name)", at: "\(Self.snapshot)/\(name)")
    }
    try folder.write(Array("abc".utf8), to: "hf/hub/models--org--sdxl-vae/refs/main")
    try folder.write(
      SafetensorsBuilder.file([.init("model.layers.0.weight", [1], [1])]),
      to: "hf/hub/models--org--llm/snapshots/abc/model.safetensors")
    try folder.copy("models/kl-names/config.json", to: "comfy/models/vae/sub/config.json")
    try folder.copy("models/kl-names/ldm.safetensors", to: "comfy/models/vae/sub/ldm.sft")
    try folder.link(".", at: "comfy/models/vae/sub/circle")
    for half in ["encoder", "decoder"] {
      let name = "taesd_\(half).safetensors"
      try folder.copy("models/tiny-halves/\(name)", to: "comfy/models/vae_approx/\(name)")
    }
    try folder.write(Array("<html>".utf8 + [0, 0, 0]), to: "comfy/models/vae/page.safetensors")
  }

  private var environment: [String: String] {
    [
      "HF_HOME": folder.path("hf"), "HF_HUB_CACHE": "", "HUGGINGFACE_HUB_CACHE": "",
      "COMFYUI_PATH": folder.path("comfy"),
    ]
  }

  @Test func `models are listed with family, size and path`() throws {
    let run = try CommandLineRun.vaecodec(["models"], environment: environment, in: folder)
    #expect(run.status == 0, "\(run)")
    let lines = run.text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    // A file with a name of its own is of the family that its shape shows.
    #expect(lines.map { $0.first ?? "" } == ["family", "sd", "sdxl", "sd-x4", "sd"], "\(run.text)")
    #expect(lines[2].contains("org/sdxl-vae"))
    #expect(lines[2].last == folder.path("\(Self.snapshot)/\(Self.weights)"))
    #expect(run.errorLines.count == 1 && run.errors.contains("page.safetensors: not a safetensors"))
    let quiet = try CommandLineRun.vaecodec(
      ["models", "--quiet"], environment: environment, in: folder)
    #expect(quiet.errors.isEmpty && quiet.text == run.text)
  }

  @Test func `the list is one object a line`() throws {
    var environment = environment
    environment["VAECODEC_MODEL"] = Fixtures.path("models/kl-flux1")
    let run = try CommandLineRun.vaecodec(
      ["models", "--json"], environment: environment, in: folder)
    let models = try run.jsonLines()
    let sources = models.map { $0["source"] as? String }
    #expect(
      sources == ["built-in", "VAECODEC_MODEL", "huggingface", "comfyui", "comfyui"], "\(run)")
    #expect(models[1]["family"] as? String == "flux1")
    #expect(models[2]["model"] as? String == "org/sdxl-vae")
    #expect(models[2]["class"] as? String == "AutoencoderKL")
    #expect(models[2]["bytes"] as? Int == 47750)
    #expect(models[0]["path"] == nil && models[0]["model"] as? String == "default")
  }

  @Test func `where there is nothing else the built-in model is listed`() throws {
    let nowhere = ["HF_HOME": folder.path("none"), "HF_HUB_CACHE": "", "HUGGINGFACE_HUB_CACHE": ""]
    let run = try CommandLineRun.vaecodec(["models"], environment: nowhere, in: folder)
    #expect(run.status == 0 && run.errors.isEmpty && run.text.split(separator: "\n").count == 2)
  }

  @Test(arguments: ["org/sdxl-vae", "org/sdxl-vae@abc"])
  func `a repository in the cache is a model`(name: String) throws {
    let picture = Fixtures.path("models/kl-sdxl/picture.png")
    for options in [["--model", name], []] {
      var environment = environment
      if options.isEmpty { environment["VAECODEC_MODEL"] = name }
      let run = try CommandLineRun.vaecodec(
        ["encode", picture, "-o", "z.bin", "--force", "--lossless"] + options,
        environment: environment, in: folder)
      #expect(run.status == 0 && run.errors.isEmpty, "\(run)")
    }
    let info = try CommandLineRun.vaecodec(
      ["info", name, "--json"], environment: environment, in: folder)
    #expect(try info.jsonLines().first?["family"] as? String == "sdxl")
  }

  @Test func `a repository that is not in the cache is answered with how to get it`() throws {
    for arguments in [["info", "org/other"], ["roundtrip", "x.png", "--model", "org/other"]] {
      let run = try CommandLineRun.vaecodec(arguments, environment: environment, in: folder)
      #expect(run.status == 1 && run.output.isEmpty && run.errorLines.count == 1, "\(run)")
      let start =
        "vaecodec: org/other: no such file or folder, and not in the Hugging Face cache "
        + "\(folder.path("hf"))/hub; it is not known where its files lie: 'hf download org/other "
        + "config.json \(Self.weights) vae/config.json vae/\(Self.weights)' gets those "
      #expect(run.errors.hasPrefix(start), "\(run)")
      #expect(run.errors.contains("'curl -fL --create-dirs -o other/config.json https://"))
    }
  }

  @Test func `a file wins over a repository of its name`() throws {
    try folder.copy("models/kl-sd/config.json", to: "org/sdxl-vae/config.json")
    try folder.copy("models/kl-sd/\(Self.weights)", to: "org/sdxl-vae/\(Self.weights)")
    let info = try CommandLineRun.vaecodec(
      ["info", "org/sdxl-vae", "--json"], environment: environment, in: folder)
    #expect(try info.jsonLines().first?["family"] as? String == "sd")
  }
}
