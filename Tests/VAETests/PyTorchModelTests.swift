import TestSupport
import Testing

@testable import VAE

/// Models in files of PyTorch's: found as safetensors files are, and the same to the last bit.
@Suite struct PyTorchModelTests {
  private static let weights = "diffusion_pytorch_model.safetensors"

  /// A folder of the model `name` with its weights as the file `file`.
  private func folder(
    _ name: String, as file: String, in wrappers: [String] = [], isChannelsLast: Bool = false
  ) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.copy("models/\(name)/config.json", to: FileSystem.parent(of: file) + "/config.json")
    let tensors = try SafetensorsBuilder.tensors(
      of: Fixtures.path("models/\(name)/\(Self.weights)"))
    try folder.write(
      PyTorchBuilder.file(tensors, in: wrappers, isChannelsLast: isChannelsLast), to: file)
    return folder
  }

  @Test(arguments: [
    "diffusion_pytorch_model.bin", "vae/diffusion_pytorch_model.fp16.bin", "model.ckpt", "a.pt",
    "vae/b.pth",
  ])
  func `a folder of one is opened`(file: String) throws {
    let folder = try folder("kl-sd", as: file, in: ["state_dict"])
    let files = try ModelFiles(path: folder.path)
    #expect(files.filePaths.map(FileSystem.lastComponent) == [FileSystem.lastComponent(of: file)])
  }

  @Test func `safetensors are taken before it`() throws {
    let folder = try folder("kl-sd", as: "diffusion_pytorch_model.bin")
    try folder.copy("models/kl-sd/\(Self.weights)", to: "x.safetensors")
    #expect(try ModelFiles(path: folder.path).filePaths == [folder.path("x.safetensors")])
  }

  @Test func `the one with an autoencoder is found among others`() throws {
    let folder = try folder("kl-sd", as: "vae.ckpt")
    try folder.write(PyTorchBuilder.file([.init("w", [1], [1])]), to: "optimizer.bin")
    try folder.copy("pytorch/system.pt", to: "a.pt")
    #expect(try ModelFiles(path: folder.path).filePaths == [folder.path("vae.ckpt")])
    try folder.remove("vae.ckpt")
    let error = #expect(throws: PyTorchError.self) { try ModelFiles(path: folder.path) }
    #expect(error?.description.contains("posix.system") == true)
  }

  @Test func `shards and their index are one model`() throws {
    let tensors = try SafetensorsBuilder.tensors(
      of: Fixtures.path("models/kl-sd/\(Self.weights)"))
    let folder = try TemporaryFolder()
    try folder.copy("models/kl-sd/config.json", to: "config.json")
    let (first, last) = (tensors.prefix(9), tensors.dropFirst(9))
    try folder.write(PyTorchBuilder.file(Array(first)), to: "m-00001-of-00002.bin")
    try folder.write(PyTorchBuilder.file(Array(last)), to: "m-00002-of-00002.bin")
    try folder.write(
      ShardFixture.index(
        first.map { ($0.name, "m-00001-of-00002.bin") }
          + last.map { ($0.name, "m-00002-of-00002.bin") }),
      to: "diffusion_pytorch_model.bin.index.json")
    let files = try ModelFiles(path: folder.path)
    #expect(files.filePaths.count == 2 && files.weights.names.count == tensors.count)
  }

  @Test func `halves of a tiny autoencoder find one another`() throws {
    let folder = try TemporaryFolder()
    for half in ["encoder", "decoder"] {
      let tensors = try SafetensorsBuilder.tensors(
        of: Fixtures.path("models/tiny-halves/taesd_\(half).safetensors"))
      try folder.write(PyTorchBuilder.file(tensors), to: "taesd_\(half).pth")
    }
    let model = try Autoencoder(ModelFiles(path: folder.path("taesd_encoder.pth")))
    #expect(model.hasEncoder && model.hasDecoder)
  }

  @Test(arguments: ["kl-sd", "kl-bf16", "kl-no-attention", "tiny"], [false, true])
  func `weights are those of the safetensors file`(name: String, isChannelsLast: Bool) throws {
    let folder = try folder(
      name, as: "diffusion_pytorch_model.bin", isChannelsLast: isChannelsLast)
    let (own, other) = (
      try ModelFiles(path: folder.path).weights,
      try ModelFiles(path: Fixtures.path("models/\(name)")).weights
    )
    #expect(own.names == other.names)
    for name in own.names {
      let shape = try #require(own.shape(of: name))
      let tensors = try [own, other].map { try $0.tensor(name, shape: shape) }
      let bytes = tensors.map { $0.file.bytes(in: $0.byteRange) }
      #expect(bytes[0] == bytes[1] && tensors[0].type == tensors[1].type, "\(name)")
    }
  }
}
