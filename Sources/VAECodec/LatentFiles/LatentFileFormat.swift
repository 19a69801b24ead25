/// The file formats that latents are read from and written to.
public enum LatentFileFormat: String, Sendable, CaseIterable {
  /// latent.bin, which keeps everything.
  case bin
  /// A NumPy array, f32 `[1, channels, height, width]`.
  case npy
  /// A training cache of kohya's sd-scripts, of any generation.
  case npz
  /// What ComfyUI's SaveLatent writes.
  case comfyUI = "latent"
  /// A safetensors file with one tensor and, as metadata, what is known of it.
  case safetensors
  /// A training cache of musubi-tuner.
  case musubi
  /// Little-endian f32 `[channels, height, width]` without a header, as OnnxStream has it.
  case raw

  /// The units of the values that are written to a format.
  public enum Units: Sendable, Equatable {
    /// The file states them.
    case stated
    /// Its readers take all values to have these.
    case fixed(Latent.Convention)
    /// Its readers take values to be raw, but scaled and packed in spaces that pack squares.
    case rawUnlessPacked
    /// Unless said otherwise they are these, and the file does not tell.
    case customary(Latent.Convention)
    /// They differ among the programs that read the format.
    case unsettled
  }

  /// The format that a file's name asks for, or nil if its extension is not one of theirs. Raw floats
  /// and musubi-tuner's caches are never meant by a name alone.
  public init?(fileName: String) {
    guard let name = FileName(fileName).fileExtension, let format = Self(rawValue: name),
      format != .raw, format != .musubi
    else { return nil }
    self = format
  }

  /// The extension of the format's files, without the dot.
  public var fileExtension: String { self == .musubi ? Self.safetensors.rawValue : rawValue }

  /// What messages call a file of the format.
  public var name: String { coding.traits.name }

  /// The units of the values that are written.
  public var units: Units { coding.traits.units }

  /// Whether mean and log-variance have a place in the format.
  public var holdsMoments: Bool { coding.traits.holdsMoments }

  /// What a file of the format keeps beside the values.
  var keeps: Set<LatentPart> { coding.traits.keeps }

  /// What reads and writes the format.
  private var coding: any LatentFileCoding.Type {
    switch self {
    case .bin: BinFile.self
    case .npy: NumpyFile.self
    case .npz: KohyaFile.self
    case .comfyUI: ComfyUIFile.self
    case .safetensors: TensorFile.self
    case .musubi: MusubiFile.self
    case .raw: RawFile.self
    }
  }

  /// The format of a file by its content; nil if it is of none. Raw floats look like nothing.
  ///
  /// - Parameter bytes: the file, or 64 bytes of its beginning at least: the formats that are
  ///   safetensors files are told apart only by the whole.
  static func recognised(_ bytes: [UInt8]) -> (any RecognizableLatentFile.Type)? {
    let told: [any RecognizableLatentFile.Type] = [
      BinFile.self, NumpyFile.self, KohyaFile.self, TensorFile.self,
    ]
    return told.first { $0.recognises(bytes) }
  }

  /// The bytes of a file of `latent`.
  ///
  /// - Throws: `ContainerError`.
  func bytes(of latent: Latent, _ options: LatentFileOptions) throws -> [UInt8] {
    try coding.bytes(of: latent, options)
  }
}

extension Latent {
  /// The bytes of a file of the latent.
  ///
  /// - Parameters:
  ///   - format: its format.
  ///   - options: what else the writer must be told.
  /// - Throws: `ContainerError` for values that are not finite, for moments where they have no place,
  ///   and for what the format needs and nobody has said; `CodecError.unknownScaling` if the units must
  ///   be changed and the scaling is not known.
  public func encoded(
    as format: LatentFileFormat, _ options: LatentFileOptions = LatentFileOptions()
  ) throws -> [UInt8] {
    guard logVariance == nil || format.holdsMoments else {
      throw ContainerError.cannotHoldMoments(format: format.name)
    }
    let converted = try converted(to: units(in: format, options.convention))
    // A large value may become infinite in the other units.
    if let index = converted.firstNonFiniteIndex {
      throw ContainerError.nonFinite(index: index)
    }
    return try format.bytes(of: converted, options)
  }

  /// The units that a file of `format` is to have where the user asked for `asked`.
  private func units(
    in format: LatentFileFormat, _ asked: Convention?
  ) throws -> Convention {
    let only: Convention
    switch format.units {
    case .stated: return asked ?? convention
    case .customary(let usual): return asked ?? usual
    case .unsettled:
      guard let asked else { throw ContainerError.unsettledUnits(format: format.name) }
      return asked
    case .fixed(let convention): only = convention
    case .rawUnlessPacked: only = patchSize > 1 ? .scaled : .raw
    }
    guard asked ?? only == only else {
      throw ContainerError.cannotHold("\(asked?.name ?? "such") values", format: format.name)
    }
    return only
  }

  /// Whether a file of `format` names the size of a picture and this latent does not know it, so that
  /// the size that the latent covers is written.
  public func assumesSize(as format: LatentFileFormat) -> Bool {
    [.npz, .musubi].contains(format) && picture == nil && cache?.originalSize == nil
  }

  /// What the latent holds and a file of `format` does not, in words; for a note.
  public func losses(as format: LatentFileFormat) -> [String] {
    LatentPart.allCases.filter { holds($0) && !format.keeps.contains($0) }.map(\.rawValue)
  }

  private func holds(_ part: LatentPart) -> Bool {
    switch part {
    case .size: picture.map { !fills($0) } ?? false
    case .alpha: picture?.alpha != nil
    // A white one goes without saying.
    case .matte: picture?.matte.map { $0 != .white } ?? false
    case .profile: picture?.profile != nil
    case .flipped: cache?.flipped != nil
    case .mask: cache?.alphaMask != nil && picture?.alpha == nil
    }
  }

  /// Whether the picture covers the whole latent, so that its size goes without saying.
  private func fills(_ picture: PictureInfo) -> Bool {
    let factor = picture.width / width
    return picture.width == width * factor && picture.height == height * factor
  }
}
