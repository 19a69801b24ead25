import TestSupport
import Testing

@testable import VAE

/// The transforms of Winograd's method against their matrices, in f64.
@Suite struct WinogradKernelsTests {
  /// B^T, G and A^T of one dimension, as they stand in the literature, scaled as the kernels scale them.
  private struct Matrices {
    let input: [[Double]]
    let kernel: [[Double]]
    let output: [[Double]]

    init(_ form: WinogradForm) {
      switch form {
      case .f4x2:
        input = [
          [1, -2, -1, 2, 0], [0, -0.5, 0.5, 1, 0], [0, 0.5, -1.5, 1, 0], [0, -1, 0, 1, 0],
          [0, 0.5, -1, -0.5, 1],
        ]
        kernel = [[1, 0], [1, 1], [-1.0 / 3, 1.0 / 3], [-8.0 / 3, -4.0 / 3], [0, 1]]
        output = Matrices.powers([0, 1, -1, 0.5], count: 4)
      case .f4x3:
        input = [
          [1, -1.5, -2, 1.5, 1, 0], [0, -1, 0.5, 2.5, 1, 0], [0, 1, -2.5, 0.5, 1, 0],
          [0, -2, -1, 2, 1, 0], [0, 0.5, -1, -0.5, 1, 0], [0, 1, -1.5, -2, 1.5, 1],
        ]
        kernel = [
          [1, 0, 0], [1.0 / 3, 1.0 / 3, 1.0 / 3], [-1.0 / 3, 1.0 / 3, -1.0 / 3],
          [-16.0 / 15, -8.0 / 15, -4.0 / 15], [1.0 / 15, -2.0 / 15, 4.0 / 15], [0, 0, 1],
        ]
        output = Matrices.powers([0, 1, -1, 0.5, -2], count: 4)
      case .f6x3:
        input = [
          [-1, 0, 5.25, 0, -5.25, 0, 1, 0], [0, 1, 1, -4.25, -4.25, 1, 1, 0],
          [0, -1, 1, 4.25, -4.25, -1, 1, 0], [0, 0.5, 0.25, -2.5, -1.25, 2, 1, 0],
          [0, -0.5, 0.25, 2.5, -1.25, -2, 1, 0], [0, 2, 4, -2.5, -5, 0.5, 1, 0],
          [0, -2, 4, 2.5, -5, -0.5, 1, 0], [0, -1, 0, 5.25, 0, -5.25, 0, 1],
        ]
        kernel = [
          [-1, 0, 0], [-2.0 / 9, -2.0 / 9, -2.0 / 9], [-2.0 / 9, 2.0 / 9, -2.0 / 9],
          [1.0 / 90, 1.0 / 45, 2.0 / 45], [1.0 / 90, -1.0 / 45, 2.0 / 45],
          [32.0 / 45, 16.0 / 45, 8.0 / 45], [32.0 / 45, -16.0 / 45, 8.0 / 45], [0, 0, 1],
        ]
        output = Matrices.powers([0, 1, -1, 2, -2, 0.5, -0.5], count: 6)
      }
    }

    /// A^T: the powers of the points, and the point at infinity, which counts in the last row.
    private static func powers(_ points: [Double], count: Int) -> [[Double]] {
      (0..<count).map { power in
        points.map { point in (0..<power).reduce(1.0) { product, _ in product * point } }
          + [power == count - 1 ? 1 : 0]
      }
    }
  }

  /// matrix · values · matrixᵀ for a square of values.
  private static func transform(_ matrix: [[Double]], _ values: [Double]) -> [Double] {
    let side = matrix[0].count
    return matrix.flatMap { left in
      matrix.map { right in
        (0..<side * side).reduce(0) { sum, index in
          sum + left[index / side] * values[index] * right[index % side]
        }
      }
    }
  }

