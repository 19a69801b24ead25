import CKernels

/// The C kernels of one instruction set, behind Swift names.
///
/// Pointers given to these functions must not be kept by the caller past the memory they point to;
/// the functions themselves keep none.
///
/// `@unchecked Sendable` because the table it points to is constant and static.
@safe package struct Kernels: @unchecked Sendable {
  /// The instruction set in use.
  package let instructionSet: InstructionSet
  package let table: UnsafePointer<vck_kernels>
  /// What of the CPU may be used.
  private let usable: CPUFeatures

  /// The kernels for `instructionSet`, or nil where this CPU lacks it.
  ///
  /// The best set of a CPU stands for all that it has; another one holds back what goes beyond it.
  package init?(_ instructionSet: InstructionSet) {
    guard InstructionSet.available.contains(instructionSet) else { return nil }
    usable = instructionSet == .best ? CPUFeatures.ofThisCPU : instructionSet.features
    var next = unsafe vck_all_kernels()
    while let table = unsafe next?.pointee,
      unsafe !usable.isSuperset(of: CPUFeatures(rawValue: table.pointee.features))
    {
      unsafe next = next?.advanced(by: 1)
    }
    guard let table = unsafe next?.pointee else { return nil }
    self.instructionSet = instructionSet
    unsafe self.table = table
  }

  /// The multiplication for right sides of `columns` columns: the first of the list that suits.
  ///
  /// - Parameter columns: nil for more than a few.
  func matrixKernel(_ precision: Precision, columns: Int? = nil) -> MatrixKernel {
    let suitable = MatrixKernel.all.first { kernel in
      usable.isSuperset(of: kernel.features) && kernel.suits(precision, columns: columns)
    }
    guard let suitable else {
      preconditionFailure("no multiplication in \(precision) that every CPU runs")
    }
    return suitable
  }

  /// The `count` elements of `dtype` at `source`, which may be unaligned, as f32.
  func convert(
    _ source: UnsafeRawPointer, _ dtype: ElementType, count: Int,
    into destination: UnsafeMutablePointer<Float>
  ) {
    let code =
      switch dtype {
      case .f32: VCK_DTYPE_F32
      case .f16: VCK_DTYPE_F16
      case .bf16: VCK_DTYPE_BF16
      default: preconditionFailure("elements of \(dtype.rawValue), which no kernel reads")
      }
    unsafe table.pointee.convert(destination, source, code, count)
  }

  /// The elements of a small tensor as f32.
  package func floats(of tensor: StoredTensor) -> [Float] {
    unsafe [Float](unsafeUninitializedCapacity: tensor.count) { buffer, count in
      if let start = buffer.baseAddress {
        unsafe convert(tensor.pointer, tensor.type, count: tensor.count, into: start)
      }
      count = tensor.count
    }
  }

  /// One output channel's kernel from [channels, taps] to [taps, channels].
  func permuteKernel(
    _ source: UnsafePointer<Float>, channels: Int, taps: Int,
    into destination: UnsafeMutablePointer<Float>
  ) {
    unsafe table.pointee.permute_kernel(destination, source, channels, taps)
  }

  /// activation(source · scale + shift), pixel by pixel; without a norm just the activation.
  func prologue(
    _ source: UnsafePointer<Float>, pixels: Int, channels: Int, norm: NormCoefficients?,
    _ activation: Activation, into destination: UnsafeMutablePointer<Float>
  ) {
    guard let norm else {
      unsafe table.pointee.prologue(
        destination, source, pixels, channels, nil, nil, activation.argument)
      return
    }
    unsafe norm.scale.withUnsafeBufferPointer { scale in
      unsafe norm.shift.withUnsafeBufferPointer { shift in
        unsafe table.pointee.prologue(
          destination, source, pixels, channels, scale.baseAddress, shift.baseAddress,
          activation.argument)
      }
    }
  }

  /// activation(x + bias) in place.
  ///
  /// - Parameter sums: 2 · channels totals to which the sums and the sums of squares of the written
  ///   values are added, in f64; nil where nobody wants them.
  /// - Returns: false if a written value is NaN or infinite.
  func epilogue(
    _ x: UnsafeMutablePointer<Float>, pixels: Int, channels: Int, bias: UnsafePointer<Float>?,
    _ activation: Activation, sums: UnsafeMutablePointer<Double>?
  ) -> Bool {
    unsafe table.pointee.epilogue(x, pixels, channels, bias, activation.argument, sums) != 0
  }

  /// What the gradient of an activation, and of the norm before it, is at some pixels; see
  /// `vck_kernels.activation_gradient`.
  ///
  /// - Returns: false if a written value is NaN or infinite.
  func activationGradient(
    _ gradient: UnsafePointer<Float>, at x: UnsafePointer<Float>, addend: UnsafePointer<Float>?,
    pixels: Int, channels: Int, norm: NormGradientCoefficients?, _ activation: Activation,
    into destination: UnsafeMutablePointer<Float>
  ) -> Bool {
    guard let norm else {
      return unsafe table.pointee.activation_gradient(
        destination, gradient, x, addend, pixels, channels, nil, activation.argument) != 0
    }
    return unsafe norm.withArgument { argument in
      unsafe table.pointee.activation_gradient(
        destination, gradient, x, addend, pixels, channels, argument, activation.argument) != 0
    }
  }

  /// Adds the sums of the channels of `x` to `sums`, in the order of the pixels.
  func channelSums(
    _ x: UnsafePointer<Float>, pixels: Int, channels: Int, into sums: UnsafeMutablePointer<Double>
  ) {
    unsafe table.pointee.channel_sums(sums, x, pixels, channels)
  }

  /// Adds up what the gradient of a norm needs to know; see `vck_kernels.gradient_sums`.
  func gradientSums(
    _ gradient: UnsafePointer<Float>, at x: UnsafePointer<Float>, pixels: Int, channels: Int,
    norm: NormCoefficients, _ activation: Activation, into sums: UnsafeMutablePointer<Double>
  ) {
    unsafe norm.scale.withUnsafeBufferPointer { scale in
      unsafe norm.shift.withUnsafeBufferPointer { shift in
        unsafe table.pointee.gradient_sums(
          sums, gradient, x, pixels, channels, scale.baseAddress, shift.baseAddress,
          activation.argument)
      }
    }
  }

  /// One block of scores of a running softmax; see `vck_kernels.softmax_step`.
  func softmaxStep(
    _ scores: UnsafeMutablePointer<Float>, rows: Int, columns: Int, stride: Int, scale: Float,
    maximum: UnsafeMutablePointer<Float>, total: UnsafeMutablePointer<Float>,
    correction: UnsafeMutablePointer<Float>
  ) {
    unsafe table.pointee.softmax_step(
      scores, rows, columns, stride, scale, maximum, total, correction)
  }

  /// Multiplies each of `rows` rows by its factor, in place.
  func scaleRows(
    _ x: UnsafeMutablePointer<Float>, rows: Int, columns: Int, by factors: UnsafePointer<Float>
  ) {
    unsafe table.pointee.scale_rows(x, rows, columns, factors)
  }
}

