import VAE

/// Pictures that a model learns from, and others that show how well it has learnt.
public struct TrainingPictures: Sendable {
  /// A picture, opaque and of 8 bits.
  struct Picture: Sendable {
    let path: String
    let width: Int
    let height: Int
    /// `[height, width, 3]`.
    let samples: [UInt8]

    /// A piece, `[height, width, 3]`, or its mirror image.
    ///
    /// - Precondition: it lies in the picture.
    func piece(x: Int, y: Int, width: Int, height: Int, isFlipped: Bool) -> [UInt8] {
      var piece: [UInt8] = []
      piece.reserveCapacity(3 * width * height)
      for row in y..<y + height {
        let start = 3 * (row * self.width + x)
        guard isFlipped else {
          piece += samples[start..<start + 3 * width]
          continue
        }
        for column in (0..<width).reversed() {
          piece += samples[start + 3 * column..<start + 3 * column + 3]
        }
      }
      return piece
    }

    /// The square piece in the middle.
    func middle(side: Int) -> [UInt8] {
      piece(
        x: (width - side) / 2, y: (height - side) / 2, width: side, height: side, isFlipped: false)
    }
  }

  /// Those to learn from, at least one.
  let training: [Picture]
  /// The others, at least one.
  let validation: [Picture]

  /// Reads pictures, all of which stay in memory, three bytes a pixel.
  ///
  /// - Parameters:
  ///   - inputs: files and folders of pictures; folders in them are passed over.
  ///   - validation: which of them show how well the model has learnt.
  ///   - side: pixels that a side of each must have at least.
  ///   - seed: by which a share is chosen.
  ///   - matte: stands behind transparent parts.
  ///   - maximumPixelCount: larger pictures are refused.
  ///   - resources: threads.
  /// - Throws: `FileError`, `InputError` and `TrainingError`.
  public init(
    at inputs: [String], validation: Validation = .share(0.1), side: Int, seed: UInt64 = 0,
    matte: Matte = .white, maximumPixelCount: Int = Image.defaultMaximumPixelCount,
    resources: Resources = Resources()
  ) throws {
    func pictures(_ paths: [String]) throws -> [Picture] {
      try Parallel(threads: resources.resolvedThreads).map(paths.count) { index in
        let path = paths[index]
        let image = try Image(contentsOf: path, maximumPixelCount: maximumPixelCount)
          .flattened(over: matte)
        guard min(image.width, image.height) >= side else {
          throw InputError(
            path: path,
            reason: TrainingError.tooSmall(width: image.width, height: image.height, side: side))
        }
        return Picture(
          path: path, width: image.width, height: image.height, samples: image.color.eightBitValues)
      }
    }
    let paths = try Self.paths(at: inputs)
    switch validation {
    case .pictures(let others):
      self.training = try pictures(paths)
      self.validation = try pictures(Self.paths(at: others))
    case .share(let share):
      guard paths.count > 1 else {
        // What is wrong with the only one is said first.
        _ = try pictures(paths)
        throw TrainingError.tooFewPictures
      }
      var generator = SeededGenerator(seed: seed)
      let order = paths.indices.shuffled(using: &generator)
      let wanted = Int((share * Double(paths.count)).rounded())
      let count = min(max(1, wanted), paths.count - 1, Self.largestShare)
      let chosen = Set(order.prefix(count))
      self.training = try pictures(paths.indices.filter { !chosen.contains($0) }.map { paths[$0] })
      self.validation = try pictures(chosen.sorted().map { paths[$0] })
    }
  }

  /// Pictures that a model does not learn from.
  public enum Validation: Sendable, Equatable {
    /// A share of the pictures, in 0...1, at least one of them and at most 100, chosen by the seed.
    case share(Double)
    /// Those in other files and folders.
    case pictures([String])
  }

  /// A hundred pictures say enough, and each validation decodes all.
  private static let largestShare = 100

  /// Pictures to learn from.
  public var trainingCount: Int { training.count }
  /// Pictures that show how well the model has learnt.
  public var validationCount: Int { validation.count }

  private static func paths(at inputs: [String]) throws -> [String] {
    try inputs.flatMap { input in
      guard InputFile.isFolder(input) else { return [input] }
      let folder = try PictureFolder(input)
      return folder.names.map(folder.path)
    }
  }

  /// A number by which other pictures, or the same in another order, are told apart: a hash of how many of them are
  /// learnt from, and of all sizes and samples.
  var fingerprint: UInt64 {
    var hash = FNV1a()
    hash.add(UInt64(training.count))
    for picture in training + validation {
      hash.add(UInt64(picture.width))
      hash.add(UInt64(picture.height))
      hash.add(picture.samples)
    }
    return hash.value
  }
}
