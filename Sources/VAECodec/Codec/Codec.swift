import VAE

/// Pictures to latents and back, with one model.
///
/// Opening a model reads the headers of its files and the norms and biases of its encoder, and
/// converts its tensors of F64 and F8; all other weights are read as they are used. A codec may be used
/// from several threads at the same time. Long calls end with `CancellationError` when the task that
/// made them is cancelled.
///
/// ```swift
/// let codec = try Codec()
/// let latent = try codec.encode(Image(decoding: bytes))
/// let picture = try codec.decode(latent)
/// ```
public struct Codec: Sendable {
  /// Called after each layer with the part of a call's work that is done, in 0...1; an error that it
  /// throws ends the call and is thrown by it.
  public typealias ProgressHandler = (_ fraction: Double) throws -> Void

  /// The model.
  public let model: Model
  /// The class that diffusers loads the model with, such as "AutoencoderKL".
  public var modelClass: String { autoencoder.config.className }
  /// The space of the latents that the model makes and reads.
  public let latentSpace: LatentSpace
  /// Distinguishes encoders of one space; nil where the model has no encoder.
  public let encoderFingerprint: UInt64?
  /// Distinguishes decoders of one space; nil where the model has no decoder.
  var decoderFingerprint: UInt64? {
    autoencoder.hasDecoder ? try? autoencoder.fingerprint(of: .decoder, options.kernels) : nil
  }
  /// What the codec may use of the machine.
  public let resources: Resources
  let autoencoder: Autoencoder
  private var options: ExecutionOptions
  /// The paths of the files of its tensors.
  let files: [String]
  /// What the files call their tensors, such as "diffusers", and the prefix of the autoencoder's.
  let naming: String
  /// Families that the model may serve instead of the one of `latentSpace`, which was assumed.
  let alternativeFamilies: [LatentFamily]
  /// The family that the model's files are of, where another one was named; nil where none was.
  private let overruledFamily: LatentFamily?
  /// The groups of the norms where they were assumed.
  private let assumedGroups: Int?
  /// What was passed over in the files and beside them.
  private let fileNotes: [Assumption]

  /// Opens a model.
  ///
  /// - Parameters:
  ///   - model: where its files are.
  ///   - family: the family whose space a model serves, where its files do not say it or are wrong.
  ///   - groups: of every group norm, where there is no config.json to say it.
  ///   - resources: threads and kernels.
  /// - Throws: `CodecError`.
  public init(
    model: Model = .bundled, family: LatentFamily? = nil, groups: Int? = nil,
    resources: Resources = Resources()
  ) throws {
    self.model = model
    self.resources = resources
    options = try resources.executionOptions()
    let kernels = options.kernels
    let files = try CodecError.wrapping { try model.files(groups: groups) }
    let detection = FamilyDetection(files.config, files.evidence, files.configurationSource)
    (autoencoder, latentSpace, encoderFingerprint) = try CodecError.wrapping {
      let autoencoder = try Autoencoder(files, runCount: resources.resolvedThreads)
      let fingerprint =
        autoencoder.hasEncoder ? try autoencoder.fingerprint(of: .encoder, kernels) : nil
      let space = try LatentSpace(
        autoencoder.config, statistics: autoencoder.latentStatistics(kernels),
        stated: detection.scaling, detected: detection.family, family: family)
      return (autoencoder, space, fingerprint)
    }
    self.files = files.filePaths
    naming = files.naming
    assumedGroups = files.assumedGroups
    fileNotes = Assumption.onFiles(
      files, passedOver: family == nil ? detection.passedOver : nil)
    alternativeFamilies = family == nil ? detection.alternatives : []
    let isOverruled = family != nil && family != detection.family && detection.alternatives.isEmpty
    overruledFamily = isOverruled ? detection.family : nil
  }

  /// The same codec for one of several calls at the same time, which compute on `threads` threads each as long as
  /// memory allows them all to run.
  func onThreads(_ threads: Int) -> Codec {
    var codec = self
    codec.options.parallel = Parallel(threads: threads)
    return codec
  }

  /// What was assumed about the model because no file says it, or against what they say.
  public var assumptions: [Assumption] {
    var assumptions = fileNotes
    if let overruledFamily {
      assumptions.append(.overruled(overruledFamily, taken: latentSpace.family))
    }
    if !alternativeFamilies.isEmpty {
      assumptions.append(.family(latentSpace.family, others: alternativeFamilies))
    }
    if let assumedGroups { assumptions.append(.groups(assumedGroups)) }
    return assumptions
  }

  /// Whether the model makes a distribution of latents, or just latents.
  public var hasPosterior: Bool { autoencoder.config.hasPosterior }

  /// The units of the latents that the network itself makes and reads.
  var nativeUnits: Latent.Units {
    autoencoder.config.latentsAreScaled ? .scaled : .raw
  }

  /// Channels, height and width of the latent of a picture.
  func latentShape(width: Int, height: Int) -> [Int] {
    let factor = latentSpace.spatialFactor
    return [
      latentSpace.channels, height.dividedRoundingUp(by: factor),
      width.dividedRoundingUp(by: factor),
    ]
  }

