import VAE

/// How far a decoded picture is from the one that was encoded, as a number to be made smaller.
struct PictureObjective {
  private let loss: Latent.Refinement.Loss
  private let conversion: PixelConversion
  private let parallel: Parallel
  /// The samples of the picture that was encoded, `[height, width, 3]` in 0...1.
  private let target: [Float]
  /// Of each colour channel; empty where the loss has none, or the window of SSIM does not fit.
  private let similarities: [PlaneSimilarity]

  /// What SSIM counts beside the mean difference of samples: more costs PSNR and SSIMULACRA 2 faster than it
  /// wins SSIM (measured at 0.05, 0.2 and 1 on latents that were refined in 20 steps).
  private static let similarityWeight = 0.2

  /// The distance from `image`, of the size of `conversion`.
  init(
    _ loss: Latent.Refinement.Loss, from image: Image, _ conversion: PixelConversion,
    _ parallel: Parallel
  ) throws {
    self.loss = loss
    self.conversion = conversion
    self.parallel = parallel
    let target = conversion.samples(of: conversion.tensor(of: image).span)
    self.target = target
    similarities =
      loss == .ssim
      ? try GaussianWindow(width: conversion.width, height: conversion.height).map { window in
        try parallel.map(3) { PlaneSimilarity(Self.plane($0, of: target), window) }
      } ?? [] : []
  }

  /// Samples of the picture.
  private var sampleCount: Int { conversion.height * conversion.width * 3 }

  /// Bytes that a call takes besides its result, and the objective itself.
  static func byteCount(_ loss: Latent.Refinement.Loss, _ conversion: PixelConversion) -> Int {
    // The target and the samples; with SSIM planes of three channels: three kept, ten in use.
    (loss == .ssim ? 15 : 2) * conversion.count * MemoryLayout<Float>.stride
  }

  /// The loss of a picture.
  ///
  /// - Parameter tensor: `[paddedHeight, paddedWidth, 3]` in -1...1; values outside count as the ends, the
  ///   padding does not count.
  func value(of tensor: Span<Float>) throws -> Double {
    let samples = conversion.samples(of: tensor)
    let similarity = try parallel.map(similarities.count) { channel in
      similarities[channel].value(of: Self.plane(channel, of: samples))
    }
    return value(distance(of: samples), similarity)
  }

  /// The loss of a picture, and the gradient of its sum over all samples.
  ///
  /// Values outside of -1...1 have the gradient of the ends, so that they find back. The sum, because its
  /// gradient does not get smaller as pictures get larger.
  ///
  /// - Parameter tensor: as of `value(of:)`.
  /// - Returns: the gradient `[paddedHeight, paddedWidth, 3]`, 0 in the padding.
  func valueAndGradient(of tensor: Span<Float>) throws -> (value: Double, gradient: [Float]) {
    let samples = conversion.samples(of: tensor)
    let similarity = try parallel.map(similarities.count) { channel in
      similarities[channel].valueAndGradient(of: Self.plane(channel, of: samples))
    }
    var slopes = distanceGradient(of: samples)
    if !similarity.isEmpty {
      let factor = -Float(Self.similarityWeight) * Float(sampleCount) / 3
      for channel in 0..<3 {
        for (pixel, slope) in similarity[channel].gradient.enumerated() {
          let index = 3 * pixel + channel
          slopes[index] += factor * slope
        }
      }
    }
    // A sample moves half as much as the value that it is made of.
    return (
      value(distance(of: samples), similarity.map(\.value)),
      conversion.tensor(ofSamples: slopes.map { 0.5 * $0 })
    )
  }

  private func value(_ distance: Double, _ similarities: [Double]) -> Double {
    guard !similarities.isEmpty else { return distance }
    let similarity = similarities.reduce(0, +) / Double(similarities.count)
    return distance + Self.similarityWeight * (1 - similarity)
  }

  /// The mean difference of samples, squared for `l2`.
  private func distance(of samples: [Float]) -> Double {
    var sum = 0.0
    for index in samples.indices {
      let difference = samples[index] - target[index]
      sum += Double(loss == .l2 ? difference * difference : abs(difference))
    }
    return sum / Double(sampleCount)
  }

  /// The gradient of the sum of the differences with respect to the samples.
  private func distanceGradient(of samples: [Float]) -> [Float] {
    samples.indices.map { index in
      let difference = samples[index] - target[index]
      guard loss != .l2 else { return 2 * difference }
      return difference == 0 ? 0 : difference < 0 ? -1 : 1
    }
  }

  /// One channel of `samples`, `[height, width, 3]`.
  private static func plane(_ channel: Int, of samples: [Float]) -> [Float] {
    stride(from: channel, to: samples.count, by: 3).map { samples[$0] }
  }
}
