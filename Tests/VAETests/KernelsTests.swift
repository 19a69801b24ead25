import TestSupport
import Testing

@testable import VAE

/// The kernels that move and convert: every instruction set, awkward sizes, no tolerance.
@Suite struct KernelsTests {
  static let sizes = [0, 1, 7, 8, 9, 15, 16, 17, 31, 33, 100]

  @Test func `the instruction sets begin with the baseline and end with the best`() {
    #expect(InstructionSet.available.first == .baseline)
    #expect(InstructionSet.available.last == InstructionSet.best)
    for set in InstructionSet.allCases {
      #expect((Kernels(set)?.instructionSet == set) == InstructionSet.available.contains(set))
    }
  }

  // MARK: Conversion

  @Test(arguments: InstructionSet.available)
  func `every 16-bit float of IEEE 754 is converted exactly`(set: InstructionSet) throws {
    let patterns = (0...UInt16.max).map { $0 }
    let values = try converted(littleEndian(patterns), .f16, count: patterns.count, set)
    for (pattern, value) in zip(patterns, values) {
      let exact = Float(Float16(bitPattern: pattern))
      // The sign and the payload of a NaN are kept; whether it is a quiet one is left open.
      let quiet: UInt32 = exact.isNaN ? 0x40_0000 : 0
      #expect(value.bitPattern | quiet == exact.bitPattern | quiet, "pattern \(pattern)")
    }
  }

  @Test(arguments: InstructionSet.available)
  func `every bfloat16 is the upper half of a float`(set: InstructionSet) throws {
    let patterns = (0...UInt16.max).map { $0 }
    let values = try converted(littleEndian(patterns), .bf16, count: patterns.count, set)
    #expect(values.map(\.bitPattern) == patterns.map { UInt32($0) << 16 })
  }

  @Test(arguments: InstructionSet.available, sizes)
  func `unaligned tensors of any size are converted and nothing beyond`(
    set: InstructionSet, size: Int
  ) throws {
    let seed = UInt64(size)
    var random = SeededGenerator(seed: seed)
    let patterns = (0..<size).map { _ in UInt16.random(in: 0...0x7BFF, using: &random) }
    let halves = try converted([0] + littleEndian(patterns), .f16, count: size, skipping: 1, set)
    #expect(halves == patterns.map { Float(Float16(bitPattern: $0)) }, "seed \(seed)")
    let floats = random.floats(size)
    let bytes = floats.flatMap { value in
      (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * UInt32($0))) }
    }
    let same = try converted([0, 0, 0] + bytes, .f32, count: size, skipping: 3, set)
    #expect(same == floats, "seed \(seed)")
  }

  @Test(arguments: InstructionSet.available)
  func `floats are copied with every bit`(set: InstructionSet) throws {
    let patterns: [UInt32] = [
      0, 0x8000_0000, 1, 0x8000_0001, 0x007F_FFFF, 0x7F80_0000, 0xFF80_0000, 0x7F80_0001,
      0xFFC0_0123, 0x7F7F_FFFF,
    ]
    let bytes = patterns.flatMap { pattern in
      (0..<4).map { UInt8(truncatingIfNeeded: pattern >> (8 * UInt32($0))) }
    }
    let values = try converted(bytes, .f32, count: patterns.count, set)
    #expect(values.map(\.bitPattern) == patterns)
  }

  private func littleEndian(_ patterns: [UInt16]) -> [UInt8] {
    patterns.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
  }

  private func converted(
    _ bytes: [UInt8], _ type: ElementType, count: Int, skipping skipped: Int = 0,
    _ set: InstructionSet
  ) throws -> [Float] {
    let kernels = try #require(Kernels(set))
    var output = GuardedBuffer([Float](repeating: -1, count: count))
    unsafe (bytes + [0]).withUnsafeBytes { source in
      guard let base = source.baseAddress else { return }
      unsafe output.withPointer {
        unsafe kernels.convert(base + skipped, type, count: count, into: $0)
      }
    }
    #expect(output.isIntact)
    return output.values
  }

  // MARK: Moves

  @Test(arguments: InstructionSet.available, sizes)
  func `a kernel is transposed from channels first to channels last`(
    set: InstructionSet, channels: Int
  ) throws {
    let kernels = try #require(Kernels(set))
    for taps in [1, 4, 9] {
      let source = (0..<channels * taps).map { Float($0) }
      var output = GuardedBuffer([Float](repeating: -1, count: source.count))
      unsafe (source + [0]).withUnsafeBufferPointer { source in
        guard let base = source.baseAddress else { return }
        unsafe output.withPointer {
          unsafe kernels.permuteKernel(base, channels: channels, taps: taps, into: $0)
        }
      }
      #expect(output.isIntact)
      let expected = (0..<source.count).map { index in
        source[index % max(channels, 1) * taps + index / max(channels, 1)]
      }
      #expect(output.values == expected, "\(taps) taps")
    }
  }

  @Test(arguments: InstructionSet.available, sizes)
  func `reading without norm and activation is a copy, in place too`(
    set: InstructionSet, channels: Int
  ) throws {
    let kernels = try #require(Kernels(set))
    let seed = UInt64(channels + 1)
    var random = SeededGenerator(seed: seed)
    let source = random.floats(3 * channels)
    var output = GuardedBuffer(source)
    unsafe output.withPointer {
      unsafe kernels.prologue(
        $0, pixels: 3, channels: channels, norm: nil, .identity, into: $0)
    }
    #expect(output.isIntact)
    #expect(output.values == source, "seed \(seed)")
  }

  @Test(arguments: InstructionSet.available, sizes)
  func `rows are multiplied by their factors`(set: InstructionSet, columns: Int) throws {
    let kernels = try #require(Kernels(set))
    let seed = UInt64(columns + 2)
    var random = SeededGenerator(seed: seed)
    let values = random.floats(3 * columns)
    let factors = random.floats(3)
    var output = GuardedBuffer(values)
    unsafe output.withPointer { pointer in
      unsafe factors.withUnsafeBufferPointer { factors in
        guard let factors = factors.baseAddress else { return }
        unsafe kernels.scaleRows(pointer, rows: 3, columns: columns, by: factors)
      }
    }
    #expect(output.isIntact)
    let expected = values.indices.map { values[$0] * factors[$0 / columns] }
    #expect(output.values == expected, "seed \(seed)")
  }
}
