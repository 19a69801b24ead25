/// One entry of a family's table of names: a run of components as some files spell it, and as diffusers
/// does.
///
/// A component is a word, or a placeholder for a number: `#` for one that both spellings share, `^`
/// for a level of the decoder, which is counted from the other end in the file, and `+` for one that
/// is larger by 1 in the file.
package struct NameRule: Hashable, Sendable {
  /// Where in a name the run stands; names are rewritten at one place after the other.
  package enum Place: CaseIterable, Sendable {
    /// At the beginning.
    case start
    /// After "encoder" or "decoder".
    case half
    /// After a resnet block.
    case resnet
    /// After an attention block.
    case attention

    /// Where a run at the place would begin; nil if the name has no such place.
    func index(in components: [String]) -> Int? {
      func follows(_ block: String) -> Int? {
        components.firstIndex(of: block).map { $0 + 2 }
      }
      switch self {
      case .start: return 0
      case .half:
        return components.first.flatMap(AutoencoderHalf.init(rawValue:)).map { _ in 1 }
      case .resnet: return follows("resnets")
      case .attention: return follows("attentions")
      }
    }
  }

  /// Which of the two spellings a name is rewritten to.
  enum Direction {
    case toCanonical, toFile
  }

  let place: Place
  private let spelling: [String]
  private let canonical: [String]

  /// A rule for names in which `spelling` at `place` means `canonical`.
  init(_ place: Place, _ spelling: String, _ canonical: String) {
    self.place = place
    self.spelling = spelling.split(separator: ".").map(String.init)
    self.canonical = canonical.split(separator: ".").map(String.init)
  }

  /// The first component of the files' spelling, unless any number may be.
  var first: String? { spelling.first.flatMap { Self.placeholders.contains($0) ? nil : $0 } }

  /// `components` with the run at `index` in the other spelling, or nil if it is not there.
  ///
  /// - Parameter levels: levels of the decoder, for `^`.
  func rewriting(
    _ components: [String], at index: Int, _ direction: Direction, levels: Int
  ) -> [String]? {
    let (from, to) =
      direction == .toCanonical ? (spelling, canonical) : (canonical, spelling)
    guard components.count >= index + from.count else { return nil }
    var numbers: [Int] = []
    for (part, component) in zip(from, components[index...]) {
      if Self.placeholders.contains(part) {
        guard let number = component.pathNumber else { return nil }
        numbers.append(Self.translated(number, part, direction, levels: levels))
      } else if part != component {
        return nil
      }
    }
    guard numbers.allSatisfy({ $0 >= 0 }) else { return nil }
    var rest = numbers[...]
    let run = to.map { part in
      Self.placeholders.contains(part) ? "\(rest.popFirst() ?? 0)" : part
    }
    return components[..<index] + run + components[(index + from.count)...]
  }

  private static let placeholders: Set<String> = ["#", "^", "+"]

  private static func translated(
    _ number: Int, _ placeholder: String, _ direction: Direction, levels: Int
  ) -> Int {
    switch placeholder {
    case "^": levels - 1 - number
    case "+": direction == .toCanonical ? number - 1 : number + 1
    default: number
    }
  }
}

extension String {
  /// The number that a component of a name is, or nil. Longer numbers than any model has are none.
  var pathNumber: Int? {
    (1...4).contains(utf8.count) && utf8.allSatisfy { (0x30...0x39).contains($0) }
      ? Int(self) : nil
  }
}
