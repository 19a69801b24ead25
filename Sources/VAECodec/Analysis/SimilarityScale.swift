import Glibc

/// Structural similarity of two planes that arrive row by row.
///
/// Keeps eleven filtered rows instead of filtered planes: memory grows with the width of a picture
/// only. All arithmetic is in Double and in the order of the rows.
///
/// - SeeAlso: Wang, Bovik, Sheikh, Simoncelli, "Image quality assessment: from error visibility to
///   structural similarity", 2004.
struct SimilarityScale {
  /// Rows and columns of the Gaussian window.
  static let windowSide = 11

  /// The first, second and mixed moments at a pixel: x, y, x² + y², x·y.
  ///
  /// The sum of the two squares is enough, as SSIM needs only the sum of the two variances.
  private typealias Moments = SIMD4<Double>

  /// The window's weights from its edge to its centre: a Gaussian of sigma 1.5 with sum 1.
  static let weights: InlineArray<6, Double> = {
    var weights = InlineArray<6, Double> { tap in
      let distance = Double(tap - 5)
      return exp(-distance * distance / (2 * 1.5 * 1.5))
    }
    var sum = weights[5]
    for tap in 0..<5 { sum += 2 * weights[tap] }
    for tap in 0..<6 { weights[tap] /= sum }
    return weights
  }()

  private let width: Int
  private let height: Int
  private let luminanceConstant: Double
  private let structureConstant: Double

  private var rowCount = 0
  /// Moments of the newest row, `[width]`.
  private var moments: [Moments]
  /// Horizontally filtered moments of the last eleven rows, `[22, width - 10]`; row n of the plane is
  /// in rows n mod 11 and n mod 11 + 11, so that the eleven always follow one another somewhere.
  private var filtered: [Moments]
  private var similaritySum = 0.0
  private var structureSum = 0.0
  /// Rows of the half-sized planes, `[ceil(width / 2)]`.
  private var halvedFirst: [Double]
  private var halvedSecond: [Double]

  /// A scale for planes of `width` x `height` samples in 0...`peak`.
  ///
  /// - Precondition: neither side is under 11.
  init(width: Int, height: Int, peak: Double) {
    precondition(
      min(width, height) >= Self.windowSide,
      "a plane of \(width)x\(height) samples holds no window of side \(Self.windowSide)")
    self.width = width
    self.height = height
    // K1 = 0.01 and K2 = 0.03, section III.B of the paper of 2004.
    luminanceConstant = (0.01 * peak) * (0.01 * peak)
    structureConstant = (0.03 * peak) * (0.03 * peak)
    moments = Array(repeating: .zero, count: width)
    filtered = Array(
      repeating: .zero, count: 2 * Self.windowSide * (width - Self.windowSide + 1))
    halvedFirst = Array(repeating: 0, count: (width + 1) / 2)
    halvedSecond = halvedFirst
  }

  /// Mean SSIM over all windows that lie inside the plane, in -1...1; for a plane pushed whole.
  var similarity: Double { similaritySum / windowCount }

  /// Mean of the contrast and structure factor of SSIM alone, in -1...1; for a plane pushed whole.
  var structure: Double { structureSum / windowCount }

  private var windowCount: Double {
    Double((width - Self.windowSide + 1) * (height - Self.windowSide + 1))
  }

  /// Takes the next row of both planes; returns the row of the halved planes that it completes.
  ///
  /// - Precondition: both rows hold `width` samples, and fewer than `height` rows came before.
  /// - Complexity: about 65 multiplications a sample.
  mutating func push(
    _ first: [Double], _ second: [Double]
  ) -> (first: [Double], second: [Double])? {
    precondition(
      first.count == width && second.count == width && rowCount < height,
      "row \(rowCount) has \(first.count) and \(second.count) samples, expected \(width)")
    for x in 0..<width {
      let (one, other) = (first[x], second[x])
      moments[x] = Moments(one, other, one * one + other * other, one * other)
    }
    let count = width - Self.windowSide + 1
    let start = rowCount % Self.windowSide * count
    Self.filter(moments, into: &filtered, at: start, and: start + Self.windowSide * count)
    rowCount += 1
    if rowCount >= Self.windowSide {
      let sums = windowSums()
      similaritySum += sums.similarity
      structureSum += sums.structure
    }
    return halveRows(first, second) ? (halvedFirst, halvedSecond) : nil
  }

  /// Filters a row of moments into `target` at two places: ten fewer than it has.
  private static func filter(
    _ row: [Moments], into target: inout [Moments], at start: Int, and twin: Int
  ) {
    let weights = Self.weights
    let count = row.count - windowSide + 1
    let source = row.span
    var target = target.mutableSpan
    precondition(count > 0 && 0 <= start && start <= twin && twin + count <= target.count)
    for x in 0..<count {
      // The precondition bounds every index: x + 10 < row.count, twin + x < target.count.
      var sum = unsafe weights[5] * source[unchecked: x + 5]
      for tap in 0..<5 {
        unsafe sum += weights[tap] * (source[unchecked: x + tap] + source[unchecked: x + 10 - tap])
      }
      unsafe target[unchecked: start + x] = sum
      unsafe target[unchecked: twin + x] = sum
    }
  }

  /// Filters the last eleven rows down the columns; returns the sums over the windows they hold.
  private func windowSums() -> (similarity: Double, structure: Double) {
    let weights = Self.weights
    let count = width - Self.windowSide + 1
    let top = rowCount % Self.windowSide * count
    let source = filtered.span
    precondition(count > 0 && source.count == 22 * count)
    var sums = (similarity: 0.0, structure: 0.0)
    for x in 0..<count {
      // The precondition bounds every index: the last is below top + 11 * count.
      let start = top &+ x
      var mean = unsafe weights[5] * source[unchecked: start &+ 5 &* count]
      for tap in 0..<5 {
        let (above, below) = (start &+ tap &* count, start &+ (10 &- tap) &* count)
        unsafe mean += weights[tap] * (source[unchecked: above] + source[unchecked: below])
      }
      let product = mean.x * mean.y
      let squares = mean.x * mean.x + mean.y * mean.y
      let structure =
        (2 * (mean.w - product) + structureConstant) / (mean.z - squares + structureConstant)
      sums.structure += structure
      sums.similarity +=
        structure * ((2 * product + luminanceConstant) / (squares + luminanceConstant))
    }
    return sums
  }

  /// Averages squares of 2x2 samples; true where the newest row completes a row of averages.
  ///
  /// An odd side begins with a row or column of zeros that counts in the average, as torch's
  /// avg_pool2d(2, padding: side % 2) has it.
  private mutating func halveRows(_ first: [Double], _ second: [Double]) -> Bool {
    // rowCount is already one past the row in hand.
    let completes = (rowCount - 1 + height % 2) % 2 == 1
    halve(first, into: &halvedFirst, adding: completes)
    halve(second, into: &halvedSecond, adding: completes)
    return completes
  }

  private func halve(_ row: [Double], into halved: inout [Double], adding: Bool) {
    let lead = width % 2
    if lead == 1 { halved[0] = (adding ? halved[0] : 0) + row[0] / 4 }
    for x in lead..<halved.count {
      let pair = (row[2 * x - lead] + row[2 * x + 1 - lead]) / 4
      halved[x] = adding ? halved[x] + pair : pair
    }
  }
}
