/// Random numbers that follow from a seed.
///
/// - SeeAlso: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014: SplitMix64.
package struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  /// A generator whose numbers have nothing to do with those of other seeds.
  package init(seed: UInt64) { state = seed }

  /// A generator for one purpose among many that share a seed.
  package init(seed: UInt64, purpose: Int...) {
    var generator = SeededGenerator(seed: seed)
    for number in purpose {
      generator = SeededGenerator(seed: generator.next() ^ UInt64(truncatingIfNeeded: number))
    }
    self = generator
  }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = state
    bits = (bits ^ bits >> 30) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
    return bits ^ bits >> 31
  }
}
