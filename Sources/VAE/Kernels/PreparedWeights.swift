/// The weights of the layer that runs, in f32 and in the order that its kernel reads.
///
/// One buffer serves all layers in turn. f32 weights that need no reordering are used where the file
/// is mapped.
struct PreparedWeights: ~Copyable {
  private var buffer: Scratch
  private let kernels: Kernels
  private let parallel: Parallel

  /// An empty buffer.
  init(kernels: Kernels, parallel: Parallel) throws {
    buffer = try Scratch(workers: 1)
    self.kernels = kernels
    self.parallel = parallel
  }

  /// The weight and the bias of a convolution.
  @safe struct Convolution {
    /// `[outChannels, kernelSize, kernelSize, inChannels]`.
    let weight: UnsafePointer<Float>
    /// `[outChannels]`, nil where the layer has none.
    let bias: UnsafePointer<Float>?
  }

  /// Prepares the weights of `convolution`; those of the layer before are gone.
  ///
  /// - Throws: `OutOfMemory`.
  mutating func prepare(_ convolution: VAE.Convolution) throws -> Convolution {
    let weight = convolution.weight
    let taps = convolution.kernelSize * convolution.kernelSize
    // A line between the two parts keeps both aligned; each output channel needs room to convert in.
    let weightCount = (weight.count + 15) / 16 * 16
    let biasCount = (convolution.outChannels + 15) / 16 * 16
    try buffer.reserve(weightCount + biasCount + convolution.depth * parallel.threads)
    let base = unsafe buffer.floats(of: 0)
    let rows = unsafe base + weightCount + biasCount
    var bias: UnsafePointer<Float>?
    if let stored = convolution.bias {
      unsafe kernels.convert(
        stored.pointer, stored.type, count: stored.count, into: base + weightCount)
      unsafe bias = UnsafePointer(base + weightCount)
    }
    if taps == 1, let inPlace = unsafe weight.alignedFloats {
      return unsafe Convolution(weight: inPlace, bias: bias)
    }
    let depth = convolution.depth
    try parallel.forEach(convolution.outChannels) { channel, worker in
      let row = unsafe rows + worker * depth
      unsafe kernels.convert(
        weight.pointer + channel * depth * weight.type.byteCount, weight.type, count: depth,
        into: row)
      unsafe kernels.permuteKernel(
        row, channels: convolution.inChannels, taps: taps, into: base + channel * depth)
    }
    return unsafe Convolution(weight: UnsafePointer(base), bias: bias)
  }
}

extension StoredTensor {
  /// The elements where they are mapped, or nil if they are not f32 at a multiple of four bytes.
  fileprivate var alignedFloats: UnsafePointer<Float>? {
    let address = unsafe pointer
    guard type == .f32, Int(bitPattern: address) % MemoryLayout<Float>.alignment == 0 else {
      return nil
    }
    return unsafe address.assumingMemoryBound(to: Float.self)
  }
}
