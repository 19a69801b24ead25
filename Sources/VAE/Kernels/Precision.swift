/// The formats that the sides of multiplications have; sums, norms and stored activations are f32 in all
/// of them.
package enum Precision: Sendable {
  /// Both sides are f32.
  case f32

  /// The formats of the left side, the activations, and of the right side, the weights.
  var formats: (left: ElementType, right: ElementType) {
    switch self {
    case .f32: (.f32, .f32)
    }
  }
}
