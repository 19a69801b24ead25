import VAE

/// A latent that was refined against a decoder, and what that brought.
public struct RefinedLatent: Sendable {
  /// The best latent that a step came by, judged by its picture as it will be decoded and written.
  public let latent: Latent
  /// The loss before each step, and after the last one.
  public let losses: [Double]
  /// The steps after which the latent was best; 0 if none made it better, and it is the one that was there.
  public let bestStep: Int
  /// How far the picture was from the original before.
  public let before: Comparison
  /// How far it is now.
  public let after: Comparison
  /// The distance of the latent from the one that was there, as a part of that one's length; both in scaled
  /// units.
  public let drift: Double
}

extension Codec {
  /// Encodes a picture and refines the latent against the decoder.
  ///
  /// - Parameters: as of `encode` and `refine`.
  /// - Throws: as `refine`.
  public func encode(
    _ image: Image, refinedBy refinement: Latent.Refinement, keptAt quality: Quality = .lossless,
    matte: Matte = .white, progress: ProgressHandler = { _ in }
  ) throws -> RefinedLatent {
    // Before anything is encoded.
    try wrapping { try autoencoder.requireDecoder() }
    // A step is a way through a network and back, and encoding is one way.
    let share = 1 / Double(1 + 2 * refinement.steps)
    let latent = try encode(image, matte: matte) { try progress($0 * share) }
    return try refine(latent, toward: image, refinement, keptAt: quality, matte: matte) {
      try progress(share + $0 * (1 - share))
    }
  }

  /// Changes a latent so that its decoded picture comes nearer to the one that was encoded: gradient descent
  /// with Adam through the decoder, with a rate of 0.05 scaled units that falls to 0 along a cosine.
  ///
  /// An encoder is a network's guess; the decoder is what a latent is read with. The result fits this decoder,
  /// is of no use to others beyond what the latent was, and does not belong into a cache for training: it says
  /// so in its posterior. The best of all steps is taken, so it is never worse by the loss than before, and
  /// with `l2` neither in PSNR nor in SSIM.
  ///
  /// - Parameters:
  ///   - latent: what `encode` made of `image`: a mean.
  ///   - image: the picture.
  ///   - refinement: how many steps, and towards what.
  ///   - quality: how exactly the latent will be kept; the steps are taken with values as a file of that quality
  ///     holds them.
  ///   - matte: stands behind the transparent parts.
  ///   - progress: called after each layer.
  /// - Returns: the latent, not yet quantised.
  /// - Throws: `CodecError`, `LatentError`, `CancellationError`, and what `progress` throws.
  /// - Precondition: `latent` is of a picture of the size of `image`.
  /// - Complexity: a step takes about as long as two decodes, and the tensors that the way back reads are kept.
  public func refine(
    _ latent: Latent, toward image: Image, _ refinement: Latent.Refinement,
    keptAt quality: Quality = .lossless, matte: Matte = .white,
    progress: ProgressHandler = { _ in }
  ) throws -> RefinedLatent {
    let latent = try readable(latent, ignoringSpace: false, maximumPixelCount: .max)
    let start = try latent.replacing(
      values: nativeValues(of: latent), posterior: .optimised(refinement), units: nativeUnits)
    let conversion = PixelConversion(
      width: image.width, height: image.height, factor: latentSpace.spatialFactor, matte: matte)
    precondition(
      latentShape(width: image.width, height: image.height)
        == [start.channels, start.height, start.width],
      "a latent of \(start.width)x\(start.height) for a picture of \(image.width)x\(image.height)")
    return try reservingMemory(
      resultByteCount: LatentRefiner.byteCount(
        refinement, conversion, bitDepth: image.color.bitDepth)
    ) { options in
      try autoencoder.decodingGradientCost(height: start.height, width: start.width, options)
    } _: { options in
      var refiner = try LatentRefiner(
        refinement, start, image, conversion, quality: quality, resources: resources)
      // The steps have one arena, whatever becomes of it afterwards.
      var stepOptions = options
      stepOptions.keepsMemory = true
      for step in 0..<refinement.steps {
        let gradient = try autoencoder.decodeWithGradient(
          refiner.keptValues, height: start.height, width: start.width, stepOptions,
          progress: { try progress((Double(step) + $0) / Double(refinement.steps + 1)) },
          pictureGradient: { try refiner.gradient(at: $0) })
        try refiner.takeStep(against: gradient)
      }
      try autoencoder.decode(
        refiner.keptValues, height: start.height, width: start.width, options,
        progress: {
          try progress((Double(refinement.steps) + $0) / Double(refinement.steps + 1))
        }, read: { try refiner.finish(at: $0) })
      return try refiner.result()
    }
  }
}
