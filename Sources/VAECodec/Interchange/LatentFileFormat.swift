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
    /// Unless said otherwise they are these, and the file does not tell.
    case customary(Latent.Convention)
    /// They differ among the programs that read the format.
    case unsettled
  }

  /// The format that a file's name asks for, or nil if its extension is not one of theirs. Raw floats
  /// and musubi-tuner's caches are never meant by a name alone.
  public init?(fileName: String) {
    guard let dot = fileName.lastIndex(of: "."),
      let format = Self(rawValue: fileName[fileName.index(after: dot)...].lowercased()),
      format != .raw, format != .musubi
    else { return nil }
    self = format
  }

  /// The extension of the format's files, without the dot.
  public var fileExtension: String { self == .musubi ? Self.safetensors.rawValue : rawValue }

  /// What messages call a file of the format.
  public var name: String {
    switch self {
    case .bin: "latent.bin"
    case .npy: ".npy"
    case .npz: "kohya's .npz"
    case .comfyUI: "ComfyUI's .latent"
    case .safetensors: ".safetensors"
    case .musubi: "musubi-tuner's .safetensors"
    case .raw: "a file of raw floats"
    }
  }

  /// The units that are written.
  public var units: Units {
    switch self {
    case .bin: .stated
    case .npy, .safetensors: .customary(.raw)
    case .npz, .comfyUI: .fixed(.raw)
    case .musubi: .unsettled
    case .raw: .customary(.scaled)
    }
  }

  /// Whether mean and log-variance have a place in the format.
  public var holdsMoments: Bool { self == .bin || self == .safetensors }

  /// Whether the format says which latent space its values live in.
  public var statesSpace: Bool { self == .bin }

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
  static func recognised(_ bytes: [UInt8]) -> (any LatentFileCoding.Type)? {
    allCases.map(\.coding).first { $0.recognises(bytes) }
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
    if let index = firstNonFiniteIndex { throw ContainerError.nonFinite(index: index) }
    guard logVariance == nil || format.holdsMoments else {
      throw ContainerError.cannotHoldMoments(format: format.name)
    }
    let target: Convention
    switch (format.units, options.convention) {
    case (.stated, let asked): target = asked ?? convention
    case (.customary(let usual), let asked): target = asked ?? usual
    case (.fixed(let only), let asked):
      guard asked ?? only == only else {
        throw ContainerError.cannotHold("\(asked?.name ?? "such") values", format: format.name)
      }
      target = only
    case (.unsettled, let asked):
      guard let asked else { throw ContainerError.unsettledUnits(format: format.name) }
      target = asked
    }
    return try format.bytes(of: converted(to: target), options)
  }

  /// What the latent holds and a file of `format` does not, in words; for a note.
  public func losses(as format: LatentFileFormat) -> [String] {
    var kept: Set<String> = []
    switch format {
    case .bin: kept = ["the picture's size", "the alpha plane", "the colour profile"]
    case .comfyUI, .safetensors: kept = ["the picture's size"]
    case .npz: kept = ["the picture's size", "the alpha plane", "the flipped latent", "the mask"]
    case .musubi: kept = ["the picture's size"]
    case .npy, .raw: break
    }
    let parts: [(String, Bool)] = [
      ("the picture's size", picture.map { !fills($0) } ?? false),
      ("the alpha plane", picture?.alpha != nil),
      ("the colour profile", picture?.profile != nil),
      ("the flipped latent", cache?.flipped != nil),
      ("the mask", cache?.alphaMask != nil),
    ]
    return parts.filter { $0.1 && !kept.contains($0.0) }.map(\.0)
  }

  private func fills(_ picture: PictureInfo) -> Bool {
    space.map {
      picture.width == width * $0.spatialFactor && picture.height == height * $0.spatialFactor
    } ?? false
  }
}
