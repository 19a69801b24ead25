import VAE

/// Pictures to the tensors that networks read, and back.
///
/// A tensor is `[paddedHeight, paddedWidth, 3]`, row-major, values in -1...1 for samples in
/// 0...full scale. The functions work on runs of rows, so that callers can share them out among
/// threads; every row is computed by itself, and the result does not depend on the runs.
package struct PixelConversion: Sendable {
  /// Width of the picture in pixels.
  package let width: Int
  /// Height of the picture in pixels.
  package let height: Int
  /// Width of the tensor: the least multiple of the factor that holds the picture.
  package let paddedWidth: Int
  /// Height of the tensor: the least multiple of the factor that holds the picture.
  package let paddedHeight: Int
  /// What stands behind transparent pixels.
  package let matte: Matte

  /// The conversion for pictures of one size and a network that shrinks them by `factor`.
  ///
  /// - Precondition: all three numbers are positive.
  package init(width: Int, height: Int, factor: Int, matte: Matte = .white) {
    precondition(
      width > 0 && height > 0 && factor > 0,
      "a picture of \(width)x\(height) pixels cannot be padded to multiples of \(factor)")
    self.width = width
    self.height = height
    self.paddedWidth = width.roundedUp(toMultipleOf: factor)
    self.paddedHeight = height.roundedUp(toMultipleOf: factor)
    self.matte = matte
  }

  /// Numbers in a row of the tensor.
  package var rowCount: Int { paddedWidth * 3 }

  /// Numbers in the whole tensor.
  package var count: Int { paddedHeight * rowCount }

  /// Writes rows of the tensor of `image`: `2 * (x / full scale) - 1` in fp32, as diffusers has it
  /// (`VaeImageProcessor.preprocess`), with the last column and row repeated into the padding.
  ///
  /// A picture with an alpha plane is laid over the matte first, in fp32.
  ///
  /// - Parameters:
  ///   - image: the picture.
  ///   - rows: which rows of the tensor, in 0..<`paddedHeight`.
  ///   - output: takes `[rows, paddedWidth, 3]`.
  /// - Precondition: `image` has the size of the conversion, `rows` are rows of the tensor, and
  ///   `output` has their count.
  package func write(
    _ image: Image, rows: Range<Int>, to output: inout MutableSpan<Float>
  ) {
    precondition(
      image.width == width && image.height == height,
      "a picture of \(image.width)x\(image.height) pixels given, expected \(width)x\(height)")
    check(rows: rows, count: output.count, in: paddedHeight)
    switch (image.color, image.alpha) {
    case (.bits8(let color), .bits8(let alpha)):
      write(color.span, alpha.span, rows: rows, to: &output)
    case (.bits16(let color), .bits16(let alpha)):
      write(color.span, alpha.span, rows: rows, to: &output)
    case (.bits8(let color), _):
      write(color.span, Span(), rows: rows, to: &output)
    case (.bits16(let color), _):
      write(color.span, Span(), rows: rows, to: &output)
    }
  }

  /// Writes rows of the tensor of a picture whose alpha plane is `alpha`, or empty.
  private func write<Sample: FixedWidthInteger & UnsignedInteger>(
    _ color: Span<Sample>, _ alpha: Span<Sample>, rows: Range<Int>,
    to output: inout MutableSpan<Float>
  ) {
    for row in rows {
      let y = min(row, height - 1)
      let source = color.extracting(y * width * 3..<(y + 1) * width * 3)
      let start = (row - rows.lowerBound) * rowCount
      if alpha.isEmpty {
        Self.writeRow(source, to: &output, at: start)
      } else {
        writeRow(source, alpha.extracting(y * width..<(y + 1) * width), to: &output, at: start)
      }
      for i in start + width * 3..<start + rowCount { output[i] = output[i - 3] }
    }
  }

  private static func writeRow<Sample: FixedWidthInteger & UnsignedInteger>(
    _ color: Span<Sample>, to output: inout MutableSpan<Float>, at start: Int
  ) {
    precondition(
      start >= 0 && start + color.count <= output.count,
      "\(color.count) numbers at \(start) are not in 0..<\(output.count)")
    let full = Float(Sample.max)
    for i in 0..<color.count {
      unsafe output[unchecked: start &+ i] = 2 * (Float(color[unchecked: i]) / full) - 1
    }
  }

  private func writeRow<Sample: FixedWidthInteger & UnsignedInteger>(
    _ color: Span<Sample>, _ alpha: Span<Sample>, to output: inout MutableSpan<Float>,
    at start: Int
  ) {
    let full = Float(Sample.max)
    let background = matte.components.map { Float($0) / 255 }
    for x in 0..<width {
      let opacity = Float(alpha[x]) / full
      for channel in 0..<3 {
        let sample = Float(color[3 * x + channel]) / full
        output[start + 3 * x + channel] =
          2 * (opacity * sample + (1 - opacity) * background[channel]) - 1
      }
    }
  }

  /// Checks the arguments of a call that works on `rows` of a tensor.
  ///
  /// - Precondition: `rows` are in 0..<`height` and `count` is what they hold.
  func check(rows: Range<Int>, count: Int, in height: Int) {
    precondition(
      rows.lowerBound >= 0 && rows.upperBound <= height, "rows \(rows) are not in 0..<\(height)")
    precondition(
      count == rows.count * rowCount,
      "\(count) numbers given for \(rows.count) rows of \(rowCount)")
  }
}
