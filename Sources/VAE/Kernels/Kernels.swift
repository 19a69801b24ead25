import CKernels

/// The instruction sets that kernels exist for.
package enum InstructionSet: String, CaseIterable, Sendable {
  /// What every CPU of the architecture has.
  case baseline
  /// AVX2 with FMA and F16C (x86-64).
  case avx2
  /// AVX-512 F, BW, DQ and VL (x86-64).
  case avx512

  /// The best one of this CPU.
  package static var best: InstructionSet {
    switch vck_best_isa() {
    case VCK_ISA_AVX512: .avx512
    case VCK_ISA_AVX2: .avx2
    default: .baseline
    }
  }

  /// The ones that this CPU can run.
  package static var available: [InstructionSet] {
    allCases.filter { unsafe vck_kernels_for($0.identifier) != nil }
  }

  /// The number of the C kernels.
  package var identifier: vck_isa {
    switch self {
    case .baseline: VCK_ISA_BASELINE
    case .avx2: VCK_ISA_AVX2
    case .avx512: VCK_ISA_AVX512
    }
  }
}

/// A function of one variable that a layer applies where it reads or writes a tensor.
package enum Activation: Hashable, Sendable {
  /// y = x
  case identity
  /// y = x / (1 + exp(-x))
  case silu
  /// y = max(x, 0)
  case relu
  /// y = limit · tanh(x / limit)
  case softClamp(limit: Float)
  /// y = scale · x + shift
  case affine(scale: Float, shift: Float)

  fileprivate var argument: vck_activation {
    switch self {
    case .identity: vck_activation(kind: VCK_ACTIVATION_IDENTITY, a: 0, b: 0)
    case .silu: vck_activation(kind: VCK_ACTIVATION_SILU, a: 0, b: 0)
    case .relu: vck_activation(kind: VCK_ACTIVATION_RELU, a: 0, b: 0)
    case .softClamp(let limit): vck_activation(kind: VCK_ACTIVATION_SOFT_CLAMP, a: limit, b: 0)
    case .affine(let scale, let shift):
      vck_activation(kind: VCK_ACTIVATION_AFFINE, a: scale, b: shift)
    }
  }
}

/// The C kernels of one instruction set, behind Swift names.
///
/// Pointers given to these functions must not be kept by the caller past the memory they point to;
/// the functions themselves keep none.
///
/// `@unchecked Sendable` because the table it points to is constant and static.
@safe package struct Kernels: @unchecked Sendable {
  /// The instruction set in use.
  package let instructionSet: InstructionSet
  let table: UnsafePointer<vck_kernels>

  /// The kernels for `instructionSet`, or nil where this CPU lacks it.
  package init?(_ instructionSet: InstructionSet) {
    guard let table = unsafe vck_kernels_for(instructionSet.identifier) else { return nil }
    self.instructionSet = instructionSet
    unsafe self.table = table
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
  func floats(of tensor: StoredTensor) -> [Float] {
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