  /// Encodes a picture of any size.
  ///
  /// - Parameters:
  ///   - image: the picture.
  ///   - posterior: what the latent is to hold of the encoder's distribution.
  ///   - matte: stands behind the transparent parts.
  ///   - progress: called after each layer.
  /// - Returns: the latent in the model's own units, raw for `AutoencoderKL` and scaled for
  ///   `AutoencoderTiny`, with what is needed to restore size, alpha and profile.
  /// - Throws: `CodecError`, `LatentError`, `CancellationError`, and what `progress` throws.
  public func encode(
    _ image: Image, posterior: Latent.Posterior = .mean, matte: Matte = .white,
    progress: ProgressHandler = { _ in }
  ) throws -> Latent {
    if let refinement = posterior.refinement {
      return try encode(image, refinedBy: refinement, matte: matte, progress: progress).latent
    }
    guard hasPosterior || posterior == .mean else {
      throw CodecError.noPosterior(className: modelClass)
    }
    let factor = latentSpace.spatialFactor
    let conversion = PixelConversion(
      width: image.width, height: image.height, factor: factor, matte: matte)
    let (paddedHeight, paddedWidth) = (conversion.paddedHeight, conversion.paddedWidth)
    let encoded = try reservingMemory(resultByteCount: 0) { options in
      try autoencoder.encodingCost(height: paddedHeight, width: paddedWidth, options)
    } _: { options in
      try autoencoder.encode(
        height: paddedHeight, width: paddedWidth, options, progress: progress
      ) { conversion.write(image, rows: 0..<paddedHeight, to: &$0) }
    }
    let (width, height) = (paddedWidth / factor, paddedHeight / factor)
    let count = latentSpace.channels * width * height
    let latent = try Latent(
      channels: latentSpace.channels, height: height, width: width,
      values: Array(encoded.prefix(count)),
      logVariance: hasPosterior ? Array(encoded.suffix(count)) : nil,
      units: nativeUnits, posterior: hasPosterior ? .moments : .mean,
      space: latentSpace, encoderFingerprint: encoderFingerprint,
      picture: PictureInfo(image, matte: matte))
    switch posterior {
    case .mean: return latent.withoutVariance
    case .sample(let seed): return try latent.sampled(seed: seed)
    case .moments, .optimised: return latent
    }
  }

  /// Decodes a latent.
  ///
  /// - Parameters:
  ///   - latent: raw or scaled, of the model's space.
  ///   - ignoringSpace: decodes latents of another space than the model's, which gives a picture of
  ///     wrong colours or none; they must have as many channels all the same.
  ///   - maximumPixelCount: larger pictures are refused.
  ///   - progress: called after each layer.
  /// - Returns: the picture at its original size, of the depth of the file that was encoded, with its
  ///   alpha and its profile where the latent keeps them.
  /// - Throws: `CodecError`, `LatentError`, `CancellationError`, and what `progress` throws.
  public func decode(
    _ latent: Latent, ignoringSpace: Bool = false,
    maximumPixelCount: Int = Image.defaultMaximumPixelCount,
    progress: ProgressHandler = { _ in }
  ) throws -> Image {
    let latent = try readable(
      latent, ignoringSpace: ignoringSpace, maximumPixelCount: maximumPixelCount)
    let values = try nativeValues(of: latent)
    let picture = picture(of: latent)
    let conversion = PixelConversion(
      width: picture.width, height: picture.height, factor: latentSpace.spatialFactor,
      matte: picture.matte ?? .white)
    return try reservingMemory(resultByteCount: picture.byteCount) { options in
      try autoencoder.decodingCost(height: latent.height, width: latent.width, options)
    } _: { options in
      let image = try autoencoder.decode(
        values, height: latent.height, width: latent.width, options, progress: progress
      ) {
        // Where no matte is known, the colours are those of the picture whatever its opacity.
        conversion.image(
          from: $0, bitDepth: picture.bitDepth, alpha: picture.matte == nil ? nil : picture.alpha,
          profile: picture.profile)
      }
      return picture.matte == nil ? image.withAlpha(picture.alpha) : image
    }
  }

  /// The values of a latent of the model's space as the decoder reads them.
  ///
  /// - Throws: `LatentError`.
  func nativeValues(of latent: Latent) throws -> [Float] {
    let scaling = latent.space?.scaling ?? latentSpace.scaling
    guard latent.units == nativeUnits || scaling != nil else {
      throw LatentError.unknownScaling(latentSpace)
    }
    return try latent.values(in: nativeUnits, scaling: scaling)
  }

  /// Calls `body` with options that keep to the memory that may be used, which is reserved meanwhile.
  ///
  /// - Parameters:
  ///   - resultByteCount: bytes that the result takes besides.
  ///   - cost: what the network takes with the options that it gets.
  /// - Throws: `CodecError`, or what else `body` throws, as it is.
  func reservingMemory<Result>(
    resultByteCount: Int, cost: (ExecutionOptions) throws -> NetworkCost,
    _ body: (ExecutionOptions) throws -> Result
  ) throws -> Result {
    let codec = try wrapping { try widened(cost) }
    return try codec.wrapping {
      try MemoryBudget.process.reserving {
        resources.availableByteCount(idleByteCount: autoencoder.idleByteCount)
      } needed: { limit in
        try cost(codec.options(within: limit, resultByteCount: resultByteCount)).memoryByteCount
          + resultByteCount + Resources.headroom
      } _: { limit in
        try body(codec.options(within: limit, resultByteCount: resultByteCount))
      }
    }
  }

