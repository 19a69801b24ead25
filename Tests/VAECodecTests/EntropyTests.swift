import Foundation
import TestSupport
import Testing
import VAE

@testable import VAECodec

/// The range coder and the models above it.
@Suite struct EntropyTests {
  // MARK: Range coder

  @Test(arguments: [UInt32(1), 700, 32768, 65000, 65535])
  func `decisions of any probability come back, and all bytes are read`(
    probability: UInt32
  ) throws {
    var random = SeededGenerator(seed: 61)
    let bits = (0..<5000).map { _ in
      UInt32.random(in: 0..<65536, using: &random) < probability
    }
    var encoder = RangeEncoder()
    for bit in bits { _ = encoder.code(bit, probability: probability) }
    let bytes = encoder.finished()
    var decoder = RangeDecoder(bytes)
    #expect(bits.map { _ in decoder.code(false, probability: probability) } == bits)
    #expect(decoder.position == bytes.count)
    // The size is what the decisions carry, and a few bytes.
    let share = Double(probability) / 65536
    let entropy = -(share * log2(share) + (1 - share) * log2(1 - share))
    let carried = bits.reduce(0) { $0 - ($1 ? log2(share) : log2(1 - share)) } / 8
    #expect(Double(bytes.count) < carried * 1.01 + 8, "\(entropy) bits a decision")
  }

  @Test func `a carry runs through bytes of 255`() {
    // Decisions against all odds push the lower end of the interval up to its last byte.
    let bits = (0..<4000).map { $0 % 7 == 0 }
    var encoder = RangeEncoder()
    for bit in bits { _ = encoder.code(bit, probability: 65535) }
    var decoder = RangeDecoder(encoder.finished())
    #expect(bits.map { _ in decoder.code(false, probability: 65535) } == bits)
  }

  @Test(arguments: [UInt32(1), 2, 3, 255, 256, 257, 65537, 1 << 31, 4_000_000_000, .max])
  func `numbers below any bound come back`(bound: UInt32) {
    var random = SeededGenerator(seed: 62)
    let numbers =
      [0, bound - 1] + (0..<200).map { _ in UInt32.random(in: 0..<bound, using: &random) }
    var encoder = RangeEncoder()
    for number in numbers { _ = encoder.codeUniform(number, below: bound) }
    var decoder = RangeDecoder(encoder.finished())
    #expect(numbers.map { _ in decoder.codeUniform(0, below: bound) } == numbers)
  }

  // MARK: Distributions

  @Test func `the tail of the logistic distribution is right to 0.1 %`() {
    for distance in stride(from: Int64(-15) << 12, through: 15 << 12, by: 37) {
      let exact = 4_294_967_296 / (1 + exp(Double(distance) / 4096))
      let mass = Double(LogisticTail.mass(beyond: distance))
      #expect(abs(mass - exact) < 0.001 * exact + 1, "\(distance)")
    }
    #expect(LogisticTail.mass(beyond: 1 << 40) == LogisticTail.mass(beyond: 16 << 12))
  }

  @Test func `logarithms and powers are near and monotonic`() {
    var last: Int64 = -1
    for value in Array(1...5000) + [1 << 20, 1 << 40, 1 << 51] {
      let found = FixedPointLogarithm.log2(Int64(value))
      #expect(found >= last && abs(Double(found) / 1024 - log2(Double(value))) < 0.011)
      last = found
    }
    for logarithm in stride(from: Int64(10 << 10), to: 20 << 10, by: 33) {
      let found = Double(FixedPointLogarithm.exp2(logarithm))
      #expect(abs(log2(found) - Double(logarithm) / 1024) < 0.012)
    }
  }

