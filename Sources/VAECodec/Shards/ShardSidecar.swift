/// What stands beside a shard that is whole: a small JSON file that is written after it, so that a shard
/// without one is not done.
///
///     {"failed":1,"fingerprint":"5d1e…","input":{"bytes":1048576,"name":"in-000123.tar","sha256":"9ae1…"},
///      "output":{"bytes":337920,"name":"lat-000123.tar","sha256":"63ae…"},"samples":9,"seconds":4.25,"version":1}
public struct ShardSidecar: Codable, Sendable, Equatable {
  /// The shard that the samples come from; nil where they come from files.
  public var input: ShardFile?
  /// The shard that was written.
  public var output: ShardFile
  /// Samples in it.
  public var samples: Int
  /// Samples that were left out, since their pictures could not be encoded.
  public var failed: Int
  /// What stands for the model and all settings that change bytes.
  public var fingerprint: String
  /// Seconds that it took; nil where nobody measured.
  public var seconds: Double?
  private let version: Int

  private static let version = 1

  /// The sidecar of a shard that was written.
  public init(
    input: ShardFile?, output: ShardFile, samples: Int, failed: Int, fingerprint: String,
    seconds: Double? = nil
  ) {
    self.input = input
    self.output = output
    self.samples = samples
    self.failed = failed
    self.fingerprint = fingerprint
    self.seconds = seconds
    version = Self.version
  }

  /// The sidecar in the bytes of a file.
  ///
  /// - Throws: `ShardError.malformed` and `.notShard`.
  public init(decoding bytes: [UInt8]) throws {
    let sidecar = try ShardJSON.decode(Self.self, from: bytes, part: "sidecar")
    guard sidecar.samples >= 0, sidecar.failed >= 0 else {
      throw ShardError.notShard("a shard cannot have a count of samples below 0")
    }
    guard sidecar.version == Self.version else {
      throw ShardError.notShard(
        "written by another version of this program, \(sidecar.version) instead of \(Self.version)")
    }
    self = sidecar
  }

  /// The bytes of the file.
  public func encoded() throws -> [UInt8] { try ShardJSON.encode(self) }

  /// The path of the sidecar of the shard at `path`: "lat-000123.json" for "lat-000123.tar".
  public static func path(of path: String) -> String {
    for ending in [".tar.gz", ".tgz", ".tar", ".mds"] where path.hasSuffix(ending) {
      return String(path.dropLast(ending.count)) + ".json"
    }
    return path + ".json"
  }
}
