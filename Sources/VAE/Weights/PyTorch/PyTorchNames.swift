/// Names for the tensors of a pickle: the keys that lead to them, joined by dots, as in a state dictionary.
struct PyTorchNames {
  /// The tensors by name; one that is itself the whole has none.
  private(set) var tensors: [String: PyTorchTensor] = [:]

  /// Dictionaries inside one another that are looked into.
  private static let maximumDepth = 16
  /// Bytes of all names: as long as the header of a safetensors file may be.
  private static let maximumByteCount = 100_000_000

  /// Where a tensor stands.
  private struct Place {
    let keys: [String]
    let tensor: Int
  }

  /// The names of the tensors in `pickle`, of `byteCount` bytes. Of a checkpoint that has a `state_dict`
  /// among other things, its tensors alone.
  ///
  /// - Throws: `PickleError`.
  init(_ pickle: Pickle, byteCount: Int) throws {
    var places = try Self.places(in: pickle, limit: byteCount)
    let inside = places.filter { $0.keys.count > 1 && $0.keys[0] == "state_dict" }
    if !inside.isEmpty {
      places = inside.map { Place(keys: Array($0.keys.dropFirst()), tensor: $0.tensor) }
    }
    var nameByteCount = 0
    for place in places {
      nameByteCount += place.keys.reduce(0) { $0 + $1.utf8.count + 1 }
      guard nameByteCount <= Self.maximumByteCount else {
        throw PickleError.refused("its tensors have names of more than 100 MB")
      }
      let name = place.keys.joined(separator: ".")
      guard tensors.updateValue(pickle.tensors[place.tensor], forKey: name) == nil else {
        throw PickleError.refused("tensor `\(name.escapedForTerminal)` comes twice")
      }
    }
  }

  /// Looks at no more than `limit` values: a pickle that names each once has no more than it has bytes.
  private static func places(in pickle: Pickle, limit: Int) throws -> [Place] {
    var places: [Place] = []
    var open: [(value: Pickle.Value, keys: [String])] = [(pickle.root, [])]
    var visited = 0
    while let (value, keys) = open.popLast() {
      visited += 1
      guard visited <= limit, keys.count <= maximumDepth else {
        throw PickleError.refused("its dictionaries are nested too deep, or in one another")
      }
      switch value {
      case .tensor(let tensor): places.append(Place(keys: keys, tensor: tensor))
      case .container(let container):
        open += children(of: pickle.containers[container], keys)
      default: break
      }
      guard open.count <= limit else {
        throw PickleError.refused("its dictionaries are nested in one another")
      }
    }
    return places
  }

  /// The values in a container that may hold tensors, with the keys that lead to them.
  private static func children(
    of container: Pickle.Container, _ keys: [String]
  ) -> [(value: Pickle.Value, keys: [String])] {
    let items = container.items
    guard container.kind == .dictionary else {
      return items.indices.compactMap { index in
        isWorthVisiting(items[index]) ? (items[index], keys + ["\(index)"]) : nil
      }
    }
    return stride(from: 0, to: items.count, by: 2).compactMap { index in
      guard isWorthVisiting(items[index + 1]) else { return nil }
      switch items[index] {
      case .text(let key): return (items[index + 1], keys + [key])
      case .integer(let key): return (items[index + 1], keys + ["\(key)"])
      default: return nil
      }
    }
  }

  private static func isWorthVisiting(_ value: Pickle.Value) -> Bool {
    switch value {
    case .tensor, .container: true
    default: false
    }
  }
}
