/// Instructions that ask for names and for what those make.
extension PickleMachine {
  /// What a name stands for.
  func global(_ module: String, _ name: String) throws -> Pickle.Value {
    guard let global = PickleGlobal(module: module, name: name) else {
      throw PickleError.refused(
        "its pickle asks for \("\(module).\(name)".escapedForTerminal), which is not run")
    }
    return .global(global)
  }

  /// Pushes what a module and a name stand for.
  mutating func pushGlobal(_ names: [Pickle.Value]) throws {
    guard case .text(let module) = names[0], case .text(let name) = names[1] else {
      throw malformed("a name is no text")
    }
    stack.append(try global(module, name))
  }

  /// Makes what a name of the list makes of its arguments.
  mutating func reduce() throws {
    let operands = try pop(2)
    guard case .global(let global) = operands[0], let arguments = items(operands[1], .tuple) else {
      throw malformed("something is called that is no function")
    }
    switch global {
    case .orderedDictionary:
      guard arguments.isEmpty else {
        throw malformed("collections.OrderedDict is called with arguments")
      }
      push(.dictionary, [])
    case .tensor, .typedTensor:
      stack.append(.tensor(tensors.count))
      tensors.append(try tensor(arguments, isTyped: global == .typedTensor))
    case .parameter:
      guard case .tensor? = arguments.first, arguments.count == 3 else {
        throw malformed("a parameter is made of what is no tensor")
      }
      stack.append(arguments[0])
    case .bystander: stack.append(.bystander)
    case .storage, .type: throw malformed("a type is called")
    }
  }

  /// Sets attributes of an ordered dictionary, which only have versions of the modules; they are dropped.
  mutating func build() throws {
    let state = try pop()
    guard stack.count > floor, let object = stack.last, items(object, .dictionary) != nil,
      items(state, .dictionary) != nil
    else { throw malformed("attributes are set of what is no dictionary") }
  }

  private func items(
    _ value: Pickle.Value, _ kind: Pickle.Container.Kind
  ) -> [Pickle.Value]? {
    guard case .container(let place) = value, containers[place].kind == kind else { return nil }
    return containers[place].items
  }

  /// Pushes the storage that a persistent id names.
  mutating func pushStorage() throws {
    guard let id = items(try pop(), .tuple), id.count == 5, id[0] == .text("storage"),
      case .global(.storage(let type)) = id[1], case .text(let key) = id[2],
      case .text = id[3], case .integer(let count) = id[4]
    else { throw malformed("a persistent id is not that of a storage") }
    stack.append(.storage(storages.count))
    storages.append(PyTorchTensor.Storage(key: key, type: type, count: count))
  }

  /// The tensor of a call: storage, offset, extents, strides, whether it has a gradient, hooks, of some
  /// the type, and attributes such as a conjugation, of which there may be none.
  private func tensor(_ arguments: [Pickle.Value], isTyped: Bool) throws -> PyTorchTensor {
    let required = isTyped ? 7 : 6
    guard (required...required + 1).contains(arguments.count),
      case .storage(let place) = arguments[0], case .integer(let offset) = arguments[1],
      let shape = integers(arguments[2]), let strides = integers(arguments[3])
    else { throw malformed("a tensor is not made as PyTorch makes them") }
    let storage = storages[place]
    var type = storage.type
    if isTyped {
      guard case .global(.type(let stated)) = arguments[6] else {
        throw malformed("a tensor has no type")
      }
      guard type == nil || type == stated else { throw malformed("a tensor has two types") }
      type = stated
    }
    guard let type else { throw malformed("a tensor has no type") }
    if arguments.count > required, arguments[required] != .bystander,
      items(arguments[required], .dictionary)?.isEmpty != true
    {
      throw PickleError.refused("it holds a tensor with attributes, such as a conjugated one")
    }
    return PyTorchTensor(
      storage: storage, type: type, offset: offset, shape: shape, strides: strides)
  }

  /// Axes that a tensor may have, of which PyTorch allows as many.
  private static let maximumAxisCount = 64

  private func integers(_ value: Pickle.Value) -> [Int]? {
    items(value, .tuple).flatMap { items in
      // One tuple may stand in many tensors, and each has a copy.
      guard items.count <= Self.maximumAxisCount else { return nil }
      let numbers = items.compactMap { item -> Int? in
        if case .integer(let number) = item { number } else { nil }
      }
      return numbers.count == items.count ? numbers : nil
    }
  }
}
