import TestSupport
import Testing

@testable import VAE

/// Types of number: the names that files have for them, and weights in those that are converted as the
/// file is opened.
@Suite struct ElementTypeTests {
  @Test func `types are found by both of their names`() {
    #expect(ElementType(rawValue: "BF16") == .bf16 && ElementType(rawValue: "bf16") == nil)
    #expect(ElementType(numpyName: "f8") == .f64 && ElementType(numpyName: "u1") == .u8)
    #expect(ElementType(numpyName: "O") == nil && ElementType(numpyName: "F64") == nil)
  }

  @Test func `networks compute with three types, and with three more once they are converted`() {
    let types = ElementType.allCases
    #expect(types.filter { $0.computed == $0 } == [.f32, .f16, .bf16])
    #expect(types.filter { $0.computed != nil && $0.computed != $0 } == [.f64, .e4m3, .e5m2])
    #expect(types.filter(\.holdsLatents) == [.f64, .f32, .f16, .bf16])
  }

  @Test func `every E4M3 number becomes itself`() throws {
    let values = try converted("F8_E4M3", bytes: Array(0...UInt8.max))
    for (bits, value) in values.enumerated() {
      let (exponent, mantissa) = (bits >> 3 & 0xF, Float(bits & 7))
      let sign: Float = bits & 0x80 == 0 ? 1 : -1
      if bits & 0x7F == 0x7F {
        #expect(value.isNaN)
      } else if exponent == 0 {
        #expect(value == sign * mantissa / 512)
      } else {
        var power: Float = 1.0 / 64
        for _ in 1..<max(exponent, 1) { power *= 2 }
        #expect(value == sign * (1 + mantissa / 8) * power)
      }
    }
    #expect(values[0x7E] == 448 && values[1] == 0x1p-9)
  }

  @Test func `E5M2 is the upper half of F16`() throws {
    let values = try converted("F8_E5M2", bytes: [0x3C, 0xBC, 0x01, 0x7B, 0x7C, 0x00, 0x40, 0x44])
    #expect(values == [1, -1, 0x1p-16, 57344, .infinity, 0, 2, 4])
  }

  @Test func `F64 is rounded to F32`() throws {
    let numbers: [Double] = [1, -0.1, 0x1p-1060, 0x1.000001p0]
    let bytes = numbers.flatMap { number in
      (0..<8).map { UInt8(truncatingIfNeeded: number.bitPattern >> (8 * UInt64($0))) }
    }
    #expect(try converted("F64", bytes: bytes) == [1, -0.1, 0, Float(0x1.000001p0)])
  }

  @Test func `a model in F64 gives the bits of the same in F32`() throws {
    let folder = try TemporaryFolder()
    let source = Fixtures.path("models/kl-sd/diffusion_pytorch_model.safetensors")
    let file = try SafetensorsFile(path: source)
    let tensors = try SafetensorsBuilder.tensors(of: source).map { tensor in
      let entry = try #require(file.entries[tensor.name])
      let values = try ReferenceTensor(tensor.name, in: source).values
      return SafetensorsBuilder.Tensor(
        tensor.name, "F64", entry.shape,
        bytes: values.flatMap { value in
          let bits = Double(value).bitPattern
          return (0..<8).map { UInt8(truncatingIfNeeded: bits >> (8 * UInt64($0))) }
        })
    }
    let path = try folder.write(SafetensorsBuilder.file(tensors), to: "x.safetensors")
    let model = try Autoencoder(ModelFiles(path: path, groups: 8))
    #expect(model.elementTypes == ["F64"])
    let pixels = [Float](repeating: 0.25, count: 8 * 8 * 3)
    let results = try [model, ModelRun.open("kl-sd")].map {
      try ModelRun.encode($0, pixels, height: 8, width: 8, ModelRun.options())
    }
    #expect(results[0] == results[1])
  }

  /// The tensor of a file of these elements, as f32.
  private func converted(_ type: String, bytes: [UInt8]) throws -> [Float] {
    let kernels = try #require(Kernels(.best))
    let count = type == "F64" ? bytes.count / 8 : bytes.count
    let file = SafetensorsBuilder.file([.init("w", type, [count], bytes: bytes)])
    return try withMappedFile(file) { mapped in
      let store = try WeightStore(
        path: "model", files: [WeightsFile(mapped)], canonicalName: { name, _ in name },
        fileName: { $0 })
      return kernels.floats(of: try store.tensor("w", shape: [count]))
    }
  }
}
