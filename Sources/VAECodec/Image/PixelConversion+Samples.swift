/// Tensors to samples in 0...1 without rounding, and back, for what learns from pictures.
extension PixelConversion {
  /// The whole tensor of `image`, `[paddedHeight, paddedWidth, 3]`.
  ///
  /// - Precondition: `image` has the size of the conversion.
  func tensor(of image: Image) -> [Float] {
    var tensor = [Float](repeating: 0, count: count)
    var span = tensor.mutableSpan
    write(image, rows: 0..<paddedHeight, to: &span)
    return tensor
  }

  /// The visible part of `tensor`, `[height, width, 3]`, as samples in 0...1; values outside become the ends.
  ///
  /// - Precondition: `tensor` has the size of the conversion.
  func samples(of tensor: Span<Float>) -> [Float] {
    check(rows: 0..<paddedHeight, count: tensor.count, in: paddedHeight)
    var samples: [Float] = []
    samples.reserveCapacity(height * width * 3)
    for y in 0..<height {
      let row = tensor.extracting(y * rowCount..<y * rowCount + width * 3)
      for index in 0..<row.count { samples.append(min(max(row[index] * 0.5 + 0.5, 0), 1)) }
    }
    return samples
  }

  /// A tensor with `values`, `[height, width, 3]`, in its visible part and 0 in the padding.
  ///
  /// - Precondition: there are as many values as the picture has samples.
  func tensor(ofSamples values: [Float]) -> [Float] {
    precondition(
      values.count == height * width * 3,
      "\(values.count) values for \(width)x\(height) pixels")
    var tensor = [Float](repeating: 0, count: count)
    for y in 0..<height {
      for index in 0..<width * 3 { tensor[y * rowCount + index] = values[y * width * 3 + index] }
    }
    return tensor
  }
}
