import TestSupport
import VAE

/// Stable Diffusion's full-size autoencoder with random weights: what it computes means nothing, but
/// it takes the time and the memory of the real one.
enum SyntheticModel {
  /// The model, in memory that is never freed.
  ///
  /// - Throws: `ModelError`.
  static func files() throws -> ModelFiles {
    let (head, byteCount) = SafetensorsBuilder.header(StableDiffusionShapes.all, type: .f32)
    let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: 64)
    unsafe bytes.copyBytes(from: head)
    var state: UInt64 = 1
    for offset in stride(from: head.count, to: byteCount, by: 4) {
      // Knuth's 64-bit generator; its upper bits, as a small value around 0.
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let value = (Float(state >> 40) / Float(1 << 24) - 0.5) * 0.05
      unsafe bytes.storeBytes(of: value, toByteOffset: offset, as: Float.self)
    }
    return try unsafe ModelFiles(
      name: "random weights", configuration: Array(StableDiffusionShapes.configuration.utf8),
      weights: MappedFile(name: "random weights", staticBytes: UnsafeRawBufferPointer(bytes)))
  }
}
