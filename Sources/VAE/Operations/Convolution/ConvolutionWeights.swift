/// The weight and the bias of a convolution, brought to f32 and into the form that a method reads, just
/// before it runs.
///
/// f32 weights that need no reordering are used where the file is mapped.
struct ConvolutionWeights: WeightPreparation {
  let convolution: Convolution
  /// As the convolution says of its weight.
  let weight: StoredTensor
  /// `[outChannels]`.
  let bias: StoredTensor?
  let weightForm: any WeightForm
  let kernels: Kernels

  var form: String { weightForm.name }
  var byteCount: Int { biasByteCount + (isInPlace ? 0 : weightForm.byteCount(convolution)) }
  var scratchByteCount: Int {
    (weightForm.panel * convolution.k + weightForm.extraCount(convolution))
      * MemoryLayout<Float>.stride
  }

  /// The bias stands first, filled up to whole cache lines.
  private var biasByteCount: Int {
    bias.map {
      ($0.count * MemoryLayout<Float>.stride).roundedUp(toMultipleOf: Arena.alignment)
    } ?? 0
  }

  /// Whether the weight is read where it lies in its file.
  var isInPlace: Bool {
    convolution.kernels == .stored && weightForm.isPlain(convolution) && weight.isAlignedFloats
  }

  /// The prepared bias, or nil where the layer has none.
  func bias(in memory: UnsafeRawPointer) -> UnsafePointer<Float>? {
    bias == nil ? nil : unsafe memory.assumingMemoryBound(to: Float.self)
  }

  /// The weight in the form of the method.
  func weight(in memory: UnsafeRawPointer) -> UnsafeRawPointer {
    unsafe isInPlace ? weight.pointer : memory + biasByteCount
  }

  func prepare(
    in memory: UnsafeMutableRawPointer, _ parallel: Parallel,
    scratch: (_ worker: Int) -> UnsafeMutableRawPointer
  ) throws {
    if let bias {
      unsafe kernels.convert(
        bias.pointer, bias.type, count: bias.count,
        into: memory.assumingMemoryBound(to: Float.self))
    }
    guard !isInPlace else { return }
    let (panel, k) = (weightForm.panel, convolution.k)
    let destination = unsafe memory + biasByteCount
    try parallel.forEach(convolution.outChannels.dividedRoundingUp(by: panel)) { index, worker in
      let first = index * panel
      let outputs = min(panel, convolution.outChannels - first)
      let rows = unsafe scratch(worker).assumingMemoryBound(to: Float.self)
      unsafe convolution.kernels.read(
        weight, of: convolution, outputs: first..<first + outputs, kernels, into: rows,
        extra: rows + panel * k)
      unsafe weightForm.pack(
        convolution, rows, outputs: outputs, first: first, extra: rows + panel * k,
        into: destination)
    }
    weight.release()
  }
}

/// A form of a convolution's weights, made panel by panel of output channels.
protocol WeightForm: Sendable {
  /// Distinguishes the form from others.
  var name: String { get }
  /// Output channels of a panel.
  var panel: Int { get }
  /// Bytes of the weights of `convolution`.
  func byteCount(_ convolution: Convolution) -> Int
  /// Floats that a worker needs besides the weights of a panel as they are stored.
  func extraCount(_ convolution: Convolution) -> Int
  /// Whether f32 weights have the form as they are stored.
  func isPlain(_ convolution: Convolution) -> Bool
  /// Packs a panel.
  ///
  /// - Parameters:
  ///   - rows: its weights as they are stored, `[outputs, inChannels, kernelSize, kernelSize]`.
  ///   - first: the number of its first output channel.
  ///   - extra: `extraCount` floats.
  ///   - destination: the weights of all panels.
  func pack(
    _ convolution: Convolution, _ rows: UnsafePointer<Float>, outputs: Int, first: Int,
    extra: UnsafeMutablePointer<Float>, into destination: UnsafeMutableRawPointer)
}

/// Weights as the right side of a multiplication: `[kernelSize, kernelSize, inChannels]` of each output
/// channel, in the panels of `matrix`.
struct PackedWeights: WeightForm {
  let matrix: MatrixKernel
  let kernels: Kernels

  var name: String { matrix.name }
  var panel: Int { matrix.nr }

  func byteCount(_ convolution: Convolution) -> Int {
    matrix.packedByteCount(k: convolution.k, columns: convolution.outChannels)
      .roundedUp(toMultipleOf: Arena.alignment)
  }

  func extraCount(_ convolution: Convolution) -> Int { panel * convolution.k }

  func isPlain(_ convolution: Convolution) -> Bool {
    matrix.nr == 1 && matrix.right == .f32 && convolution.kernelSize == 1
  }

