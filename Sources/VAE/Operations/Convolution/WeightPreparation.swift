/// Brings the weights of a layer to f32 and into the order that its kernel reads, just before it runs.
///
/// f32 weights that need no reordering are used where the file is mapped.
struct WeightPreparation {
  let kernels: Kernels
  let parallel: Parallel

  /// The weight and the bias of a convolution.
  @safe struct Prepared {
    /// In the layout that was asked for.
    let weight: UnsafePointer<Float>
    /// `[outChannels]`, nil where the layer has none.
    let bias: UnsafePointer<Float>?
  }

  /// Floats of memory that `prepare` needs.
  func floatCount(_ convolution: Convolution, as layout: WeightLayout) -> Int {
    // Each worker needs room for what it converts at a time.
    weightCount(convolution, layout) + biasCount(convolution)
      + rowCount(convolution, layout) * parallel.threads
  }

  /// Prepares the weights of `convolution` in `base`, which takes `floatCount` floats.
  func prepare(
    _ convolution: Convolution, as layout: WeightLayout, in base: UnsafeMutablePointer<Float>
  ) throws -> Prepared {
    let weightCount = weightCount(convolution, layout)
    let rowCount = rowCount(convolution, layout)
    let rows = unsafe base + weightCount + biasCount(convolution)
    var bias: UnsafePointer<Float>?
    if let stored = convolution.bias {
      unsafe kernels.convert(
        stored.pointer, stored.type, count: stored.count, into: base + weightCount)
      unsafe bias = UnsafePointer(base + weightCount)
    }
    switch layout {
    case .columns:
      if convolution.kernelSize == 1, let inPlace = unsafe convolution.weight.alignedFloats {
        return unsafe Prepared(weight: inPlace, bias: bias)
      }
      try unsafe permute(convolution, into: base, rows: rows)
    case .panels:
      try unsafe pack(convolution, rowCount, rows) { rows, outputs, first, ordered in
        for output in 0..<outputs {
          let offset = output * convolution.depth
          unsafe kernels.permuteKernel(
            rows + offset, channels: convolution.inChannels, taps: convolution.tapCount,
            into: ordered + offset)
        }
        unsafe kernels.packPanel(
          ordered, channels: convolution.depth, outputs: outputs,
          into: base + first * convolution.depth)
      }
    case .winograd(let scheme):
      try unsafe pack(convolution, rowCount, rows) { rows, outputs, first, folded in
        unsafe transform(convolution, scheme, rows, outputs, folded, into: base, first: first)
      }
    }
    return unsafe Prepared(weight: UnsafePointer(base), bias: bias)
  }

  private func biasCount(_ convolution: Convolution) -> Int {
    (convolution.outChannels + 15) / 16 * 16
  }

  /// Floats of the prepared weight, rounded up so that what follows is aligned.
  func weightCount(_ convolution: Convolution, _ layout: WeightLayout) -> Int {
    switch layout {
    case .columns: (convolution.weight.count + 15) / 16 * 16
    case .panels: convolution.tapCount * panelCount(convolution)
    case .winograd(let scheme):
      scheme.outputPhases.count * scheme.form.tapCount * tapStride(convolution, scheme)
    }
  }

  /// Floats that a worker needs: the kernels that it converts at a time, and what they are folded to.
  private func rowCount(_ convolution: Convolution, _ layout: WeightLayout) -> Int {
    switch layout {
    case .columns: convolution.depth
    case .panels: 2 * kernels.panel * convolution.depth
    case .winograd(let scheme):
      kernels.panel * (convolution.depth + 4 * convolution.inChannels * scheme.inputPhases.count)
    }
  }

  private func panelCount(_ convolution: Convolution) -> Int {
    kernels.panelCount(channels: convolution.inChannels, outputs: convolution.outChannels)
  }

  private func tapStride(_ convolution: Convolution, _ scheme: WinogradScheme) -> Int {
    kernels.tapStride(
      channels: convolution.inChannels * scheme.inputPhases.count,
      outputs: convolution.outChannels)
  }

  private func permute(
    _ convolution: Convolution, into base: UnsafeMutablePointer<Float>,
    rows: UnsafeMutablePointer<Float>
  ) throws {
    let depth = convolution.depth
    try parallel.forEach(convolution.outChannels) { channel, worker in
      let row = unsafe rows + worker * depth
      unsafe convert(convolution.weight, from: channel * depth, count: depth, into: row)
      unsafe kernels.permuteKernel(
        row, channels: convolution.inChannels, taps: convolution.tapCount,
        into: base + channel * depth)
    }
  }

  /// Calls `body` for each panel of output channels.
  ///
  /// - Parameter body: gets the kernels of the panel in f32, their number, the number of the first one,
  ///   and memory behind the kernels.
  private func pack(
    _ convolution: Convolution, _ rowCount: Int, _ workspace: UnsafeMutablePointer<Float>,
    _ body: (
      _ rows: UnsafePointer<Float>, _ outputs: Int, _ first: Int,
      _ behind: UnsafeMutablePointer<Float>
    ) -> Void
  ) throws {
    let depth = convolution.depth
    try parallel.forEach(kernels.panels(outputs: convolution.outChannels)) { index, worker in
      let first = index * kernels.panel
      let outputs = min(kernels.panel, convolution.outChannels - first)
      let rows = unsafe workspace + worker * rowCount
      unsafe convert(convolution.weight, from: first * depth, count: outputs * depth, into: rows)
      unsafe body(rows, outputs, first, rows + kernels.panel * depth)
    }
  }

  /// Folds and transforms the kernels of the panel that begins at output channel `first`.
  private func transform(
    _ convolution: Convolution, _ scheme: WinogradScheme, _ rows: UnsafePointer<Float>,
    _ outputs: Int, _ folded: UnsafeMutablePointer<Float>, into base: UnsafeMutablePointer<Float>,
    first: Int
  ) {
    let depth = convolution.inChannels * scheme.inputPhases.count
    let tapStride = tapStride(convolution, scheme)
    for (number, phase) in scheme.outputPhases.enumerated() {
      var source = unsafe rows
      if case .plain = scheme {
      } else {
        unsafe fold(convolution, scheme, phase, rows, outputs, into: folded)
        unsafe source = UnsafePointer(folded)
      }
      unsafe kernels.winogradKernels(
        scheme.form, source, channels: depth, outputs: outputs,
        into: base + number * scheme.form.tapCount * tapStride + first * depth,
        tapStride: tapStride)
    }
  }

  /// Makes the kernels of one phase of the output: `[outputs, input phases, inChannels, 2, 2]`.
  private func fold(
    _ convolution: Convolution, _ scheme: WinogradScheme, _ outputPhase: WinogradScheme.Phase,
    _ rows: UnsafePointer<Float>, _ outputs: Int, into folded: UnsafeMutablePointer<Float>
  ) {
    let channels = convolution.inChannels
    let phases = scheme == .doubling ? [outputPhase] : scheme.inputPhases
    for output in 0..<outputs {
      for (part, phase) in phases.enumerated() {
        unsafe kernels.foldKernels(
          rows + output * convolution.depth, count: channels,
          rows: scheme.folding(ofPhase: phase.row), columns: scheme.folding(ofPhase: phase.column),
          into: folded + (output * phases.count + part) * channels * 4)
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
