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
  var stack: [Pickle.Value] = []
  /// Heights of the stack.
  private var marks: [Int] = []
  private var memo: [Pickle.Value] = []
  var containers: [Pickle.Container] = []
  var storages: [PyTorchTensor.Storage] = []
  var tensors: [PyTorchTensor] = []

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

  mutating func push(_ kind: Pickle.Container.Kind, _ items: [Pickle.Value]) {
    stack.append(.container(containers.count))
    containers.append(Pickle.Container(kind: kind, items: items))
  }

  /// The height of the stack at the last mark: what is below is not popped.
  var floor: Int { marks.last ?? 0 }

  mutating func pop() throws -> Pickle.Value {
    guard stack.count > floor else { throw malformed("a value is missing") }
    return stack.removeLast()
  }

  mutating func pop(_ count: Int) throws -> [Pickle.Value] {
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
}
