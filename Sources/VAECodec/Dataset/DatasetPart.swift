import VAE

/// One of several parts of a data set, each worked on by a process of its own.
public struct DatasetPart: Equatable, Sendable {
  /// The part's number, from 0.
  public let index: Int
  /// Parts of the data set.
  public let count: Int

  /// The whole data set.
  public static let whole = DatasetPart(index: 0, count: 1)

  /// - Precondition: `index` is below `count`.
  public init(index: Int, count: Int) {
    precondition(0..<count ~= index, "part \(index) of \(count)")
    self.index = index
    self.count = count
  }

  /// Whether the part has the input called `key`. An input stays where it is when others come or go.
  func contains(_ key: String) -> Bool {
    count == 1 || Int(Deflate.checksum(key.pathBytes)) % count == index
  }

  /// As file names have it, such as "00000-of-00008".
  var name: String { Self.digits(index) + "-of-" + Self.digits(count) }

  private static func digits(_ number: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, 5 - digits.count)) + digits
  }
}
