/// How a network is run; the number of threads changes no bit of the result.
package struct ExecutionOptions: Sendable {
  /// Threads that compute at the same time.
  package var parallel: Parallel
  /// The kernels in use.
  package var kernels: Kernels
  /// The formats that multiplications work in.
  package var precision: Precision
  /// The ways to compute convolutions that may be taken.
  package var convolutions: ConvolutionChoice
  /// Bytes that the tensors and workspaces of a network may take; nil for as many as they need.
  package var memoryLimit: Int?
  /// Whether memory and prepared weights may be kept for the next run.
  package var keepsMemory = true
  /// Told what each layer took, if set.
  package var observer: (@Sendable (LayerTiming) -> Void)?

  /// Options for `parallel` threads and `kernels`.
  package init(
    parallel: Parallel, kernels: Kernels, precision: Precision = .f32,
    convolutions: ConvolutionChoice = .auto
  ) {
    self.parallel = parallel
    self.kernels = kernels
    self.precision = precision
    self.convolutions = convolutions
  }
}

/// Which ways to compute convolutions may be taken.
package enum ConvolutionChoice: String, CaseIterable, Sendable {
  /// The fastest that suits a layer.
  case auto
  /// im2col in chunks for all layers: the plain path that the others are held against.
  case im2col
}

/// A value that is not a number appeared in a network.
package struct NonFiniteActivation: Error, Equatable, CustomStringConvertible {
  /// The layer that wrote it, by its name in the checkpoint.
  package let layer: String

  /// The error of `layer`.
  package init(layer: String) { self.layer = layer }

  package var description: String {
    "layer `\(layer)` produced a NaN or infinite value: the weights or the input are damaged"
  }
}