  /// The largest |matrix| sum of a transform of both dimensions: what errors are multiplied by.
  private static func gain(_ matrix: [[Double]]) -> Double {
    let largest = matrix.map { $0.reduce(0) { $0 + abs($1) } }.max() ?? 0
    return largest * largest
  }

  private static let cases = WinogradForm.allCases.flatMap { form in
    InstructionSet.available.map { (form, $0) }
  }

  @Test(arguments: cases)
  func `tiles and kernels are as large as the C kernels say`(
    form: WinogradForm, set: InstructionSet
  ) throws {
    let found = Kernels(set)
    let transforms = try #require(found).transforms(form)
    #expect(transforms.tile == form.tileSide && transforms.kernel == form.kernelSide)
  }

  @Test(arguments: cases, [1, 3, 16, 17, 33])
  func `inputs are transformed by their matrix`(
    layout: (form: WinogradForm, set: InstructionSet), channels: Int
  ) throws {
    let found = Kernels(layout.set)
    let kernels = try #require(found)
    let (form, tiles) = (layout.form, 2)
    let side = form.pointSide
    var random = SeededGenerator(seed: 31)
    // One channel more than is read, and a pixel more in a row: strides that no kernel may assume.
    let pixel = channels + 1
    let row = (side + form.tileSide + 1) * pixel
    let source = random.floats(side * row + kernels.lanes, in: -1...1)
    let tileStride = (channels + kernels.lanes - 1) / kernels.lanes * kernels.lanes
    let pointStride = tiles * tileStride + 3
    var input = GuardedBuffer(source)
    var points = GuardedBuffer([Float](repeating: .nan, count: form.pointCount * pointStride))
    unsafe input.withPointer { input in
      unsafe points.withPointer { points in
        unsafe kernels.winogradInput(
          form, input, .init(row: row, pixel: pixel), tiles: tiles, channels: channels,
          into: points,
          pointStride: pointStride, tileStride: tileStride)
      }
    }
    #expect(input.isIntact && points.isIntact)
    let matrix = Matrices(form).input
    let bound = Float(Self.gain(matrix) * 0x1p-22)
    for (tile, channel) in (0..<tiles * channels).map({
      $0.quotientAndRemainder(dividingBy: channels)
    }) {
      let window = (0..<side * side).map { index in
        let x = tile * form.tileSide + index % side
        return Double(source[index / side * row + x * pixel + channel])
      }
      let exact = Self.transform(matrix, window)
      for point in 0..<form.pointCount {
        let value = points.values[point * pointStride + tile * tileStride + channel]
        #expect(abs(value - Float(exact[point])) <= bound, "point \(point) of \(form)")
      }
    }
  }

  @Test(arguments: cases, [(1, 1), (3, 5), (2, 16)])
  func `kernels are transformed by their matrix`(
    layout: (form: WinogradForm, set: InstructionSet), shape: (channels: Int, outputs: Int)
  ) throws {
    let found = Kernels(layout.set)
    let kernels = try #require(found)
    let (form, channels, panel) = (layout.form, shape.channels, kernels.winogradPanel)
    let outputs = min(shape.outputs, panel)
    let count = form.kernelSide * form.kernelSide
    var random = SeededGenerator(seed: 32)
    let weights = random.floats(outputs * channels * count, in: -1...1)
    let pointStride = channels * panel + 5
    var source = GuardedBuffer(weights)
    var points = GuardedBuffer([Float](repeating: .nan, count: form.pointCount * pointStride))
    unsafe source.withPointer { source in
      unsafe points.withPointer { points in
        unsafe kernels.winogradKernels(
          form, source, channels: channels, outputs: outputs, into: points, pointStride: pointStride
        )
      }
    }
    #expect(source.isIntact && points.isIntact)
    let matrix = Matrices(form).kernel
    let bound = Float(Self.gain(matrix) * 0x1p-22)
    for (channel, output) in (0..<channels * panel).map({
      $0.quotientAndRemainder(dividingBy: panel)
    }) {
      let start = (output * channels + channel) * count
      let exact =
        output < outputs
        ? Self.transform(matrix, weights[start..<start + count].map(Double.init))
        : [Double](repeating: 0, count: form.pointCount)
      for point in 0..<form.pointCount {
        let value = points.values[point * pointStride + channel * panel + output]
        #expect(abs(value - Float(exact[point])) <= bound, "point \(point) of \(form)")
      }
    }
  }

