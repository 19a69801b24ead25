import TestSupport
import Testing
import VAE

/// Weights in 16 bits whose activations no 16-bit float holds.
@Suite struct HalfPrecisionTests {
  @Test func `a model that overflows in f16 is computed in f32 and is right`() throws {
    let reference = Fixtures.path("models/kl-overflow/reference.safetensors")
    let image = try ReferenceTensor("image", in: reference)
    let exact = try ReferenceTensor("moments", in: reference)
    let half = try ReferenceTensor("half_moments", in: reference)
    let model = try ModelRun.open("kl-overflow")
    #expect(model.elementTypes == ["F16"])
    // What diffusers makes of the same weights in f16: the fixture does overflow.
    #expect(half.values.contains { !$0.isFinite })
    let moments = try ModelRun.encode(
      model, ModelRun.channelsLast(image), height: image.shape[2], width: image.shape[3],
      ModelRun.options())
    #expect(relativeError(moments, exact.values) <= 1e-5)
    let mean = Array(exact.values.prefix(exact.values.count / 2))
    let decoded = try ModelRun.decode(
      model, mean, height: exact.shape[2], width: exact.shape[3], ModelRun.options())
    let expected = ModelRun.channelsLast(try ReferenceTensor("decoded", in: reference))
    #expect(relativeError(decoded, expected) <= 1e-5)
  }
}