/// What a group norm does to a pixel once its statistics are known: x · scale + shift, a value of
/// each for every channel.
package struct NormCoefficients: Sendable {
  /// weight / √(variance + eps), one a channel.
  package let scale: [Float]
  /// bias − mean · scale, one a channel.
  package let shift: [Float]
}

/// What the gradient of a group norm does to a pixel: g · scale + x · slope + offset, a value of each for
/// every channel.
package struct NormGradientCoefficients: Sendable {
  /// What the norm itself does.
  let norm: NormCoefficients
  /// How the variance depends on a pixel.
  let slope: [Float]
  /// How the mean does.
  let offset: [Float]

  /// Calls `body` with the coefficients as the kernels take them.
  fileprivate func withArgument<Result>(
    _ body: (UnsafePointer<vck_gradient_coefficients>) -> Result
  ) -> Result {
    unsafe norm.scale.withUnsafeBufferPointer { scale in
      unsafe norm.shift.withUnsafeBufferPointer { shift in
        unsafe slope.withUnsafeBufferPointer { slope in
          unsafe offset.withUnsafeBufferPointer { offset in
            var argument = unsafe vck_gradient_coefficients(
              scale: scale.baseAddress, shift: shift.baseAddress, slope: slope.baseAddress,
              offset: offset.baseAddress)
            return unsafe body(&argument)
          }
        }
      }
    }
  }
}
