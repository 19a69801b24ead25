import Glibc

/// Normal noise as PyTorch's CPU generator draws it, so that a seed means the same in both.
///
/// - SeeAlso: Matsumoto and Nishimura, "Mersenne Twister", 1998; PyTorch
///   `aten/src/ATen/native/cpu/DistributionTemplates.h`, `normal_fill`, and
///   `aten/src/ATen/core/DistributionsHelper.h`, `normal_distribution`.
struct TorchGenerator {
  private static let stateCount = 624
  private static let middle = 397
  private var state: [UInt32]
  private var position: Int

  /// A generator; only the lower 32 bits of `seed` matter, as in PyTorch.
  init(seed: UInt64) {
    state = [UInt32(truncatingIfNeeded: seed)]
    for index in 1..<Self.stateCount {
      let previous = state[index - 1]
      state.append(1_812_433_253 &* (previous ^ previous >> 30) &+ UInt32(index))
    }
    position = Self.stateCount
  }

  /// The next 32 random bits.
  mutating func next() -> UInt32 {
    if position == Self.stateCount { twist() }
    var bits = state[position]
    position += 1
    bits ^= bits >> 11
    bits ^= bits << 7 & 0x9D2C_5680
    bits ^= bits << 15 & 0xEFC6_0000
    return bits ^ bits >> 18
  }

  private mutating func twist() {
    for index in 0..<Self.stateCount {
      let bits =
        state[index] & 0x8000_0000 | state[(index + 1) % Self.stateCount] & 0x7FFF_FFFF
      let other = state[(index + Self.middle) % Self.stateCount]
      state[index] = other ^ bits >> 1 ^ (bits & 1 == 0 ? 0 : 0x9908_B0DF)
    }
    position = 0
  }

  /// `count` values of the standard normal distribution: `torch.randn` of a contiguous f32 tensor.
  mutating func normals(_ count: Int) -> [Float] {
    guard count >= 16 else { return fewNormals(count) }
    var values = (0..<count).map { _ in nextUniform() }
    for start in stride(from: 0, through: count - 16, by: 16) { transform(&values, from: start) }
    if count % 16 != 0 {
      // PyTorch fills whole blocks of 16 and draws the last one anew.
      for index in count - 16..<count { values[index] = nextUniform() }
      transform(&values, from: count - 16)
    }
    return values
  }

  private mutating func nextUniform() -> Float {
    Float(next() & 0xFF_FFFF) / Float(1 << 24)
  }

  /// 2π to the nearest float, as C has it; `Float.pi` is rounded towards zero.
  private static let fullTurn = Float(2 * Double.pi)

  /// The Box-Muller transform of 16 uniform values in place.
  private func transform(_ values: inout [Float], from start: Int) {
    for index in start..<start + 8 {
      let radius = (-2 * log(1 - values[index])).squareRoot()
      let angle = Self.fullTurn * values[index + 8]
      values[index] = radius * cos(angle)
      values[index + 8] = radius * sin(angle)
    }
  }

  /// Fewer than 16 values: made in pairs, in double precision.
  private mutating func fewNormals(_ count: Int) -> [Float] {
    var values: [Float] = []
    while values.count < count {
      let angle = 2 * Double.pi * nextDoubleUniform()
      let radius = (-2 * log1p(-nextDoubleUniform())).squareRoot()
      values.append(Float(radius * cos(angle)))
      values.append(Float(radius * sin(angle)))
    }
    return Array(values.prefix(count))
  }

  private mutating func nextDoubleUniform() -> Double {
    let high = UInt64(next())
    let bits = high << 32 | UInt64(next())
    return Double(bits & (1 << 53 - 1)) * 0x1p-53
  }
}
