import VAE

/// What a call would take, known before it runs.
public struct RunPlan: Sendable {
  /// The latent's channels, height and width.
  public let latentShape: [Int]
  /// The largest resident size that the process would have, in bytes.
  public let peakMemoryByteCount: Int
  /// Bytes of the temporary file for what memory has no room for.
  public let temporaryFileByteCount: Int
  /// Multiply-adds of the network, as its layers are defined.
  public let multiplyAdds: Int
  /// A rough estimate of the network's time, from a short measurement of the machine.
  public let seconds: Double
}

extension Codec {
  /// What encoding a picture of this size would take, and refining its latent where that is asked for.
  ///
  /// - Throws: `CodecError`.
  public func plan(
    encodingWidth width: Int, height: Int, refinement: Latent.Refinement? = nil
  ) throws -> RunPlan {
    let factor = latentSpace.spatialFactor
    let conversion = PixelConversion(width: width, height: height, factor: factor, matte: .white)
    let shape = latentShape(width: width, height: height)
    let resultByteCount =
      refinement.map { LatentRefiner.byteCount($0, conversion, bitDepth: 8) } ?? 0
    return try plan(latentShape: shape, resultByteCount: resultByteCount) { options in
      let encoding = try autoencoder.encodingCost(
        height: conversion.paddedHeight, width: conversion.paddedWidth, options)
      guard let refinement else { return encoding }
      let step = try autoencoder.decodingGradientCost(height: shape[1], width: shape[2], options)
      let decoding = try autoencoder.decodingCost(height: shape[1], width: shape[2], options)
      return encoding.followed(by: step, times: refinement.steps).followed(by: decoding)
    }
  }

  /// What decoding `latent` would take.
  ///
  /// - Parameters:
  ///   - latent: what would be decoded.
  ///   - ignoringSpace: as for `decode`.
  ///   - maximumPixelCount: larger pictures are refused.
  /// - Throws: `CodecError`.
  public func plan(
    decoding latent: Latent, ignoringSpace: Bool = false,
    maximumPixelCount: Int = Image.defaultMaximumPixelCount
  ) throws -> RunPlan {
    let latent = try readable(
      latent, ignoringSpace: ignoringSpace, maximumPixelCount: maximumPixelCount)
    return try plan(
      latentShape: [latent.channels, latent.height, latent.width],
      resultByteCount: picture(of: latent).byteCount
    ) { options in
      try autoencoder.decodingCost(height: latent.height, width: latent.width, options)
    }
  }

  private func plan(
    latentShape: [Int], resultByteCount: Int, _ cost: (ExecutionOptions) throws -> NetworkCost
  ) throws -> RunPlan {
    let (cost, options) = try self.cost(resultByteCount: resultByteCount, cost)
    let resident = ProcessMemory.residentByteCount ?? 0
    return RunPlan(
      latentShape: latentShape,
      peakMemoryByteCount: resident + resultByteCount + cost.memoryByteCount
        + cost.weightByteCount,
      temporaryFileByteCount: cost.fileByteCount, multiplyAdds: cost.multiplyAdds,
      seconds: try Self.seconds(cost, options))
  }

  /// Multiplications take most of the time, moving tensors the rest: the parts of the peaks that they
  /// reach were measured on networks of both families.
  private static func seconds(_ cost: NetworkCost, _ options: ExecutionOptions) throws -> Double {
    let steps = 1_000_000
    var peak = 0.0
    // The best of a few: the first one waits for the threads, and others may be disturbed.
    for _ in 0..<3 {
      let start = ContinuousClock.now
      try options.parallel.forEach(options.parallel.threads) { _, _ in
        _ = options.kernels.runMultiplyAddChains(count: steps)
      }
      let perThread = options.kernels.runMultiplyAddChains(count: 1) * steps
      let duration = (ContinuousClock.now - start).seconds
      peak = max(peak, Double(perThread * options.parallel.threads) / duration)
    }
    return Double(cost.reducedMultiplyAdds) / (0.75 * peak) + Double(cost.trafficByteCount) / 6e9
  }
}
