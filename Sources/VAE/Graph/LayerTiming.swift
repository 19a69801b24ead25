/// What a layer of a network took, for measurements.
package struct LayerTiming: Sendable {
  /// The layer's name in the checkpoint.
  package let name: String
  /// The way it was computed, such as "F(6x6,3x3)".
  package let method: String
  /// The shape of its output, such as "[512, 64, 64]".
  package let shape: String
  /// Multiply-adds as the layer is defined, whatever its kernel saves.
  package let multiplyAdds: Int
  /// Bytes of the tensors and weights that it reads and writes, each counted once.
  package let byteCount: Int
  /// Seconds, weight conversion included.
  package let seconds: Double
}
