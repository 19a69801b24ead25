import VAE

/// Makes keys of samples from the paths of pictures, no two of which are equal.
///
/// A key ends at the first dot of the last component, so dots there become "_": "a/b.v2.jpg" has the key
/// "a/b_v2_jpg". A key that was given before gets "-2" at its end, or the next number that is free.
public struct WebDatasetKeys: Sendable {
  /// As bytes: accents that a string holds for equal are two names.
  private var taken: Set<[UInt8]> = []
  /// The number to try next, by the key without it.
  private var numbers: [[UInt8]: Int] = [:]

  /// No keys were given yet.
  public init() {}

  /// The key for the picture at `path`, which is given once and never again.
  public mutating func key(for path: String) -> String {
    let plain = Self.plain(path)
    guard !taken.insert(plain).inserted else { return String(pathBytes: plain) }
    var number = numbers[plain] ?? 2
    while true {
      let key = plain + Array("-\(number)".utf8)
      number += 1
      if taken.insert(key).inserted {
        numbers[plain] = number
        return String(pathBytes: key)
      }
    }
  }

  /// Marks `key` as given, such as one of an archive that is copied.
  public mutating func take(_ key: String) { taken.insert(key.pathBytes) }

  private static func plain(_ path: String) -> [UInt8] {
    let (dot, slash) = (UInt8(ascii: "."), FileSystem.separator)
    // Names in an archive are relative, and what stands for a folder itself or the one above means nothing in a key.
    let components = path.pathBytes.split(separator: slash).filter {
      $0 != [dot][...] && $0 != [dot, dot][...]
    }
    let last = (components.last ?? []).map { $0 == dot ? UInt8(ascii: "_") : $0 }
    var key = Array(components.dropLast().joined(separator: [slash]))
    // Readers pass over what lies in a folder such as "__meta__".
    while WebDatasetName.isMetadata(key) { key.removeFirst() }
    if !key.isEmpty { key.append(slash) }
    return key + (last.isEmpty ? [UInt8(ascii: "_")] : last)
  }
}
