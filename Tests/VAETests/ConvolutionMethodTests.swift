import TestSupport
import Testing

@testable import VAE

/// Convolutions chunk by chunk, against a direct sum in f64.
@Suite struct ConvolutionMethodTests {
  /// What a convolution is like.
  struct Case: Sendable, CustomTestStringConvertible {
    var height = 6
    var width = 7
    var inChannels = 3
    var outChannels = 4
    var kernelSize = 3
    var stride = 1
    var padding = Convolution.Padding.all(1)
    var upsamples = false
    var hasBias = true
    var hasNorm = false
    var inputActivation = Activation.identity
    var outputActivation = Activation.identity
    var residual = Residual.none

    /// Whether something is added, and whether it lies where the output goes.
    enum Residual { case none, apart, aliased }

    var testDescription: String {
      "\(inChannels)→\(outChannels) k\(kernelSize) s\(stride) of \(height)x\(width)"
        + " padded \(padding.top),\(padding.left),\(padding.bottom),\(padding.right)"
        + (upsamples ? " upsampled" : "") + (hasNorm ? " norm" : "") + " \(inputActivation)"
        + " \(outputActivation)" + (hasBias ? "" : " no bias") + " residual \(residual)"
    }
  }

  private static let kinds = [
    Case(), Case(hasBias: false), Case(height: 1, width: 1), Case(height: 1, width: 33),
    Case(height: 17, width: 1, inChannels: 1, outChannels: 1),
    Case(inChannels: 5, outChannels: 7, hasNorm: true, inputActivation: .silu),
    Case(hasNorm: true, inputActivation: .identity, residual: .apart),
    Case(hasNorm: true, inputActivation: .silu, residual: .aliased),
    Case(outputActivation: .relu, residual: .aliased), Case(inputActivation: .softClamp(limit: 3)),
    Case(
      inputActivation: .affine(scale: 2, shift: -1), outputActivation: .affine(scale: 2, shift: -1)),
    // Stride 2: padded on all sides as AutoencoderTiny has it, right and below as AutoencoderKL has.
    Case(stride: 2), Case(height: 45, width: 51, stride: 2),
    Case(stride: 2, padding: .bottomRight),
    Case(height: 45, width: 51, stride: 2, padding: .bottomRight),
    Case(height: 2, width: 3, stride: 2, padding: .bottomRight),
    Case(height: 8, width: 8, stride: 2, hasNorm: true, inputActivation: .silu),
    Case(padding: .init(top: 2, left: 0, bottom: 1, right: 3)), Case(padding: .all(0)),
    Case(upsamples: true), Case(height: 1, width: 1, upsamples: true),
    Case(upsamples: true, hasNorm: true, inputActivation: .silu, residual: .apart),
    Case(inChannels: 9, outChannels: 15, upsamples: true),
    Case(kernelSize: 1, padding: .all(0)), Case(kernelSize: 1, padding: .all(0), hasBias: false),
    Case(kernelSize: 1, padding: .all(0), hasNorm: true),
    Case(kernelSize: 1, padding: .all(0), inputActivation: .silu, residual: .aliased),
    Case(inChannels: 33, outChannels: 31, kernelSize: 1, padding: .all(0), residual: .apart),
    Case(kernelSize: 1, padding: .all(1)), Case(kernelSize: 1, stride: 2, padding: .all(0)),
  ]

  /// Cases of several chunks: of rows, of parts of a row, and of parts of a row because of the bytes
  /// that a row of the column matrix takes.
  private static let tiled = [
    Case(height: 90, width: 70), Case(height: 91, width: 71, upsamples: true, residual: .aliased),
    Case(height: 2, width: 3000, inChannels: 2, hasNorm: true, inputActivation: .silu),
    Case(height: 3, width: 4100, inChannels: 2, outChannels: 1, stride: 2),
    Case(height: 3, width: 4101, inChannels: 1, outChannels: 2, stride: 2, padding: .bottomRight),
    Case(height: 2, width: 1501, inChannels: 1, upsamples: true, residual: .apart),
    Case(
      height: 2, width: 3001, inChannels: 5, kernelSize: 1, padding: .all(0), residual: .aliased),
    Case(height: 1, width: 1100, inChannels: 1400, outChannels: 2),
  ]