  @Test(arguments: cases, [(1, false), (5, true), (16, false), (35, true)])
  func `products are transformed back by their matrix`(
    layout: (form: WinogradForm, set: InstructionSet), shape: (outputs: Int, hasResidual: Bool)
  ) throws {
    let found = Kernels(layout.set)
    let kernels = try #require(found)
    let (form, outputs) = (layout.form, shape.outputs)
    let pointStride = outputs.roundedUp(toMultipleOf: kernels.winogradPanel) + 3
    var random = SeededGenerator(seed: 33)
    let products = random.floats(form.pointCount * pointStride, in: -1...1)
    let (rows, columns) = (form.tileSide - 1, form.tileSide)
    // Every second pixel of every second row, as one phase of a doubled picture.
    let (pixel, row) = (2 * outputs, 2 * (2 * columns + 1) * outputs)
    let blank = [Float](repeating: 7, count: rows * row)
    var source = GuardedBuffer(products)
    var residual = GuardedBuffer(random.floats(blank.count, in: -1...1))
    var output = GuardedBuffer(blank)
    unsafe source.withPointer { source in
      unsafe residual.withPointer { residual in
        unsafe output.withPointer { output in
          unsafe kernels.winogradOutput(
            form, source, pointStride: pointStride, outputs: outputs, rows: rows, columns: columns,
            residual: shape.hasResidual ? UnsafePointer(residual) : nil, into: output,
            .init(row: row, pixel: pixel))
        }
      }
    }
    #expect(source.isIntact && residual.isIntact && output.isIntact)
    let matrix = Matrices(form).output
    let bound = Float(Self.gain(matrix) * 0x1p-22)
    var expected = blank
    for channel in 0..<outputs {
      let exact = Self.transform(
        matrix, (0..<form.pointCount).map { Double(products[$0 * pointStride + channel]) })
      for y in 0..<rows {
        for x in 0..<columns {
          let place = y * row + x * pixel + channel
          expected[place] = Float(exact[y * form.tileSide + x])
          if shape.hasResidual { expected[place] += residual.values[place] }
        }
      }
    }
    #expect(zip(output.values, expected).allSatisfy { abs($0 - $1) <= bound })
    // What lies between the pixels is as it was.
    for (index, value) in output.values.enumerated() where expected[index] == 7 {
      #expect(value == 7)
    }
  }

  @Test(arguments: InstructionSet.available)
  func `kernels are folded by a matrix on each side`(set: InstructionSet) throws {
    let found = Kernels(set)
    let kernels = try #require(found)
    var random = SeededGenerator(seed: 34)
    let weights = random.floats(9 * 3, in: -1...1)
    let (rows, columns): ([Float], [Float]) = ([1, 1, 0, 0, 0, 1], [0, 1, 0, 0, 0, 0])
    var source = GuardedBuffer(weights)
    var folded = GuardedBuffer([Float](repeating: .nan, count: 12))
    unsafe source.withPointer { source in
      unsafe folded.withPointer { folded in
        unsafe kernels.foldKernels(source, count: 3, rows: rows, columns: columns, into: folded)
      }
    }
    #expect(source.isIntact && folded.isIntact)
    let expected = (0..<3).flatMap { kernel -> [Float] in
      let k = Array(weights[kernel * 9..<kernel * 9 + 9])
      return [k[1] + k[4], 0, k[7], 0]
    }
    #expect(zip(folded.values, expected).allSatisfy { abs($0 - $1) <= 1e-6 })
  }
}