  /// The codec on all threads, where memory has no room for so many calls at the same time that each thread has
  /// one.
  private func widened(_ cost: (ExecutionOptions) throws -> NetworkCost) throws -> Codec {
    let (own, all) = (options.parallel.threads, resources.resolvedThreads)
    guard own < all,
      let available = resources.availableByteCount(idleByteCount: autoencoder.idleByteCount)
    else { return self }
    let byteCount = try cost(options(within: nil, resultByteCount: 0)).memoryByteCount
    return byteCount * (all / own) > available ? onThreads(all) : self
  }

  /// What the network would take, within the memory that may be used.
  ///
  /// - Throws: `CodecError`.
  func cost(
    resultByteCount: Int, _ cost: (ExecutionOptions) throws -> NetworkCost
  ) throws -> (cost: NetworkCost, options: ExecutionOptions) {
    let options = options(
      within: resources.availableByteCount(idleByteCount: autoencoder.idleByteCount),
      resultByteCount: resultByteCount)
    return (try wrapping { try cost(options) }, options)
  }

  /// How a network runs that leaves room within `available` bytes for its result and for what the
  /// process takes besides; nil stands for as many as it wants.
  private func options(within available: Int?, resultByteCount: Int) -> ExecutionOptions {
    var options = options
    options.memoryLimit = available.map { $0 - resultByteCount - Resources.headroom }
    return options
  }

  /// Calls `body` and turns the engine's errors into those of this type.
  func wrapping<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try CodecError.wrapping(body)
    } catch let error as MemoryPlan.LimitTooLow {
      let allowed = resources.maximumMemory ?? ProcessMemory.availableByteCount ?? error.limit
      throw CodecError.memoryLimit(
        needed: allowed - error.limit + error.byteCount + Resources.variation, allowed: allowed)
    }
  }

  /// The picture that `latent` is of; where it does not say, one that fills it.
  func picture(of latent: Latent) -> PictureInfo {
    let factor = latentSpace.spatialFactor
    return latent.picture
      ?? PictureInfo(width: latent.width * factor, height: latent.height * factor)
  }

  /// The latent with the extents that the network reads.
  ///
  /// - Throws: `CodecError` and `LatentError` if it is none that the model decodes, or of a picture that
  ///   is too large.
  func readable(
    _ latent: Latent, ignoringSpace: Bool, maximumPixelCount: Int
  ) throws -> Latent {
    if let space = latent.space,
      !ignoringSpace
        || space.spatialFactor != latentSpace.spatialFactor
          && space.channels == latentSpace.channels
    {
      try checkReadable(space, latent.spaceEvidence)
    }
    let latent = try latent.unpacked(for: latentSpace)
    guard latent.channels == latentSpace.channels else {
      throw CodecError.channelMismatch(
        extents: [latent.channels, latent.height, latent.width], model: latentSpace)
    }
    try latent.checkPicture(factor: latentSpace.spatialFactor)
    let picture = picture(of: latent)
    guard let pixels = Int(product: [picture.width, picture.height]), pixels <= maximumPixelCount
    else {
      throw LatentError.tooManyPixels(
        width: picture.width, height: picture.height, maximum: maximumPixelCount)
    }
    return latent
  }

  /// Checks that the model decodes latents of `space`.
  ///
  /// - Parameter evidence: what shows the space; nil where the latent's file states it.
  /// - Throws: `CodecError.spaceMismatch`.
  func checkReadable(_ space: LatentSpace, _ evidence: SpaceEvidence?) throws {
    guard space.isReadable(by: latentSpace) || isAlternative(space) else {
      throw CodecError.spaceMismatch(latent: space, evidence: evidence, model: latentSpace)
    }
  }

  /// Whether the space of `latent`, which its file does not show, was taken for the model's though there
  /// are others with as many channels.
  public func assumesSpace(of latent: Latent) -> Bool {
    latent.space == nil
      && LatentFamily.allCases.contains { family in
        family.channels == latentSpace.channels && family.rawValue != latentSpace.family
      }
  }

  /// Whether `space` is one of a family that the model may serve as well as the assumed one: raw
  /// latents of all of them are decoded alike.
  private func isAlternative(_ space: LatentSpace) -> Bool {
    space.spatialFactor == latentSpace.spatialFactor
      && alternativeFamilies.contains { $0.rawValue == space.family }
  }
}

extension PictureInfo {
  /// What is kept of `image`; the matte only if there is something transparent.
  fileprivate init(_ image: Image, matte: Matte) {
    self.init(
      width: image.width, height: image.height, bitDepth: image.color.bitDepth,
      appliedOrientation: image.appliedOrientation, matte: image.alpha == nil ? nil : matte,
      alpha: image.alpha, profile: image.profile)
  }
}
