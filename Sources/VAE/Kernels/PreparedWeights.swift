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
    /// In the layout that was asked for.
    let weight: UnsafePointer<Float>
    /// `[outChannels]`, nil where the layer has none.
    let bias: UnsafePointer<Float>?
  }

  /// Prepares the weights of `convolution`; those of the layer before are gone.
  ///
  /// - Throws: `OutOfMemory`.
  mutating func prepare(
    _ convolution: VAE.Convolution, as layout: WeightLayout
  ) throws -> Convolution {
    let weightCount = weightCount(convolution, layout)
    let biasCount = (convolution.outChannels + 15) / 16 * 16
    // Each worker needs room for what it converts at a time.
    let rowCount = convolution.depth * (layout == .columns ? 1 : kernels.panel)
    try buffer.reserve(weightCount + biasCount + rowCount * parallel.threads)
    let base = unsafe buffer.floats(of: 0)
    let rows = unsafe base + weightCount + biasCount
    var bias: UnsafePointer<Float>?
    if let stored = convolution.bias {
      unsafe kernels.convert(
        stored.pointer, stored.type, count: stored.count, into: base + weightCount)
      unsafe bias = UnsafePointer(base + weightCount)
    }
    switch layout {
    case .columns:
      if convolution.kernelSize == 1, let inPlace = unsafe convolution.weight.alignedFloats {
        return unsafe Convolution(weight: inPlace, bias: bias)
      }
      try unsafe permute(convolution, into: base, rows: rows)
    case .panels, .winograd: try unsafe pack(convolution, layout, into: base, panels: rows)
    }
    return unsafe Convolution(weight: UnsafePointer(base), bias: bias)
  }

  /// Floats of the prepared weight, rounded up so that what follows is aligned.
  private func weightCount(_ convolution: VAE.Convolution, _ layout: WeightLayout) -> Int {
    switch layout {
    case .columns: (convolution.weight.count + 15) / 16 * 16
    case .panels: panelCount(convolution)
    case .winograd: 36 * panelCount(convolution)
    }
  }

  private func panelCount(_ convolution: VAE.Convolution) -> Int {
    kernels.panelCount(channels: convolution.inChannels, outputs: convolution.outChannels)
  }

  private func permute(
    _ convolution: VAE.Convolution, into base: UnsafeMutablePointer<Float>,
    rows: UnsafeMutablePointer<Float>
  ) throws {
    let depth = convolution.depth
    try parallel.forEach(convolution.outChannels) { channel, worker in
      let row = unsafe rows + worker * depth
      unsafe convert(convolution.weight, from: channel * depth, count: depth, into: row)
      unsafe kernels.permuteKernel(
        row, channels: convolution.inChannels,
        taps: convolution.kernelSize * convolution.kernelSize, into: base + channel * depth)
    }
  }

  private func pack(
    _ convolution: VAE.Convolution, _ layout: WeightLayout, into base: UnsafeMutablePointer<Float>,
    panels: UnsafeMutablePointer<Float>
  ) throws {
    let (depth, channels) = (convolution.depth, convolution.inChannels)
    let panel = kernels.panel
    let tapStride = panelCount(convolution)
    try parallel.forEach((convolution.outChannels + panel - 1) / panel) { index, worker in
      let first = index * panel
      let outputs = min(panel, convolution.outChannels - first)
      let rows = unsafe panels + worker * depth * panel
      unsafe convert(convolution.weight, from: first * depth, count: outputs * depth, into: rows)
      let place = unsafe base + first * channels
      if layout == .winograd {
        unsafe kernels.winogradKernels(
          rows, channels: channels, outputs: outputs, into: place, tapStride: tapStride)
      } else {
        unsafe kernels.packPanel(rows, channels: channels, outputs: outputs, into: place)
      }
    }
  }

  private func convert(
    _ weight: StoredTensor, from first: Int, count: Int,
    into destination: UnsafeMutablePointer<Float>
  ) {
    unsafe kernels.convert(
      weight.pointer + first * weight.type.byteCount, weight.type, count: count, into: destination)
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