  /// Cases that Winograd's method takes: whole tiles and cut ones, panels that are full and not, a
  /// window that vectors read past, and several chunks of rows and of parts of a row.
  private static let wide =
    [
      Case(height: 4, width: 4, inChannels: 16, outChannels: 16),
      Case(height: 1, width: 1, inChannels: 16, outChannels: 17),
      Case(
        height: 6, width: 7, inChannels: 17, outChannels: 33, hasNorm: true, inputActivation: .silu),
      Case(height: 9, width: 13, inChannels: 31, outChannels: 16, residual: .apart),
      Case(
        height: 8, width: 3, inChannels: 24, outChannels: 40, hasBias: false, residual: .aliased),
      Case(
        height: 5, width: 10, inChannels: 20, outChannels: 18, hasNorm: true,
        inputActivation: .silu,
        outputActivation: .relu, residual: .aliased),
      Case(height: 3, width: 5, inChannels: 16, outChannels: 16, padding: .all(0)),
      Case(height: 30, width: 42, inChannels: 16, outChannels: 16, hasNorm: true, residual: .apart),
      Case(height: 5, width: 403, inChannels: 16, outChannels: 16, residual: .aliased),
      // Pictures large enough for larger tiles.
      Case(height: 128, width: 128, inChannels: 16, outChannels: 16, residual: .aliased),
      Case(
        height: 127, width: 133, inChannels: 17, outChannels: 18, hasNorm: true,
        inputActivation: .silu, residual: .apart),
      Case(height: 3, width: 5500, inChannels: 16, outChannels: 16, padding: .all(0)),
    ] + upsampled + strided

  /// Cases of upsampled pictures.
  private static let upsampled = [
    Case(height: 1, width: 1, inChannels: 16, outChannels: 16, upsamples: true),
    Case(height: 3, width: 4, inChannels: 16, outChannels: 19, upsamples: true),
    Case(
      height: 5, width: 3, inChannels: 18, outChannels: 16, upsamples: true, hasNorm: true,
      inputActivation: .silu, residual: .apart),
    Case(
      height: 21, width: 38, inChannels: 17, outChannels: 33, upsamples: true, hasBias: false,
      outputActivation: .relu, residual: .aliased),
  ]

  /// Cases of stride 2, padded as both families of autoencoders do and otherwise.
  private static let strided = [
    Case(height: 2, width: 2, inChannels: 16, outChannels: 16, stride: 2, padding: .bottomRight),
    Case(height: 1, width: 1, inChannels: 16, outChannels: 16, stride: 2),
    Case(height: 9, width: 14, inChannels: 17, outChannels: 33, stride: 2),
    Case(
      height: 46, width: 53, inChannels: 24, outChannels: 18, stride: 2, padding: .bottomRight,
      hasNorm: true, inputActivation: .silu, residual: .apart),
    Case(
      height: 45, width: 90, inChannels: 16, outChannels: 16, stride: 2,
      padding: .init(top: 2, left: 0, bottom: 1, right: 3), hasBias: false, residual: .aliased),
  ]

  @Test(arguments: wide, InstructionSet.available)
  func `Winograd's method is the direct sum`(layout: Case, set: InstructionSet) throws {
    let seed: UInt64 = 22
    let problem = Self.problem(layout, seed: seed)
    let exact = problem.direct_slow()
    let found = Self.method(problem, set, .auto)
    #expect(found is WinogradConvolution)
    let run = try Self.run(problem, set, .auto, isAliased: layout.residual == .aliased)
    #expect(relativeError(run.values, exact.values) <= 1e-5, "seed \(seed)")
    Self.expectSums(run.sums, of: run.values, channels: layout.outChannels)
  }

