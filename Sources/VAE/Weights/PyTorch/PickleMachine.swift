/// Runs a pickle that holds tensors, by a closed list of instructions and of names.
///
/// It calls and imports nothing. Each instruction adds one value at most, a length is held against what
/// is left before anything is taken for it, and there is no recursion: time and memory are bounded by
/// the pickle's length, which is bounded too.
///
/// - SeeAlso: CPython `Lib/pickletools.py`, which describes every instruction.
struct PickleMachine {
  /// Longer pickles are refused; that of a model with the state of its training has a megabyte.
  static let maximumByteCount = 16 << 20

  var reader: ByteReader
  private var stack: [Pickle.Value] = []
  /// Heights of the stack.
  private var marks: [Int] = []
  private var memo: [Pickle.Value] = []
  private var containers: [Pickle.Container] = []
  private var storages: [PyTorchTensor.Storage] = []
  private var tensors: [PyTorchTensor] = []

  private init(_ bytes: [UInt8]) { reader = ByteReader(bytes, byteOrder: .littleEndian) }

  /// What the pickle in `bytes` holds.
  ///
  /// - Throws: `PickleError`.
  static func run(_ bytes: [UInt8]) throws -> Pickle {
    var machine = PickleMachine(bytes)
    do {
      return try machine.run()
    } catch let error as ByteReader.EndOfData {
      throw PickleError.malformed("it ends early", offset: error.offset)
    }
  }

  private mutating func run() throws -> Pickle {
    guard reader.remaining <= Self.maximumByteCount else {
      throw PickleError.refused(
        "a pickle of \(reader.remaining) bytes, \(Self.maximumByteCount) at most are read")
    }
    while true {
      let code = try reader.read(UInt8.self)
      guard let opcode = PickleOpcode(rawValue: code) else {
        throw PickleError.refused(
          "its pickle has an instruction, 0x\(String(code, radix: 16)), that plain tensors do not need"
        )
      }
      if opcode == .stop { break }
      if let literal = try literal(opcode) { stack.append(literal) } else { try perform(opcode) }
    }
    guard stack.count == 1, marks.isEmpty, reader.remaining == 0 else {
      throw malformed("its end is not that of one value")
    }
    return Pickle(root: stack[0], containers: containers, tensors: tensors)
  }

  /// An error at the instruction that was read last.
  func malformed(_ reason: String) -> PickleError { .malformed(reason, offset: reader.offset) }

  private mutating func perform(_ opcode: PickleOpcode) throws {
    switch opcode {
    case .proto, .frame: try readFrame(opcode)
    case .mark: marks.append(stack.count)
    case .pop: _ = try pop()
    case .popMark: _ = try popToMark()
    case .emptyTuple: push(.tuple, [])
    case .tuple, .frozenSet: push(.tuple, try popToMark())
    case .tuple1: push(.tuple, try pop(1))
    case .tuple2: push(.tuple, try pop(2))
    case .tuple3: push(.tuple, try pop(3))
    case .emptyList, .emptySet: push(.list, [])
    case .emptyDictionary: push(.dictionary, [])
    case .append: try add(pop(1), to: .list)
    case .appends, .addItems: try add(popToMark(), to: .list)
    case .setItem: try add(pop(2), to: .dictionary)
    case .setItems: try add(pairs(popToMark()), to: .dictionary)
    case .binPut: try put(Int(reader.read(UInt8.self)))
    case .longBinPut: try put(Int(reader.read(UInt32.self)))
    case .memoize: try put(memo.count)
    case .binGet: try get(Int(reader.read(UInt8.self)))
    case .longBinGet: try get(Int(reader.read(UInt32.self)))
    case .global: stack.append(try global(try line(), try line()))
    case .stackGlobal: try pushGlobal(pop(2))
    case .instance:
      _ = try global(try line(), try line())
      throw PickleError.refused("its pickle makes an object that plain tensors do not need")
    case .reduce: try reduce()
    case .build: try build()
    case .binPersistentID: try pushStorage()
    default: throw malformed("an instruction stands where none can")
    }
  }

  // MARK: Stack

  private mutating func push(_ kind: Pickle.Container.Kind, _ items: [Pickle.Value]) {
    stack.append(.container(containers.count))
    containers.append(Pickle.Container(kind: kind, items: items))
  }

  /// The height of the stack at the last mark: what is below is not popped.
  private var floor: Int { marks.last ?? 0 }

  private mutating func pop() throws -> Pickle.Value {
    guard stack.count > floor else { throw malformed("a value is missing") }
    return stack.removeLast()
  }

  private mutating func pop(_ count: Int) throws -> [Pickle.Value] {
    guard stack.count - floor >= count else { throw malformed("a value is missing") }
    defer { stack.removeLast(count) }
    return Array(stack.suffix(count))
  }

  private mutating func popToMark() throws -> [Pickle.Value] {
    guard let mark = marks.popLast() else { throw malformed("a mark is missing") }
    defer { stack.removeSubrange(mark...) }
    return Array(stack[mark...])
  }

  private func pairs(_ items: [Pickle.Value]) throws -> [Pickle.Value] {
    guard items.count % 2 == 0 else { throw malformed("a key has no value") }
    return items
  }

  private mutating func add(
    _ items: [Pickle.Value], to kind: Pickle.Container.Kind
  ) throws {
    guard stack.count > floor, case .container(let place)? = stack.last,
      containers[place].kind == kind
    else { throw malformed("items are added to what is no \(kind)") }
    containers[place].items += items
  }

  // MARK: Memo

  private mutating func put(_ index: Int) throws {
    // Picklers number what they keep one by one.
    guard stack.count > floor, let value = stack.last, index <= memo.count else {
      throw malformed("a value is kept as number \(index) after \(memo.count)")
    }
    if index == memo.count { memo.append(value) } else { memo[index] = value }
  }

  private mutating func get(_ index: Int) throws {
    guard index < memo.count else {
      throw malformed("value \(index) of \(memo.count) is asked for")
    }
    stack.append(memo[index])
  }

  // MARK: Names and what they make

  private func global(_ module: String, _ name: String) throws -> Pickle.Value {
    guard let global = PickleGlobal(module: module, name: name) else {
      throw PickleError.refused(
        "its pickle asks for \("\(module).\(name)".escapedForTerminal), which is not run")
    }
    return .global(global)
  }

  private mutating func pushGlobal(_ names: [Pickle.Value]) throws {
    guard case .text(let module) = names[0], case .text(let name) = names[1] else {
      throw malformed("a name is no text")
    }
    stack.append(try global(module, name))
  }

  private mutating func reduce() throws {
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
  private mutating func build() throws {
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

  private mutating func pushStorage() throws {
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
