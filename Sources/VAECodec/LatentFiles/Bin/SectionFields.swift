import VAE

/// Reads the fields of one section of a latent.bin, in the order of FORMAT.md; each function reads those
/// of a section and throws `ContainerError.malformed` or `ByteReader.EndOfData`.
struct SectionFields {
  private let section: SectionReader.Section
  private var reader: ByteReader

  /// The fields of `section`, from its beginning.
  init(_ section: SectionReader.Section) {
    self.section = section
    reader = ByteReader(section.payload, byteOrder: .littleEndian)
  }

  /// What `parse` makes of the section, all of which it must read.
  ///
  /// - Throws: `ContainerError`.
  mutating func parseWhole<Result>(
    _ parse: (inout SectionFields) throws -> Result
  ) throws -> Result {
    do {
      let result = try parse(&self)
      guard reader.remaining == 0 else { throw malformed("\(reader.remaining) bytes too many") }
      return result
    } catch let error as ByteReader.EndOfData {
      throw ContainerError.truncated(
        offset: section.offset + error.offset, needed: error.needed, available: error.available)
    }
  }

  private func malformed(_ reason: String) -> ContainerError {
    .malformed(section: section.name, offset: section.offset + reader.offset, reason: reason)
  }

  /// A number of one of a few kinds.
  private mutating func kind<Kind: RawRepresentable<UInt8>>(_ what: String) throws -> Kind {
    let number = try reader.read(UInt8.self)
    guard let kind = Kind(rawValue: number) else {
      throw malformed("\(what) \(number) is not known")
    }
    return kind
  }

  private mutating func float() throws -> Float {
    Float(bitPattern: try reader.read(UInt32.self))
  }

  /// SPAC: the space, the units and the encoder's fingerprint.
  mutating func space() throws -> (LatentSpace, Latent.Units, UInt64) {
    let name = try reader.readBytes(Int(try reader.read(UInt8.self)))
    guard let family = String(validating: name, as: UTF8.self) else {
      throw malformed("the family's name is not UTF-8")
    }
    let channels = Int(try reader.read(UInt32.self))
    let factor = Int(try reader.read(UInt32.self))
    guard (1...LatentFormat.maximumChannels).contains(channels),
      LatentFormat.spatialFactors.contains(factor)
    else {
      throw malformed("\(channels) channels and a factor of \(factor) are impossible")
    }
    let units: LatentFormat.UnitsCode = try kind("convention")
    let scalingKind: LatentFormat.ScalingKind = try kind("scaling")
    let scaling = try scaling(scalingKind, channels: channels)
    let space = LatentSpace(
      family: family.escapedForTerminal, channels: channels, spatialFactor: factor,
      scaling: scaling)
    return (space, units.units, try reader.read(UInt64.self))
  }

  private mutating func scaling(
    _ kind: LatentFormat.ScalingKind, channels: Int
  ) throws -> LatentScaling? {
    guard kind != .unknown else { return nil }
    let (factor, shift) = (try float(), try float())
    let patchSize = kind == .patchStatistics ? 2 : 1
    let count = kind == .factorAndShift ? 0 : channels * patchSize * patchSize
    // Checked before the lists are made: the section must hold what is claimed.
    guard count <= reader.remaining / 8 else { throw malformed("\(count) channels do not fit") }
    let mean = try (0..<count).map { _ in try float() }
    let deviation = try (0..<count).map { _ in try float() }
    let scaling = LatentScaling(
      factor: factor, shift: shift, mean: mean, standardDeviation: deviation,
      patchSize: patchSize)
    guard scaling.isUsable(channels: channels) else { throw malformed("the scaling is not usable") }
    return scaling
  }

  /// PICT: the picture, and the latent's extents, which are those of such a picture.
  mutating func picture(_ space: LatentSpace) throws -> (PictureInfo, width: Int, height: Int) {
    let sizes = try (0..<4).map { _ in Int(try reader.read(UInt32.self)) }
    for (pixels, latents) in [(sizes[0], sizes[2]), (sizes[1], sizes[3])] {
      guard pixels > 0, pixels.dividedRoundingUp(by: space.spatialFactor) == latents else {
        throw malformed(
          "a picture of \(sizes[0])x\(sizes[1]) has no latent of \(sizes[2])x\(sizes[3])")
      }
    }
    // Bits of a 16-bit plane: what is counted from the size later does not overflow.
    guard let pixels = Int(product: sizes.prefix(2)), pixels <= Int.max / 16 else {
      throw malformed("a picture of \(sizes[0])x\(sizes[1]) is too large")
    }
    let depth = Int(try reader.read(UInt8.self))
    guard depth == 8 || depth == 16 else { throw malformed("samples of \(depth) bits") }
    let orientation = Int(try reader.read(UInt8.self))
    guard (1...8).contains(orientation) else { throw malformed("orientation \(orientation)") }
    let hasMatte = try reader.read(UInt8.self)
    guard hasMatte < 2 else { throw malformed("matte flag \(hasMatte)") }
    let color = Array(try reader.readBytes(3))
    let matte = Matte(red: color[0], green: color[1], blue: color[2])
    let info = PictureInfo(
      width: sizes[0], height: sizes[1], bitDepth: depth, appliedOrientation: orientation,
      matte: hasMatte == 1 ? matte : nil)
    return (info, sizes[2], sizes[3])
  }