  /// Cases that direct multiplication takes: 1x1 kernels, few channels in or out, panels that are full
  /// and not, one chunk and several.
  private static let direct = [
    Case(height: 1, width: 1, inChannels: 16, outChannels: 16, kernelSize: 1, padding: .all(0)),
    Case(
      height: 7, width: 13, inChannels: 17, outChannels: 33, kernelSize: 1, padding: .all(0),
      hasNorm: true, residual: .apart),
    Case(
      height: 12, width: 8, inChannels: 40, outChannels: 24, kernelSize: 1, padding: .all(0),
      hasBias: false, hasNorm: true, inputActivation: .relu, residual: .aliased),
    Case(
      height: 3, width: 101, inChannels: 31, outChannels: 64, kernelSize: 1, padding: .all(0),
      inputActivation: .silu, outputActivation: .relu),
    Case(inChannels: 3, outChannels: 20), Case(height: 1, width: 1, inChannels: 4, outChannels: 64),
    Case(height: 13, width: 57, inChannels: 3, outChannels: 33, stride: 2, residual: .apart),
    Case(
      height: 19, width: 50, inChannels: 4, outChannels: 17, padding: .bottomRight, hasNorm: true,
      inputActivation: .silu, residual: .aliased),
    Case(inChannels: 33, outChannels: 3, hasNorm: true, inputActivation: .silu),
    Case(height: 35, width: 101, inChannels: 16, outChannels: 4, residual: .apart),
    Case(height: 5, width: 9, inChannels: 7, outChannels: 1, stride: 2, residual: .aliased),
    Case(height: 9, width: 9, inChannels: 8, outChannels: 8, kernelSize: 1, padding: .all(0)),
    Case(height: 4, width: 7, inChannels: 260, outChannels: 256, stride: 2, padding: .bottomRight),
    // Rows that are multiplied as one.
    Case(height: 4, width: 4, inChannels: 32, outChannels: 33, residual: .aliased),
    Case(
      height: 8, width: 2, inChannels: 40, outChannels: 32, hasNorm: true, inputActivation: .silu,
      residual: .apart),
    Case(height: 9, width: 3, inChannels: 3, outChannels: 33, padding: .bottomRight),
  ]

  @Test(arguments: direct, InstructionSet.available)
  func `direct multiplication is the direct sum`(layout: Case, set: InstructionSet) throws {
    let seed: UInt64 = 23
    let problem = Self.problem(layout, seed: seed)
    let exact = problem.direct_slow()
    let found = Self.method(problem, set, .auto)
    #expect(found is DirectConvolution)
    let run = try Self.run(problem, set, .auto, isAliased: layout.residual == .aliased)
    #expect(relativeError(run.values, exact.values) <= 1e-5, "seed \(seed)")
    Self.expectSums(run.sums, of: run.values, channels: layout.outChannels)
  }

  @Test func `Winograd's method reports that it wrote a NaN`() throws {
    let layout = Case(height: 5, width: 403, inChannels: 16, outChannels: 16)
    let base = Self.problem(layout, seed: 4)
    var input = base.input
    input[input.count - 1] = .nan
    let problem = ConvolutionProblem(
      convolution: base.convolution, input: input, inputShape: base.inputShape,
      weight: base.weight, bias: base.bias, residual: nil, norm: nil)
    #expect(try Self.run(problem, .best, .auto, isAliased: false).finite.contains(false))
    #expect(try !Self.run(base, .best, .auto, isAliased: false).finite.contains(false))
  }

