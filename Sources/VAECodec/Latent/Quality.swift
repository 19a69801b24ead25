/// How exactly a latent is kept in a latent.bin.
public enum Quality: Sendable, Equatable, ExpressibleByIntegerLiteral {
  /// 1 to 99: values are quantised, the finer the higher; 15 levels more halve the step. 100: values are
  /// kept as 16-bit floats.
  case level(Int)
  /// Values are kept as 32-bit floats, every bit of them.
  case lossless

  /// The levels there are.
  public static let levels = 1...100
  /// Costs at most 0.05 dB of a decoded picture against the unquantised latent, in the mean over
  /// Kodak's pictures, with the built-in model and with every tiny autoencoder.
  public static let standard: Quality = 75

  /// The quality of `level`, one of `levels`.
  public init(integerLiteral level: Int) { self = .level(level) }

  /// The level; nil for `lossless`.
  public var level: Int? {
    switch self {
    case .level(let level): level
    case .lossless: nil
    }
  }

  /// The smallest file that keeps every bit of `latent`: 100 where 16-bit floats hold its values, else
  /// `lossless`.
  public static func preserving(_ latent: Latent) -> Quality {
    let planes = latent.values + (latent.logVariance ?? [])
    return planes.allSatisfy { Float(Float16($0)).bitPattern == $0.bitPattern } ? 100 : .lossless
  }
}