  private mutating func valuesHead() throws -> (Latent.Posterior?, LatentFormat.PayloadKind) {
    (try posterior(), try kind("payload"))
  }

  private mutating func posterior() throws -> Latent.Posterior? {
    let code: LatentFormat.PosteriorCode = try kind("posterior")
    guard code != .optimised else { return .optimised(try refinement()) }
    let seed = try reader.read(UInt64.self)
    switch code {
    case .mean: return .mean
    case .sample: return .sample(seed: seed)
    case .moments: return .moments
    case .unknown, .optimised: return nil
    }
  }

  private mutating func refinement() throws -> Latent.Refinement {
    let steps = Int(try reader.read(UInt16.self))
    let loss: LatentFormat.LossCode = try kind("loss")
    let isReserved = try reader.read(UInt8.self) != 0
    let anchor = try float()
    guard !isReserved,
      let refinement = Latent.Refinement(steps: steps, loss: loss.loss, anchor: anchor)
    else { throw malformed("a refinement of \(steps) steps with an anchor of \(anchor)") }
    return refinement
  }

  /// DATA, its beginning: how exactly it keeps the values of `latent`, which was read from it.
  mutating func quality(of latent: Latent) throws -> Quality {
    switch try valuesHead().1 {
    case .float32, .codedFloat32: .lossless
    case .float16, .codedFloat16: 100
    case .quantized: .level(QuantizationSteps.level(ofFirst: try float(), in: latent))
    }
  }

  /// DATA: what the values are, and the values and log-variances, finite.
  mutating func values(
    _ extents: PlaneExtents
  ) throws -> (Latent.Posterior?, values: [Float], logVariance: [Float]?) {
    let (posterior, payload) = try valuesHead()
    let count = extents.count
    let hasVariance = posterior == .moments
    let numbers = try numbers(
      PlaneExtents(
        planes: hasVariance ? 2 * extents.planes : extents.planes, height: extents.height,
        width: extents.width), payload)
    if let index = numbers.firstIndex(where: { !$0.isFinite }) {
      throw ContainerError.nonFinite(index: index)
    }
    return (
      posterior, Array(numbers.prefix(count)),
      hasVariance ? Array(numbers.suffix(count)) : nil
    )
  }

  private mutating func numbers(
    _ extents: PlaneExtents, _ payload: LatentFormat.PayloadKind
  ) throws -> [Float] {
    do {
      switch payload {
      case .float32:
        try checkByteCount(4 * extents.count)
        return try (0..<extents.count).map { _ in try float() }
      case .float16:
        try checkByteCount(2 * extents.count)
        return try (0..<extents.count).map { _ in
          Float(Float16(bitPattern: try reader.read(UInt16.self)))
        }
      case .quantized: return try CodedPlanes.readQuantized(extents, from: &reader)
      case .codedFloat16:
        return try CodedPlanes.readExact(extents, HalfBits.self, from: &reader)
      case .codedFloat32:
        return try CodedPlanes.readExact(extents, SingleBits.self, from: &reader)
      }
    } catch let damage as CodedPlanes.Damage {
      throw malformed(damage.reason)
    }
  }

  private func checkByteCount(_ byteCount: Int) throws {
    guard byteCount == reader.remaining else {
      throw malformed("\(reader.remaining) bytes of values, expected \(byteCount)")
    }
  }

  /// alph: an opacity for each pixel of `picture`.
  mutating func alpha(_ picture: PictureInfo) throws -> Image.Samples {
    let depth = Int(try reader.read(UInt8.self))
    guard depth == picture.bitDepth else {
      throw malformed("alpha of \(depth) bits for a picture of \(picture.bitDepth)")
    }
    let count = picture.width * picture.height
    let stream = Array(try reader.readBytes(reader.remaining))
    guard let plane = Deflate.decompressed(stream, byteCount: count * depth / 8) else {
      throw malformed("the alpha plane is damaged")
    }
    guard depth == 16 else { return .bits8(plane) }
    return .bits16((0..<count).map { UInt16(plane[2 * $0]) | UInt16(plane[2 * $0 + 1]) << 8 })
  }

  /// The largest profile that picture files are read with, in bytes.
  private static let maximumProfileByteCount = 16 << 20

  /// iccp: the colour profile.
  mutating func profile() throws -> ColorProfile {
    let colorSpace: ColorProfile.ColorSpace = try kind("colour space")
    let byteCount = Int(try reader.read(UInt32.self))
    guard byteCount <= Self.maximumProfileByteCount else {
      throw malformed(
        "an ICC profile of \(byteCount) bytes, expected \(Self.maximumProfileByteCount) at most")
    }
    let stream = Array(try reader.readBytes(reader.remaining))
    guard let bytes = Deflate.decompressed(stream, byteCount: byteCount) else {
      throw malformed("the ICC profile is damaged")
    }
    return ColorProfile(colorSpace: colorSpace, bytes: bytes)
  }
}