  @Test(arguments: [Int64(16), 100, 256, 3000, 1 << 20])
  func `any number is coded around any mean`(scale: Int64) {
    let means: [Int64] = [0, 1, 255, 256, 257, -513, 1 << 22, -(1 << 22)]
    let numbers: [Int32] = [0, 1, -1, 2, 7, -40, 5000, 16000, -16000]
    var encoder = RangeEncoder()
    for mean in means {
      for number in numbers {
        let prediction = PlaneModel.Prediction(mean: mean, scale: scale)
        _ = ResidualCoder.code(number, parity: number & 1, prediction, with: &encoder)
      }
    }
    var decoder = RangeDecoder(encoder.finished())
    for mean in means {
      for number in numbers {
        let prediction = PlaneModel.Prediction(mean: mean, scale: scale)
        #expect(
          ResidualCoder.code(0, parity: number & 1, prediction, with: &decoder) == number,
          "\(number) around \(mean)")
      }
    }
  }

  @Test(arguments: [Float(0), -0.0, 1, -1, 65504, -65504, 6e-8, 0x1p-133, 3e38, -3e38])
  func `floats are ranked as they are ordered`(value: Float) {
    #expect(SingleBits.value(rank: SingleBits.rank(value)).bitPattern == value.bitPattern)
    #expect(SingleBits.rank(value.nextUp) > SingleBits.rank(value))
    let half = Float(Float16(value))
    guard half.isFinite else { return }
    #expect(HalfBits.value(rank: HalfBits.rank(half)).bitPattern == half.bitPattern)
    #expect(HalfBits.rank(Float(Float16(half).nextUp)) > HalfBits.rank(half))
  }

  // MARK: Planes

  @Test(arguments: [(1, 1, 1), (1, 1, 9), (1, 9, 1), (2, 3, 2), (5, 4, 7), (40, 3, 3)])
  func `planes of any extents come back within the error of their step`(
    planes: Int, height: Int, width: Int
  ) throws {
    let extents = PlaneExtents(planes: planes, height: height, width: width)
    var random = SeededGenerator(seed: 63)
    let values = random.floats(extents.count, in: -4...4)
    for step: Float in [0.01, 0.3, 3] {
      let steps = [Float](repeating: step, count: planes)
      let (coded, stream) = QuantizedPlanes.encoded(values, extents, steps: steps)
      let read = try #require(coded.decoded(stream, extents))
      // Of the two candidates of a remainder, the farther is at most 4 steps away.
      #expect(zip(read, values).allSatisfy { abs($0 - $1) <= 4 * step })
      #expect(coded.decoded(stream + [0], extents) == nil)
      #expect(coded.decoded(Array(stream.dropLast()), extents) == nil)
    }
    let (exact, stream) = ExactPlanes<SingleBits>.encoded(values, extents)
    #expect(exact.decoded(stream, extents) == values)
    #expect(exact.decoded(stream + [0], extents) == nil)
  }

  @Test func `the trellis errs less than a rounding of the same rate`() throws {
    let extents = PlaneExtents(planes: 1, height: 100, width: 100)
    var random = SeededGenerator(seed: 64)
    let values = random.floats(extents.count, in: -4...4)
    let (coded, stream) = QuantizedPlanes.encoded(values, extents, steps: [0.05])
    let read = try #require(coded.decoded(stream, extents))
    let error = zip(read, values).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    // Numbers of one parity are 0.1 apart: rounding to them would err by 0.1² / 12 each.
    #expect(error / Float(extents.count) < 0.81 * 0.01 / 12)
  }

  @Test func `values larger than the steps allow are kept all the same`() throws {
    let extents = PlaneExtents(planes: 1, height: 2, width: 2)
    let values: [Float] = [1e30, -3e38, 0, 5]
    let (coded, stream) = QuantizedPlanes.encoded(values, extents, steps: [0.01])
    let read = try #require(coded.decoded(stream, extents))
    #expect(abs(read[0] - 1e30) < 1e35 && abs(read[1] + 3e38) < 1e35)
  }

  @Test func `no value is quantised to an infinity`() throws {
    let extents = PlaneExtents(planes: 1, height: 4, width: 4)
    let largest = Float.greatestFiniteMagnitude
    let values = (0..<16).map { $0 % 2 == 0 ? largest : -largest }
    let (coded, stream) = QuantizedPlanes.encoded(values, extents, steps: [0.01])
    let read = try #require(coded.decoded(stream, extents))
    #expect(zip(read, values).allSatisfy { abs($0 / 1e38 - $1 / 1e38) < 1e-3 })
  }

  @Test func `the largest floats come back bit by bit`() throws {
    let extents = PlaneExtents(planes: 1, height: 2, width: 2)
    let values: [Float] = [.greatestFiniteMagnitude, 0.75, -3e38, .leastNonzeroMagnitude]
    let (coded, stream) = ExactPlanes<SingleBits>.encoded(values, extents)
    #expect(coded.decoded(stream, extents) == values)
  }

  @Test func `a damaged stream leads to no infinity`() throws {
    var generator = SystemRandomNumberGenerator()
    let extents = PlaneExtents(planes: 1, height: 4, width: 8)
    for _ in 0..<2000 {
      let stream = (0..<40).map { _ in UInt8.random(in: 0...255, using: &generator) }
      let halves = ExactPlanes<HalfBits>(stepExponents: [120], firstErrors: [0])
      #expect(halves.decoded(stream, extents)?.allSatisfy(\.isFinite) ?? true, "\(stream)")
      let singles = ExactPlanes<SingleBits>(stepExponents: [120], firstErrors: [90])
      #expect(singles.decoded(stream, extents)?.allSatisfy(\.isFinite) ?? true, "\(stream)")
    }
  }

  @Test func `flat planes take little, and no less than a reader allows`() throws {
    let extents = PlaneExtents(planes: 4, height: 200, width: 200)
    let values = [Float](repeating: 0.7, count: extents.count)
    let quantized = CodedPlanes.quantized(values, extents, steps: [0.1, 0.1, 0.1, 0.1])
    let exact = CodedPlanes.exact(values, extents, SingleBits.self)
    // Decisions cost 1/44 bit at least, and some numbers at the start find the path.
    #expect(quantized.count < extents.count / 128)
    // Rows have one value each that repeats nothing.
    #expect(exact.count < extents.count / 64)
    for bytes in [quantized, exact] {
      #expect(bytes.count * PlaneExtents.maximumValuesPerByte >= extents.count)
    }
  }
}
