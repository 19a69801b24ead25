import VAE

/// What chance decides in a training. Every number follows from the seed and from where it is used, so that a
/// training that was interrupted goes on as it would have.
struct TrainingDraws {
  /// A piece of a picture.
  struct Piece {
    /// Among those to learn from.
    let picture: Int
    let x: Int
    let y: Int
    let isFlipped: Bool
    /// Makes the noise of the example.
    var generator: TorchGenerator
  }

  /// What numbers are drawn for.
  private enum Purpose: Int {
    case weights, order, piece, validation
  }

  private let settings: TrainingSettings
  private let sizes: [(width: Int, height: Int)]
  /// Pieces begin at multiples of this.
  private let grid: Int
  /// The order of the pictures in an epoch.
  private var order: (epoch: Int, pictures: [Int])?

  /// - Parameter grid: pieces begin at multiples of this.
  init(_ settings: TrainingSettings, _ pictures: [TrainingPictures.Picture], grid: Int) {
    self.settings = settings
    sizes = pictures.map { ($0.width, $0.height) }
    self.grid = grid
  }

  /// Makes the weights of a new model.
  static func weights(_ seed: UInt64) -> SeededGenerator {
    SeededGenerator(seed: seed, purpose: Purpose.weights.rawValue)
  }

  /// Makes the noise of a picture that shows how well a model has learnt, the same each time.
  static func validation(_ seed: UInt64, _ picture: Int) -> TorchGenerator {
    var generator = SeededGenerator(seed: seed, purpose: Purpose.validation.rawValue, picture)
    return TorchGenerator(seed: generator.next())
  }

  /// The pieces of a step: every picture once before any comes twice.
  mutating func pieces(step: Int) -> [Piece] {
    (0..<settings.batch).map { index in
      let number = step * settings.batch + index
      let (epoch, place) = number.quotientAndRemainder(dividingBy: sizes.count)
      let picture = self.picture(place, epoch)
      var generator = SeededGenerator(seed: settings.seed, purpose: Purpose.piece.rawValue, number)
      func start(_ extent: Int) -> Int {
        grid * Int.random(in: 0...(extent - settings.side) / grid, using: &generator)
      }
      let x = start(sizes[picture].width)
      let y = start(sizes[picture].height)
      let isFlipped = settings.flips && Bool.random(using: &generator)
      return Piece(
        picture: picture, x: x, y: y, isFlipped: isFlipped,
        generator: TorchGenerator(seed: generator.next()))
    }
  }

  private mutating func picture(_ place: Int, _ epoch: Int) -> Int {
    if let order, order.epoch == epoch { return order.pictures[place] }
    var generator = SeededGenerator(seed: settings.seed, purpose: Purpose.order.rawValue, epoch)
    let pictures = sizes.indices.shuffled(using: &generator)
    order = (epoch, pictures)
    return pictures[place]
  }
}
