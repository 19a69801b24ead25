/// Random numbers that follow from a seed.
///
/// - SeeAlso: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014: SplitMix64.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  /// A generator whose numbers have nothing to do with those of other seeds.
  init(_ seed: UInt64) { state = seed }

  /// A generator for one purpose among many that share a seed.
  init(_ seed: UInt64, _ purpose: Int...) {
    var generator = SeededGenerator(seed)
    for number in purpose {
      generator = SeededGenerator(generator.next() ^ UInt64(truncatingIfNeeded: number))
    }
    self = generator
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = state
    bits = (bits ^ bits >> 30) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
    return bits ^ bits >> 31
  }
}
