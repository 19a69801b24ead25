import Glibc

/// SSIMULACRA 2 of two pictures from the error norms of their channels.
///
/// - SeeAlso: Jon Sneyers, SSIMULACRA 2 (2022, weights of version 2.1 of April 2023):
///   github.com/cloudinary/ssimulacra2.
enum Ssimulacra2 {
  /// The score, 100 for equal pictures and less for others, without a lower end; nil without scales.
  ///
  /// - Parameter channels: X, Y and B.
  static func score(_ channels: [SsimulacraChannel]) -> Double? {
    let norms = channels.flatMap(\.norms).flatMap(\.self)
    guard !norms.isEmpty else { return nil }
    // Small pictures have fewer scales, and the weights move up.
    let error = 0.956_238_261_683_484_4 * zip(norms, weights).reduce(0) { $0 + $1.0 * $1.1 }
    let scaled =
      2.326_765_642_916_932 * error - 0.020_884_521_182_843_837 * error * error
      + 6.248_496_625_763_138e-05 * error * error * error
    return scaled > 0 ? 100 - 10 * pow(scaled, 0.627_633_646_783_138_7) : 100
  }
}
