import Glibc

/// A way from one latent to another.
///
/// What lies between the latents of two pictures is decoded as a cross-fade of them, on each of these ways:
/// their latents are almost at right angles, and nothing in between is a picture of something else.
///
/// - SeeAlso: diffusers `examples/community/interpolate_stable_diffusion.py`, `slerp`; ComfyUI
///   `comfy_extras/nodes_latent.py`, `LatentInterpolate`.
public enum LatentPath: String, Sendable, CaseIterable {
  /// The straight line.
  case lerp
  /// The arc between the two as vectors of all their values; the straight line where they are nearly parallel,
  /// or one has no length.
  case slerp
  /// At each position the direction of a straight line between the directions, and a length between the lengths.
  case channel

  /// Beyond this cosine of the angle between two latents, the arc is taken for a straight line.
  private static let parallelCosine = 0.9995

  /// The values at `t`, 0 for `start` and 1 for `end`.
  ///
  /// - Parameters:
  ///   - start: `[channels, positions]`.
  ///   - end: as many.
  ///   - t: in 0...1.
  ///   - channels: those of both.
  /// - Precondition: `start` and `end` have as many values, a multiple of `channels`.
  func values(from start: [Float], to end: [Float], at t: Double, channels: Int) -> [Float] {
    precondition(
      start.count == end.count && start.count % channels == 0,
      "\(start.count) and \(end.count) values in \(channels) channels have no way between them")
    switch self {
    case .lerp: return Self.sum(start, 1 - t, end, t)
    case .slerp:
      let (first, second) = Self.arcWeights(start, end, t)
      return Self.sum(start, first, end, second)
    case .channel: return Self.alongChannels(start, end, t, channels)
    }
  }

  private static func sum(
    _ start: [Float], _ first: Double, _ end: [Float], _ second: Double
  ) -> [Float] {
    zip(start, end).map { Float(first * Double($0) + second * Double($1)) }
  }

  private static func arcWeights(
    _ start: [Float], _ end: [Float], _ t: Double
  ) -> (first: Double, second: Double) {
    let lengths = (dot(start, start) * dot(end, end)).squareRoot()
    let cosine = dot(start, end) / lengths
    guard lengths > 0, abs(cosine) <= parallelCosine else { return (1 - t, t) }
    let angle = acos(cosine)
    return (sin(angle * (1 - t)) / sin(angle), sin(angle * t) / sin(angle))
  }

  private static func dot(_ first: [Float], _ second: [Float]) -> Double {
    zip(first, second).reduce(0) { $0 + Double($1.0) * Double($1.1) }
  }

  private static func alongChannels(
    _ start: [Float], _ end: [Float], _ t: Double, _ channels: Int
  ) -> [Float] {
    let count = start.count / channels
    var values = [Float](repeating: 0, count: start.count)
    for position in 0..<count {
      func vector(_ values: [Float]) -> [Double] {
        (0..<channels).map { Double(values[$0 * count + position]) }
      }
      let (first, second) = (vector(start), vector(end))
      let (firstLength, secondLength) = (length(first), length(second))
      let direction = zip(first, second).map {
        (1 - t) * quotient($0, firstLength) + t * quotient($1, secondLength)
      }
      let (own, wanted) = (length(direction), (1 - t) * firstLength + t * secondLength)
      for channel in 0..<channels {
        values[channel * count + position] = Float(quotient(direction[channel], own) * wanted)
      }
    }
    return values
  }

  private static func length(_ vector: [Double]) -> Double {
    vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
  }

  /// 0 where there is nothing to divide by: a vector of no length has no direction.
  private static func quotient(_ value: Double, _ length: Double) -> Double {
    length > 0 ? value / length : 0
  }
}
