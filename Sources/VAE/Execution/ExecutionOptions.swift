/// How a network is run; the number of threads changes no bit of the result.
package struct ExecutionOptions: Sendable {
  /// Threads that compute at the same time.
  package var parallel: Parallel
  /// The kernels in use.
  package var kernels: Kernels

  /// The ways to compute convolutions that may be taken.
  package var convolutions: ConvolutionChoice
  /// Bytes that the tensors and workspaces of a network may take; nil for as many as they need.
  package var memoryLimit: Int?
  /// Told what each layer took, if set.
  package var observer: (@Sendable (LayerTiming) -> Void)?

  /// Options for `parallel` threads and `kernels`.
  package init(
    parallel: Parallel, kernels: Kernels, convolutions: ConvolutionChoice = .auto
  ) {
    self.convolutions = convolutions
    self.parallel = parallel
    self.kernels = kernels
  }
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
