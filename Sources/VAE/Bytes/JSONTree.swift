import FoundationEssentials

/// A JSON text of any form.
package enum JSONTree: Decodable {
  case text(String)
  case list([JSONTree])
  case object([String: JSONTree])
  case other

  /// The value of `text`; nil if it is no JSON.
  package init?(_ text: String) {
    guard let tree = try? JSONDecoder().decode(JSONTree.self, from: Data(text.utf8)) else {
      return nil
    }
    self = tree
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let text = try? container.decode(String.self) {
      self = .text(text)
    } else if let members = try? container.decode([String: JSONTree].self) {
      self = .object(members)
    } else if let items = try? container.decode([JSONTree].self) {
      self = .list(items)
    } else {
      self = .other
    }
  }

  /// The string; nil for another value.
  package var text: String? { if case .text(let text) = self { text } else { nil } }
  /// The values of an array; none for another value.
  package var items: [JSONTree] { if case .list(let items) = self { items } else { [] } }
  /// The values of an object by their names; none for another value.
  package var members: [String: JSONTree] {
    if case .object(let members) = self { members } else { [:] }
  }
}
