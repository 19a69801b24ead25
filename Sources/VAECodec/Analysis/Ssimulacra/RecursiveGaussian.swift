import Glibc

/// A Gaussian of sigma 1.5 as a sum of three cosines that end five samples from the centre.
///
/// Samples beyond the ends of a row or column are 0. Each cosine is a recursion:
/// `y[n] = input · (x[n - 6] + x[n + 4]) + resonance · y[n - 1] - y[n - 2]`.
///
/// SSIMULACRA 2 is defined by a program that computes the recursions in Float, with fused
/// multiplications and additions. They never forget a rounding error, and where pictures are nearly
/// equal such errors are worth up to two points. To give the same scores, everything is rounded where
/// that program rounds: a product of Floats is exact in Double, and each sum is rounded to Float.
///
/// - SeeAlso: Charalampidis, "Recursive implementation of the Gaussian filter using truncated cosine
///   functions", 2016; the program is `ssimulacra2` of libjxl.
struct RecursiveGaussian {
  /// Four Floats, held in Double.
  typealias Four = SIMD4<Double>

  /// Samples from the centre to where the cosines end.
  static let radius = 5

  /// One of the cosines. All numbers are Floats.
  struct Cosine {
    let input: Double
    let resonance: Double
    /// What each of four inputs in a row adds to the four outputs.
    let inputs: InlineArray<4, Four>
    /// What the output before them, and the one before that, add to the four.
    let previous: Four
    let beforePrevious: Four

    /// A cosine with `order` quarters of a period in the radius, and its weight in the Gaussian.
    init(order: Double, weight: Double) {
      let frequency = order * .pi / Double(2 * radius)
      let input = -weight * cos(frequency * Double(radius + 1))
      let resonance = 2 * cos(frequency)
      // What is left of an output after 0, 1, ... steps.
      var response = [1, resonance]
      for step in 2...4 {
        response.append(resonance * response[step - 1] - response[step - 2])
      }
      func four(_ value: (_ lane: Int) -> Double) -> Four {
        Four((0..<4).map(value)).roundedToFloat
      }
      self.input = Double(Float(input))
      self.resonance = Double(Float(resonance))
      inputs = InlineArray { first in
        four { $0 < first ? 0 : input * response[$0 - first] }
      }
      previous = four { response[$0 + 1] }
      beforePrevious = four { -response[$0] }
    }
  }

  /// The cosines, with weights for a sum of 1, a variance of 1.5² and the third condition of the paper.
  static let cosines: InlineArray<3, Cosine> = [
    Cosine(order: 1, weight: 0.178_939_141_641_491_27),
    Cosine(order: 3, weight: 0.072_726_144_736_190_16),
    Cosine(order: 5, weight: 0.012_955_819_110_517_082),
  ]
}

extension SIMD2<Double> {
  /// Each number as the nearest Float.
  var roundedToFloat: Self { Self(SIMD2<Float>(self)) }
}

extension SIMD4<Double> {
  /// Each number as the nearest Float.
  var roundedToFloat: Self { Self(SIMD4<Float>(self)) }
}
