/// A file format that latents are read from and written to.
public struct LatentFileFormat: Sendable, Hashable {
  /// What reads and writes the format.
  let coding: any LatentFileCoding.Type

  /// The format of `coding`.
  init(_ coding: any LatentFileCoding.Type) { self.coding = coding }

  /// latent.bin, which keeps everything.
  public static let bin = Self(BinFile.self)
  /// A NumPy array, f32 `[1, channels, height, width]`.
  public static let npy = Self(NumpyFile.self)
  /// A training cache of kohya's sd-scripts, of any generation.
  public static let npz = Self(KohyaFile.self)
  /// What ComfyUI's SaveLatent writes.
  public static let comfyUI = Self(ComfyUIFile.self)
  /// A safetensors file with one tensor and, as metadata, what is known of it.
  public static let safetensors = Self(TensorFile.self)
  /// A training cache of musubi-tuner.
  public static let musubi = Self(MusubiFile.self)
  /// A tensor that `torch.save` wrote, or a dictionary with one, which is read only.
  public static let pyTorch = Self(PyTorchLatentFile.self)
  /// Little-endian f32 `[channels, height, width]` without a header, as OnnxStream has it.
  public static let raw = Self(RawFile.self)

  /// All formats, in the order in which help names them and a file is held against them.
  public static let all = [bin, npy, npz, comfyUI, safetensors, musubi, pyTorch, raw]

  /// What decides the units of the values that are written to a format.
  public enum UnitsRule: Sendable, Equatable {
    /// The file states them.
    case stated
    /// Its readers take all values to have these.
    case fixed(Latent.Units)
    /// Its readers take values to be raw, but scaled and packed in spaces that pack squares.
    case rawUnlessPacked
    /// Unless said otherwise they are these, and the file does not state them.
    case customary(Latent.Units)
    /// They differ among the programs that read the format.
    case unsettled
  }

  /// The format that `--format` calls `identifier`, or nil.
  public init?(identifier: String, among formats: [LatentFileFormat] = Self.all) {
    guard let format = formats.first(where: { $0.identifier == identifier }) else { return nil }
    self = format
  }

  /// The format that a file's name asks for, or nil if its extension is not one of theirs. Raw floats
  /// and musubi-tuner's caches are never meant by a name alone.
  public init?(fileName: String, among formats: [LatentFileFormat] = Self.all) {
    let name = FileName(fileName).fileExtension
    guard let format = formats.first(where: { $0.isMeantByExtension && $0.fileExtension == name })
    else { return nil }
    self = format
  }

  public static func == (one: Self, other: Self) -> Bool { one.identifier == other.identifier }

  public func hash(into hasher: inout Hasher) { hasher.combine(identifier) }
}

/// What is true of a format.
extension LatentFileFormat {
  /// What `--format` calls it, such as "npy".
  public var identifier: String { coding.traits.identifier }

  /// What messages call a file of the format, such as "latent.bin".
  public var name: String { coding.traits.name }

  /// The extension of the format's files, without the dot.
  public var fileExtension: String { coding.traits.fileExtension }

  /// Whether a file name with that extension asks for the format.
  public var isMeantByExtension: Bool { coding.traits.isMeantByExtension }

  /// What decides the units of the values that are written.
  public var units: UnitsRule { coding.traits.units }

  /// Whether files of the format are written, and not read only.
  public var isWritten: Bool { coding.traits.isWritten }

  /// Whether mean and log-variance have a place in the format.
  public var holdsMoments: Bool { coding.traits.holdsMoments }

  /// Whether files of the format say what the values are of the encoder's distribution.
  public var namesPosterior: Bool { coding.traits.namesPosterior }

  /// Whether a `Quality` says how exactly the format keeps the values; else it holds 32-bit floats.
  public var hasQuality: Bool { coding.traits.hasQuality }

  /// Whether files of the format name an architecture, which `LatentFileOptions` must say.
  public var namesArchitecture: Bool { coding.traits.namesArchitecture }

  /// Whether a file shows by its content that it is of the format; else its shape must be given.
  public var isRecognizable: Bool {
    coding is any RecognizableLatentFile.Type || coding is any SafetensorsDialect.Type
  }

  /// Whether the format keeps more of a picture than its size: depth, orientation, matte and profile.
  public var describesPicture: Bool { coding.traits.keeps.contains(.profile) }
}
