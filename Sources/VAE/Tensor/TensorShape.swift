/// The extents of an activation tensor: one picture, channels-last, f32.
///
/// Element (y, x, c) lies at `(y * width + x) * channels + c`.
package struct TensorShape: Hashable, Sendable, CustomStringConvertible {
  /// Rows.
  package var height: Int
  /// Columns.
  package var width: Int
  /// Channels of a pixel.
  package var channels: Int

  /// A shape of `height` rows of `width` pixels of `channels` values.
  package init(height: Int, width: Int, channels: Int) {
    self.height = height
    self.width = width
    self.channels = channels
  }

  /// Pixels of the tensor.
  package var pixelCount: Int { height * width }
  /// Elements of the tensor.
  package var count: Int { pixelCount * channels }
  /// Bytes of the tensor.
  package var byteCount: Int { count * MemoryLayout<Float>.stride }

  /// The shape in the order of checkpoints, such as "[512, 64, 64]".
  package var description: String { "[\(channels), \(height), \(width)]" }
}