  @Test(arguments: kinds + tiled, InstructionSet.available)
  func `a convolution is the direct sum`(layout: Case, set: InstructionSet) throws {
    let seed: UInt64 = 21
    let problem = Self.problem(layout, seed: seed)
    let exact = problem.direct_slow()
    let run = try Self.run(problem, set, .im2col, isAliased: layout.residual == .aliased)
    let k = Double(problem.convolution.k)
    // The output's activation may stretch an error by 2, the derivative of the affine map. The
    // functions of the input add a relative error of 1e-6 to each product, besides the sum's.
    let bound = 2 * exact.largestProduct * k * (4 * 0x1p-23 + 2e-6)
    let signal = exact.values.reduce(0) { max($0, abs($1)) }
    let limit = 0.01 * max(signal, 1) * k.squareRoot()
    #expect(bound < limit, "the bound has a meaning")
    #expect(largestError(run.values, exact.values) <= bound, "seed \(seed)")
    #expect(relativeError(run.values, exact.values) <= 1e-5, "seed \(seed)")
    Self.expectSums(run.sums, of: run.values, channels: layout.outChannels)
  }

  @Test(arguments: tiled)
  func `the large cases have several chunks`(layout: Case) {
    let problem = Self.problem(layout, seed: 1)
    #expect(Self.method(problem, .baseline, .im2col)?.chunkCount ?? 0 > 1)
  }

  // MARK: Padding

  @Test func `the lower right tap reads padding in the last row and column only`() throws {
    let values = try Self.strided(tap: (2, 2), of: [Float](repeating: 1, count: 64))
    let expected = (0..<16).map { $0 % 4 == 3 || $0 / 4 == 3 ? Float(0) : 1 }
    #expect(values == expected)
  }

  @Test func `the upper left tap never reads padding`() throws {
    let picture = (0..<64).map { Float($0) }
    let values = try Self.strided(tap: (0, 0), of: picture)
    let expected = (0..<16).map { index in
      let (row, column) = index.quotientAndRemainder(dividingBy: 4)
      return picture[16 * row + 2 * column]
    }
    #expect(values == expected)
  }

  @Test func `padding is zero after the norm and the activation, not before`() throws {
    // Everything inside becomes 3: the sum over the window counts its pixels.
    let layout = Case(height: 3, width: 3, inChannels: 1, outChannels: 1, hasBias: false)
    let base = Self.problem(layout, seed: 1)
    let problem = ConvolutionProblem(
      convolution: base.convolution, input: [Float](repeating: 5, count: 9),
      inputShape: base.inputShape, weight: [Float](repeating: 1, count: 9), bias: nil,
      residual: nil, norm: NormCoefficients(scale: [0], shift: [3]))
    let values = try Self.run(problem, .best, .im2col, isAliased: false).values
    #expect(values == [12, 18, 12, 18, 27, 18, 12, 18, 12])
  }

  /// An 8x8 picture through a convolution of stride 2 of `AutoencoderKL` that has one tap.
  private static func strided(tap: (row: Int, column: Int), of picture: [Float]) throws -> [Float] {
    let layout = Case(
      height: 8, width: 8, inChannels: 1, outChannels: 1, stride: 2, padding: .bottomRight,
      hasBias: false)
    let base = problem(layout, seed: 1)
    let weight = (0..<9).map { $0 == tap.row * 3 + tap.column ? Float(1) : 0 }
    let problem = ConvolutionProblem(
      convolution: base.convolution, input: picture, inputShape: base.inputShape, weight: weight,
      bias: nil, residual: nil, norm: nil)
    return try run(problem, .best, .im2col, isAliased: false).values
  }

  // MARK: Watch for NaN

  @Test(arguments: [0, 1500, 2999])
  func `a chunk reports that it wrote a NaN`(column: Int) throws {
    let layout = Case(height: 2, width: 3000, inChannels: 1, outChannels: 1)
    let base = Self.problem(layout, seed: 3)
    var input = base.input
    input[column] = .nan
    let problem = ConvolutionProblem(
      convolution: base.convolution, input: input, inputShape: base.inputShape,
      weight: base.weight, bias: base.bias, residual: nil, norm: nil)
    let damaged = try Self.run(problem, .best, .im2col, isAliased: false)
    #expect(damaged.finite.contains(false))
    let whole = try Self.run(base, .best, .im2col, isAliased: false)
    #expect(!whole.finite.contains(false))
  }
}
