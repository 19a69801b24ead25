import TestSupport
import Testing
import VAE

@testable import VAECodec

/// Latents that `torch.save` wrote.
@Suite struct PyTorchLatentTests {
  private static func bytes(_ name: String) throws -> [UInt8] {
    try Fixtures.bytes(at: Fixtures.path("pytorch/\(name)"))
  }

  /// Multiples of 1/8, as the script that made the fixtures has them.
  private static func values(_ count: Int) -> [Float] {
    (0..<count).map { Float($0 * 7 % 61 - 30) / 8 }
  }

  @Test(arguments: [
    ("latent.pt", "", "F32"), ("latent.pt.gz", "", "F32"), ("latent-last.pt", "", "F32"),
    ("latent-half.pt", "latents", "F16"), ("latent-bfloat.pt", "latents", "BF16"),
    ("latent-double.pt", "latents", "F64"),
  ])
  func `a tensor, or one of the usual names, is the latent`(
    name: String, key: String, type: String
  ) throws {
    let file = try LatentFile(decoding: Self.bytes(name))
    #expect(file.format == .pyTorch && file.units == .raw && !file.statesUnits)
    #expect(file.entries.map(\.key) == [key] && file.entries[0].elementType == type)
    let latent = try file.latent()
    #expect([latent.channels, latent.height, latent.width] == [4, 3, 5])
    #expect(latent.values == Self.values(60))
  }

  @Test func `a batch is as many latents`() throws {
    let file = try LatentFile(decoding: Self.bytes("latent-batch.pt"))
    #expect(file.entries.map(\.key) == ["latent[0]", "latent[1]", "latent[2]"])
    #expect(try file.latent(key: "latent[2]").values == Array(Self.values(180).suffix(60)))
    #expect(throws: ContainerError.self) { try file.latent() }
  }

  @Test(arguments: ["latent_tensor", "samples", "anything"])
  func `other names are known, and the only one there is`(name: String) throws {
    let tensors = [SafetensorsBuilder.Tensor(name, [1, 4, 1, 2], Self.values(8))]
    let file = try LatentFile(decoding: PyTorchBuilder.file(tensors))
    #expect(file.entries.map(\.key) == [name])
    let others = tensors + [.init("prompt_embeds", [1, 2], [0, 0])]
    let isUsual = name != "anything"
    let result = Result { try LatentFile(decoding: PyTorchBuilder.file(others)) }
    #expect((try? result.get()) != nil ? isUsual : !isUsual)
  }

  @Test(arguments: [[2], [1, 4], [4, 2, 3, 1, 1], [1, 4, 2, 3, 1]])
  func `what has no shape of a latent is refused`(shape: [Int]) throws {
    let tensor = SafetensorsBuilder.Tensor(
      "latents", shape, Self.values(shape.reduce(1, *)))
    #expect(throws: ContainerError.self) {
      try LatentFile(decoding: PyTorchBuilder.file([tensor]))
    }
  }

  @Test func `integers are no latent`() throws {
    let tensor = SafetensorsBuilder.Tensor(
      "latents", "I64", [1, 1, 1, 1], bytes: [UInt8](repeating: 0, count: 8))
    #expect(throws: ContainerError.self) {
      try LatentFile(decoding: PyTorchBuilder.file([tensor]))
    }
  }

  @Test(arguments: [
    ("system.pt", "posix.system"), ("legacy.pt", "before version 1.6"),
    ("script.pt", "TorchScript"), ("numpy.pkl", #"numpy.save("FILE.npy", w)"#),
    ("numpy-scalar.pt", #"save_file({"latents": w}, "FILE.safetensors")"#),
  ])
  func `what is refused is said with the way out`(name: String, words: String) throws {
    let error = #expect(throws: ContainerError.self) {
      try LatentFile(decoding: Self.bytes(name))
    }
    let text = error?.description ?? ""
    #expect(text.contains(words) && text.contains("convert it in Python: w = "), "\(text)")
  }

  @Test func `the format is read only`() throws {
    let latent = try Latent(
      channels: 4, height: 1, width: 1, values: [1, 2, 3, 4], units: .raw)
    #expect(!LatentFileFormat.pyTorch.isWritten)
    #expect(LatentFileFormat(fileName: "a.pt") == nil)
    #expect(throws: ContainerError.notWritten(format: "PyTorch's .pt")) {
      try latent.encoded(as: .pyTorch)
    }
  }

  @Test func `an archive of arrays is not taken for one of PyTorch's`() throws {
    let bytes = try Fixtures.bytes(at: Fixtures.path("latents/kohya-several.npz"))
    #expect(!PyTorchFile.recognises(bytes) && KohyaFile.recognises(bytes))
    #expect(!KohyaFile.recognises(try Self.bytes("latent.pt")))
  }
}
