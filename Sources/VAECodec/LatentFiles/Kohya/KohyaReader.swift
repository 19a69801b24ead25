import VAE

/// Reads one latent of a kohya cache with what belongs to it.
struct KohyaReader {
  /// The header of an array in an archive, read without unpacking the rest of it.
  struct Header {
    let shape: [Int]
    /// The type as the file spells it.
    let elementType: String
    private let section: String

    /// The header of `name`.npy, a member of `archive` whose size is what the header asks for.
    ///
    /// - Throws: `ContainerError.malformed`.
    init(_ name: String, in archive: ZipArchive) throws {
      section = ZipArchive.section(of: "\(name).npy")
      guard let member = archive.member("\(name).npy") else {
        throw ContainerError.missingSection(section)
      }
      let beginning = try archive.beginning(
        of: member, byteCount: NumpyHeader.maximumDataOffset)
      let header: NumpyHeader
      do {
        header = try NumpyHeader(beginning, section: section)
      } catch let error as ByteReader.EndOfData {
        throw ContainerError.malformed(
          section: section, offset: error.offset, reason: "it ends within its header")
      }
      shape = header.shape
      elementType = header.elementName
      guard header.dataByteCount == member.byteCount - header.dataOffset else {
        throw malformed(
          "\(member.byteCount - header.dataOffset) bytes of values do not fit the shape "
            + "\(shape.prefix(8))")
      }
    }

    /// An error that names the member.
    func malformed(_ reason: String) -> ContainerError {
      .malformed(section: section, offset: 0, reason: reason)
    }
  }

  let archive: ZipArchive
  /// The arrays of several latents, unpacked, by their names.
  let batches: [String: StoredArray]
  /// What stands after the names of the latent's members.
  let suffix: String
  let entry: LatentFile.Entry

  /// The latent, its values taken to be in `units`.
  ///
  /// - Throws: `ContainerError` and `ArchiveError`.
  func latent(_ units: Latent.Units) throws -> Latent {
    let extents = entry.extents
    let stored = try batches[entry.name] ?? Self.array(entry.name, in: archive)
    try stored.checkElement()
    let values = try entry.values(of: stored)
    let originalSize = try sizes("original_size")
    let crop = try numbers("crop_ltrb", 4) ?? numbers("crop_left_top", 2)
    let mask = try alphaMask(extents)
    var latent = try entry.latent(values, flipped: flipped(stored), units: units)
    latent.picture = picture(originalSize, crop, mask)
    latent.cache = TrainingCache(originalSize: originalSize, crop: crop, alphaMask: mask)
    return latent
  }

  /// The picture, if the file says that it was padded and not resized: then it begins at the corner
  /// and has its original size. Where it was resized and there is a mask, what the latent covers.
  private func picture(_ size: [Int]?, _ crop: [Double]?, _ mask: [Float]?) -> PictureInfo? {
    let factor = KohyaFile.spatialFactor
    let latent = [entry.extents[2], entry.extents[1]]
    let covered = latent.map { $0 * factor }
    let padded = size.flatMap { size in
      let fills = size.map { $0.dividedRoundingUp(by: factor) } == latent
      return fills && crop == [0, 0, Double(size[0]), Double(size[1])] ? size : nil
    }
    guard let size = padded ?? mask.map({ _ in covered }) else { return nil }
    let alpha = mask.map { mask in
      Self.alpha((0..<size[1]).flatMap { mask[$0 * covered[0]..<$0 * covered[0] + size[0]] })
    }
    return PictureInfo(
      width: size[0], height: size[1], bitDepth: alpha?.bitDepth ?? 8, alpha: alpha)
  }

  /// The opacities of pixels, 0...1, as samples: of 8 bits if those are exact.
  private static func alpha(_ mask: [Float]) -> Image.Samples {
    let bytes = mask.map { UInt8(($0 * 255).rounded()) }
    if zip(bytes, mask).allSatisfy({ Float($0) / 255 == $1 }) { return .bits8(bytes) }
    return .bits16(mask.map { UInt16(($0 * 65535).rounded()) })
  }

  /// The array `name`, of which the header must ask for `count` numbers before it is unpacked.
  private func array(_ name: String, count: Int) throws -> StoredArray {
    let header = try KohyaReader.Header(name, in: archive)
    guard header.shape.count <= 5, Int(product: header.shape) == count else {
      throw header.malformed(
        "an array of shape \(header.shape.prefix(8)), expected \(count) numbers")
    }
    return try Self.array(name, in: archive)
  }

  /// The array `name`, unpacked.
  ///
  /// - Throws: `ContainerError` and `ArchiveError`.
  static func array(_ name: String, in archive: ZipArchive) throws -> StoredArray {
    guard let member = archive.member("\(name).npy") else {
      throw ContainerError.missingSection(ZipArchive.section(of: "\(name).npy"))
    }
    return try NumpyFile.array(
      in: archive.contents(of: member), section: ZipArchive.section(of: member.name))
  }

  /// The array `name` with the latent's suffix; nil if there is none.
  private func sidecar(_ name: String, count: Int) throws -> StoredArray? {
    guard archive.member("\(name)\(suffix).npy") != nil else { return nil }
    return try array(name + suffix, count: count)
  }

  private func numbers(_ name: String, _ count: Int) throws -> [Double]? {
    try sidecar(name, count: count)?.numbers(count)
  }

  /// The largest side of a picture that is believed, in pixels.
  private static let maximumSide = Double(Int32.max)

  private func sizes(_ name: String) throws -> [Int]? {
    guard let array = try sidecar(name, count: 2) else { return nil }
    let numbers = try array.numbers(2)
    guard numbers.allSatisfy({ $0 >= 1 && $0 <= Self.maximumSide && $0 == $0.rounded() }) else {
      throw array.malformed("\(numbers) are no width and height")
    }
    return numbers.map { Int($0) }
  }

  /// The latent of the mirrored picture, from an array like `stored`, that of the latent.
  private func flipped(_ stored: StoredArray) throws -> [Float]? {
    let name = LatentArrayName.flipped(entry.name, suffix: suffix)
      .first { archive.member("\($0).npy") != nil }
    guard let name else { return nil }
    let array = try array(name, count: stored.count)
    guard array.shape.suffix(3) == stored.shape.suffix(3) else {
      throw array.malformed("the flipped latent is \(array.shape), the latent \(stored.shape)")
    }
    try array.checkElement()
    return try entry.values(of: array)
  }

  private func alphaMask(_ extents: [Int]) throws -> [Float]? {
    let factor = KohyaFile.spatialFactor
    let shape = [extents[1] * factor, extents[2] * factor]
    guard let array = try sidecar("alpha_mask", count: shape[0] * shape[1]) else { return nil }
    guard array.shape == shape else {
      throw array.malformed("a mask of \(array.shape), expected \(shape)")
    }
    let mask = try array.floats()
    guard mask.allSatisfy({ (0...1).contains($0) }) else {
      throw array.malformed("the mask has values beyond 0...1")
    }
    return mask
  }
}