  func pack(
    _ convolution: Convolution, _ rows: UnsafePointer<Float>, outputs: Int, first: Int,
    extra: UnsafeMutablePointer<Float>, into destination: UnsafeMutableRawPointer
  ) {
    let k = convolution.k
    for output in 0..<outputs {
      unsafe kernels.permuteKernel(
        rows + output * k, channels: convolution.inChannels, taps: convolution.tapCount,
        into: extra + output * k)
    }
    let offset = first / panel * matrix.panelStride(k: k) * matrix.rightByteCount
    unsafe matrix.packPanel(extra, k: k, columns: outputs, into: destination + offset)
  }
}

/// Weights transformed for Winograd's method: `[phases, points, panels, k, panel]`, of each phase of
/// the output, where k is the input channels of all phases of the input.
struct WinogradWeights: WeightForm {
  let scheme: WinogradScheme
  let matrix: MatrixKernel
  let kernels: Kernels

  var name: String { "\(scheme), \(matrix.name)" }
  var panel: Int { matrix.nr }

  /// Elements from one point to the next: a line more than the values, so that points do not fall onto the
  /// same cache sets.
  func pointStride(_ convolution: Convolution) -> Int {
    matrix.panels(columns: convolution.outChannels)
      * matrix.panelStride(k: scheme.k(of: convolution))
      + 16
  }

  func byteCount(_ convolution: Convolution) -> Int {
    scheme.outputPhases.count * scheme.form.pointCount * pointStride(convolution)
      * matrix.rightByteCount
  }

  func extraCount(_ convolution: Convolution) -> Int { panel * 4 * scheme.k(of: convolution) }

  func isPlain(_ convolution: Convolution) -> Bool { false }

  func pack(
    _ convolution: Convolution, _ rows: UnsafePointer<Float>, outputs: Int, first: Int,
    extra: UnsafeMutablePointer<Float>, into destination: UnsafeMutableRawPointer
  ) {
    precondition(
      matrix.nr == kernels.winogradPanel && matrix.right == .f32,
      "Winograd's transforms write panels of \(kernels.winogradPanel) floats, not of \(matrix.nr)")
    let (k, pointStride) = (scheme.k(of: convolution), pointStride(convolution))
    let floats = unsafe destination.assumingMemoryBound(to: Float.self)
    for (number, phase) in scheme.outputPhases.enumerated() {
      var source = unsafe rows
      if case .plain = scheme {
      } else {
        unsafe fold(convolution, phase, rows, outputs, into: extra)
        unsafe source = UnsafePointer(extra)
      }
      unsafe kernels.winogradKernels(
        scheme.form, source, channels: k, outputs: outputs,
        into: floats + number * scheme.form.pointCount * pointStride + first * k,
        pointStride: pointStride)
    }
  }

  /// Makes the kernels of one phase of the output: `[outputs, input phases, inChannels, 2, 2]`, of 3x3 or
  /// 4x4 ones.
  private func fold(
    _ convolution: Convolution, _ outputPhase: WinogradScheme.Phase,
    _ rows: UnsafePointer<Float>, _ outputs: Int, into folded: UnsafeMutablePointer<Float>
  ) {
    let channels = convolution.inChannels
    let phases = scheme.isDoubling ? [outputPhase] : scheme.inputPhases
    for output in 0..<outputs {
      for (part, phase) in phases.enumerated() {
        let foldings = scheme.foldings(of: phase)
        let source = unsafe rows + output * convolution.k
        let destination = unsafe folded + (output * phases.count + part) * channels * 4
        if convolution.kernelSize == 4 {
          unsafe Self.split(source, count: channels, phase, into: destination)
        } else {
          unsafe kernels.foldKernels(
            source, count: channels, rows: foldings.rows, columns: foldings.columns,
            into: destination)
        }
      }
    }
  }

  /// Every other value of 4x4 kernels in both directions, from that of `phase` on.
  private static func split(
    _ source: UnsafePointer<Float>, count: Int, _ phase: WinogradScheme.Phase,
    into destination: UnsafeMutablePointer<Float>
  ) {
    for kernel in 0..<count {
      for value in 0..<4 {
        let place = (phase.row + value / 2 * 2) * 4 + phase.column + value % 2 * 2
        unsafe destination[kernel * 4 + value] = source[kernel * 16 + place]
      }
    }
  }
}

extension StoredTensor {
  /// Whether the elements are f32 at a multiple of four bytes.
  fileprivate var isAlignedFloats: Bool {
    unsafe type == .f32 && Int(bitPattern: pointer) % MemoryLayout<Float>.alignment == 0
  }
}
