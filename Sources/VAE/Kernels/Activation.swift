import CKernels

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

  /// The same for the C kernels.
  var argument: vck_activation {
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
