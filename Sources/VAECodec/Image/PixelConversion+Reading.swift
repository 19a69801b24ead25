/// Tensors that networks wrote to pictures: the padding is cut off, values are rounded to samples,
/// and a picture that had an alpha plane gets it back.
extension PixelConversion {
  /// Adding this to a float in 0..<2^22 rounds it to an integer, half to even, and leaves that in
  /// the low bits: at 1.5 * 2^23 neighbouring floats are one apart.
  private static let rounder: Float = 12_582_912

  /// The picture that the tensor `[paddedHeight, paddedWidth, 3]` holds.
  ///
  /// - Parameters:
  ///   - tensor: values in -1...1; values outside are clamped and NaN becomes 0.
  ///   - bitDepth: the depth of the picture, 8 or 16.
  ///   - alpha: the alpha plane that the picture gets, at any depth.
  ///   - profile: the profile that the picture gets.
  /// - Precondition: `tensor` has the size of the conversion, `alpha` that of the picture.
  package func image(
    from tensor: Span<Float>, bitDepth: Int, alpha: Image.Samples? = nil,
    profile: ColorProfile? = nil
  ) -> Image {
    precondition(bitDepth == 8 || bitDepth == 16, "a depth of \(bitDepth) bits is not 8 or 16")
    let visible = tensor.extracting(first: height * rowCount)
    let color: Image.Samples =
      if bitDepth == 16 {
        .bits16(samples(of: visible, alpha: alpha?.sixteenBitValues ?? []))
      } else {
        .bits8(samples(of: visible, alpha: alpha?.eightBitValues ?? []))
      }
    return Image(
      width: width, height: height, color: color,
      alpha: alpha.map { $0.converted(toBitDepth: bitDepth) }, profile: profile)
  }

  private func samples<Sample: FixedWidthInteger & UnsignedInteger>(
    of tensor: Span<Float>, alpha: [Sample]
  ) -> [Sample] {
    var color = [Sample](repeating: 0, count: height * width * 3)
    var output = color.mutableSpan
    readRows(tensor, rows: 0..<height, alpha: alpha.span, to: &output)
    return color
  }

  /// Reads rows of a tensor: `clamp(v * 0.5 + 0.5) * full scale` in fp32, as diffusers has it
  /// (`VaeImageProcessor.postprocess`), rounded half to even.
  ///
  /// Where there is an alpha plane the matte is taken out again, C = clamp((P - (1 - a) * matte) /
  /// a), so that edges carry no halo. Where a is 0 nothing of the picture can be seen from the
  /// matte, and C is the matte: a flat colour, which packs well and shows no noise in programs that
  /// ignore alpha.
  ///
  /// - Parameters:
  ///   - tensor: the rows, `[rows, paddedWidth, 3]`.
  ///   - rows: which rows of the picture, in 0..<`height`.
  ///   - alpha: the alpha plane of the whole picture, `[height, width]`, or empty.
  ///   - output: takes `[rows, width, 3]`.
  /// - Precondition: the counts fit.
  package func read(
    _ tensor: Span<Float>, rows: Range<Int>, alpha: Span<UInt8>,
    to output: inout MutableSpan<UInt8>
  ) {
    readRows(tensor, rows: rows, alpha: alpha, to: &output)
  }

  /// Reads rows of a tensor as above, to 16-bit samples.
  ///
  /// The two are not one generic function: unspecialised, as other modules would call it, that is
  /// fifty times slower.
  package func read(
    _ tensor: Span<Float>, rows: Range<Int>, alpha: Span<UInt16>,
    to output: inout MutableSpan<UInt16>
  ) {
    readRows(tensor, rows: rows, alpha: alpha, to: &output)
  }

  private func readRows<Sample: FixedWidthInteger & UnsignedInteger>(
    _ tensor: Span<Float>, rows: Range<Int>, alpha: Span<Sample>,
    to output: inout MutableSpan<Sample>
  ) {
    check(rows: rows, count: tensor.count, in: height)
    precondition(
      output.count == rows.count * width * 3,
      "space for \(output.count) samples given for \(rows.count) rows of \(width) pixels")
    precondition(
      alpha.isEmpty || alpha.count == width * height,
      "\(alpha.count) alpha samples given for \(width)x\(height) pixels")
    for row in rows {
      let start = (row - rows.lowerBound) * rowCount
      let source = tensor.extracting(start..<start + width * 3)
      let target = (row - rows.lowerBound) * width * 3
      if alpha.isEmpty {
        Self.readRow(source, to: &output, at: target)
      } else {
        let opacity = alpha.extracting(row * width..<(row + 1) * width)
        readRow(source, opacity, to: &output, at: target)
      }
    }
  }

  private static func readRow<Sample: FixedWidthInteger & UnsignedInteger>(
    _ tensor: Span<Float>, to output: inout MutableSpan<Sample>, at start: Int
  ) {
    precondition(
      start >= 0 && start + tensor.count <= output.count,
      "\(tensor.count) samples at \(start) are not in 0..<\(output.count)")
    for i in 0..<tensor.count {
      unsafe output[unchecked: start &+ i] = sample(tensor[unchecked: i] * 0.5 + 0.5)
    }
  }

  private func readRow<Sample: FixedWidthInteger & UnsignedInteger>(
    _ tensor: Span<Float>, _ alpha: Span<Sample>, to output: inout MutableSpan<Sample>,
    at start: Int
  ) {
    let full = Float(Sample.max)
    let background = matte.components.map { Float($0) / 255 }
    for x in 0..<width {
      let opacity = Float(alpha[x]) / full
      for channel in 0..<3 {
        let flat = tensor[3 * x + channel] * 0.5 + 0.5
        let matte = background[channel]
        output[start + 3 * x + channel] = Self.sample(
          opacity > 0 ? (flat - (1 - opacity) * matte) / opacity : matte)
      }
    }
  }

  /// The sample nearest to `value`, clamped to 0...1 of full scale; NaN, of which no comparison is
  /// true, becomes 0.
  private static func sample<Sample: FixedWidthInteger & UnsignedInteger>(
    _ value: Float
  ) -> Sample {
    let clamped: Float = value > 0 ? (value < 1 ? value : 1) : 0
    return Sample(truncatingIfNeeded: (clamped * Float(Sample.max) + rounder).bitPattern)
  }
}
