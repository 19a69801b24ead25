import TestSupport
import Testing
import VAE

/// Files of PyTorch's through the binary.
@Suite struct PyTorchTests {
  private let folder: TemporaryFolder
  private let picture = Fixtures.path("models/kl-sd/picture.png")

  init() throws { folder = try TemporaryFolder() }

  private func tensors(_ name: String) throws -> [SafetensorsBuilder.Tensor] {
    try SafetensorsBuilder.tensors(
      of: Fixtures.path("models/\(name)/diffusion_pytorch_model.safetensors"))
  }

  private func encoded(_ model: String, _ output: String) throws -> [UInt8] {
    let run = try CommandLineRun.vaecodec(
      ["encode", picture, "-o", output, "--model", model, "--scaled", "--quiet"],
      in: folder)
    #expect(run.status == 0, "\(run)")
    return try folder.bytes(of: output)
  }

  @Test(arguments: ["kl-sd", "kl-bf16", "tiny"], [false, true])
  func `a model makes the bytes that the safetensors file makes`(
    name: String, isChannelsLast: Bool
  ) throws {
    let file = try PyTorchBuilder.file(
      tensors(name), in: ["state_dict"], isChannelsLast: isChannelsLast)
    try folder.copy("models/\(name)/config.json", to: "m/config.json")
    try folder.write(file, to: "m/diffusion_pytorch_model.bin")
    let expected = try encoded(Fixtures.path("models/\(name)"), "a.npy")
    #expect(try encoded("m", "b.npy") == expected)
    #expect(try encoded("m/diffusion_pytorch_model.bin", "c.npy") == expected)
  }

  @Test func `a gzipped one too`() throws {
    try folder.copy("models/kl-sd/config.json", to: "m/config.json")
    try folder.write(PyTorchBuilder.file(tensors("kl-sd")), to: "m/vae.pt")
    let packed = try CommandLineRun.shell("gzip -c m/vae.pt > z && mv z m/vae.pt", in: folder)
    #expect(packed.status == 0)
    let expected = try encoded(Fixtures.path("models/kl-sd"), "a.npy")
    #expect(try encoded("m", "b.npy") == expected)
  }

  @Test func `info tells models from latents`() throws {
    try folder.write(PyTorchBuilder.file(tensors("tiny")), to: "m.latent")
    let model = try CommandLineRun.vaecodec(["info", "m.latent", "--json"], in: folder)
    let facts = try #require(try model.jsonLines().first, "\(model)")
    #expect(facts["kind"] as? String == "model" && facts["class"] as? String == "AutoencoderTiny")
    for name in ["latent.pt", "latent.pt.gz", "latent-half.pt"] {
      let path = Fixtures.path("pytorch/\(name)")
      let latent = try CommandLineRun.vaecodec(["info", path, "--json"], in: folder)
      let facts = try #require(try latent.jsonLines().first, "\(latent)")
      #expect(facts["kind"] as? String == "latent" && facts["format"] as? String == "pt")
      #expect(facts["latent"] as? [Int] == [4, 3, 5])
    }
  }

  @Test func `models of ComfyUI are listed`() throws {
    try folder.write(
      PyTorchBuilder.file(tensors("tiny")), to: "models/vae_approx/taesd.pt")
    try folder.copy("pytorch/system.pt", to: "models/vae/x.ckpt")
    let run = try CommandLineRun.vaecodec(
      ["models"], environment: ["COMFYUI_PATH": folder.path], in: folder)
    #expect(run.status == 0 && run.text.contains("/taesd.pt"), "\(run)")
    #expect(run.errors.contains("x.ckpt: its pickle asks for posix.system"), "\(run)")
  }

  @Test func `a latent is converted, and its units are noted`() throws {
    let path = Fixtures.path("pytorch/latent.pt.gz")
    let run = try CommandLineRun.vaecodec(["convert", path, "-o", "a.npy"], in: folder)
    #expect(run.status == 0 && run.errors.contains("taken for raw"), "\(run)")
    try folder.write(Fixtures.bytes(at: path), to: "piped")
    let piped = try CommandLineRun.vaecodec(
      ["convert", "-", "-o", "b.npy", "--quiet"], input: Fixtures.bytes(at: path), in: folder)
    #expect(piped.status == 0 && piped.errors.isEmpty, "\(piped)")
    #expect(try folder.bytes(of: "a.npy") == folder.bytes(of: "b.npy"))
  }

  @Test(arguments: ["system.pt", "legacy.pt", "script.pt", "numpy.pkl", "sparse.pt"])
  func `what is not read is one line and no output`(name: String) throws {
    let path = Fixtures.path("pytorch/\(name)")
    for arguments in [
      ["encode", picture, "-o", "z.bin", "--model", path], ["decode", path, "-o", "z.png"],
      ["info", path],
    ] {
      let run = try CommandLineRun.vaecodec(arguments, in: folder)
      #expect(run.status == 1 && run.output.isEmpty && run.errorLines.count == 1, "\(run)")
      #expect(run.errors.contains("convert it in Python: w = "), "\(run)")
    }
    #expect(folder.names.isEmpty)
  }

  @Test func `a checkpoint of 3 GB takes no more memory than its autoencoder`() throws {
    let byteCount = 3 << 30
    let (items, storages) = PyTorchBuilder.parts(of: try tensors("tiny"))
    let zeros = PickleBuilder.tensor(
      PickleBuilder.storage("zeros", "Half", count: byteCount / 2), shape: [byteCount / 2],
      strides: [1])
    let (head, tail) = try PyTorchBuilder.file(
      PickleBuilder.dictionary(items + [("w", zeros)]), storages: storages, zeros: byteCount)
    try folder.writeSparse(head, byteCount: head.count + byteCount, to: "big.ckpt")
    try folder.write(tail, to: "tail")
    #expect(try CommandLineRun.shell("cat tail >> big.ckpt", in: folder).status == 0)
    let run = try CommandLineRun.vaecodec(
      ["encode", picture, "-o", "z.npy", "--model", "big.ckpt", "--scaled", "--quiet"],
      in: folder)
    #expect(run.status == 0, "\(run)")
    #expect(run.peakByteCount < 100_000_000, "\(run.peakByteCount)")
    #expect(try folder.bytes(of: "z.npy") == encoded(Fixtures.path("models/tiny"), "y.npy"))
  }
}
