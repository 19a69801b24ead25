import VAE

extension Latent {
  /// The bytes of a latent.bin.
  ///
  /// - Throws: `ContainerError.unknownSpace` if the latent does not know its space, `.nonFinite`,
  ///   `.outOfRange` if a value does not fit a 16-bit float where the level is 100, and `.cannotHold`
  ///   for a space that no reader would take.
  /// - Precondition: a level is one of `Quality.levels`.
  public func serialized(quality: Quality = .standard) throws -> [UInt8] {
    if let index = firstNonFiniteIndex { throw ContainerError.nonFinite(index: index) }
    guard let space else { throw ContainerError.unknownSpace }
    try check(space)
    var writer = ByteWriter()
    writer.write(LatentFormat.magic)
    writer.write(UInt16(LatentFormat.version))
    writer.write(UInt16(0))
    writer.write(.space, spaceSection(space))
    writer.write(.picture, pictureSection(space))
    writer.write(.values, try valuesSection(quality))
    if let alpha = picture?.alpha { writer.write(.alpha, Self.alphaSection(alpha)) }
    if let profile = picture?.profile { writer.write(.profile, Self.profileSection(profile)) }
    writer.write(.end, [])
    return writer.bytes
  }

  /// Checks what a reader does.
  private func check(_ space: LatentSpace) throws {
    guard channels <= LatentFormat.maximumChannels else {
      throw ContainerError.tooManyChannels(channels)
    }
    let isKnown =
      space.channels == channels && space.family.utf8.count <= 255
      && LatentFormat.spatialFactors.contains(space.spatialFactor)
      && (space.scaling?.isUsable(channels: channels) ?? true)
    guard isKnown, [width, height].allSatisfy({ $0 <= Int(UInt32.max) / space.spatialFactor })
    else {
      throw ContainerError.cannotHold("the space \(space)", format: LatentFileFormat.bin.name)
    }
  }

  private func spaceSection(_ space: LatentSpace) -> [UInt8] {
    var writer = ByteWriter()
    let family = space.family.utf8
    writer.write(UInt8(family.count))
    writer.write(family)
    writer.write(UInt32(space.channels))
    writer.write(UInt32(space.spatialFactor))
    writer.write(LatentFormat.UnitsCode(units).rawValue)
    let kind: LatentFormat.ScalingKind =
      space.scaling.map {
        $0.patchSize > 1
          ? .patchStatistics : $0.mean.isEmpty ? .factorAndShift : .channelStatistics
      } ?? .unknown
    writer.write(kind.rawValue)
    if let scaling = space.scaling {
      writer.write(scaling.factor)
      writer.write(scaling.shift)
      for value in scaling.mean + scaling.standardDeviation { writer.write(value) }
    }
    writer.write(encoderFingerprint ?? 0)
    return writer.bytes
  }

  private func pictureSection(_ space: LatentSpace) -> [UInt8] {
    var writer = ByteWriter()
    writer.write(UInt32(picture?.width ?? width * space.spatialFactor))
    writer.write(UInt32(picture?.height ?? height * space.spatialFactor))
    writer.write(UInt32(width))
    writer.write(UInt32(height))
    writer.write(UInt8(picture?.bitDepth ?? 8))
    writer.write(UInt8(picture?.appliedOrientation ?? 1))
    let matte = picture?.matte
    writer.write(UInt8(matte == nil ? 0 : 1))
    writer.write([matte?.red ?? 0, matte?.green ?? 0, matte?.blue ?? 0])
    return writer.bytes
  }

  private func valuesSection(_ quality: Quality) throws -> [UInt8] {
    var writer = ByteWriter()
    writer.write(LatentFormat.PosteriorCode(posterior?.kind).rawValue)
    if let refinement = posterior?.refinement {
      writer.write(UInt16(refinement.steps))
      writer.write(LatentFormat.LossCode(refinement.loss).rawValue)
      writer.write(UInt8(0))
      writer.write(refinement.anchor)
    } else {
      writer.write(posterior?.seed ?? 0)
    }
    let (payload, bytes) = try codedPlanes(quality)
    writer.write(payload.rawValue)
    writer.write(bytes)
    return writer.bytes
  }

  /// The values, and the log-variances after them, coded as `quality` asks for.
  private func codedPlanes(
    _ quality: Quality
  ) throws -> (LatentFormat.PayloadKind, bytes: [UInt8]) {
    let planes = values + (logVariance ?? [])
    let extents = PlaneExtents(
      planes: planes.count / (height * width), height: height, width: width)
    switch quality {
    case .lossless: return (.codedFloat32, CodedPlanes.exact(planes, extents, SingleBits.self))
    case 100:
      let halves = try halves(of: planes)
      return (.codedFloat16, CodedPlanes.exact(halves, extents, HalfBits.self))
    case .level(let level):
      let steps = QuantizationSteps.steps(for: self, level: level)
      return (.quantized, CodedPlanes.quantized(planes, extents, steps: steps))
    }
  }

  private static func alphaSection(_ alpha: Image.Samples) -> [UInt8] {
    var plane = ByteWriter()
    switch alpha {
    case .bits8(let samples): plane.write(samples)
    case .bits16(let samples): for sample in samples { plane.write(sample) }
    }
    return [UInt8(alpha.bitDepth)] + Deflate.compressed(plane.bytes)
  }

  private static func profileSection(_ profile: ColorProfile) -> [UInt8] {
    var writer = ByteWriter()
    writer.write(profile.colorSpace.rawValue)
    writer.write(UInt32(profile.bytes.count))
    writer.write(Deflate.compressed(profile.bytes))
    return writer.bytes
  }
}

extension ByteWriter {
  /// Appends a section: name, length, bytes and the checksum of all three.
  fileprivate mutating func write(_ section: LatentFormat.Section, _ payload: [UInt8]) {
    var head = ByteWriter()
    head.write(section.rawValue.utf8)
    head.write(UInt64(payload.count))
    write(head.bytes)
    write(payload)
    write(Deflate.checksum(head.bytes, payload))
  }
}
