/// Makes pickles of protocol 2 from their parts, well-formed and not.
package enum PickleBuilder {
  /// A whole pickle of `value`.
  package static func pickle(_ value: [UInt8]) -> [UInt8] { [0x80, 2] + value + [0x2E] }

  /// Bytes that push a text.
  package static func text(_ text: String) -> [UInt8] {
    [0x58] + little(text.utf8.count, 4) + Array(text.utf8)
  }

  /// Bytes that push an integer.
  package static func integer(_ number: Int) -> [UInt8] { [0x8A, 8] + little(number, 8) }

  /// Bytes that push the global `name` of `module`.
  package static func global(_ module: String, _ name: String) -> [UInt8] {
    Array("c\(module)\n\(name)\n".utf8)
  }

  /// Bytes that push a tuple.
  package static func tuple(_ items: [UInt8]...) -> [UInt8] { [0x28] + items.joined() + [0x74] }

  /// Bytes that push a tuple of integers.
  package static func integers(_ numbers: [Int]) -> [UInt8] {
    [0x28] + numbers.flatMap(integer) + [0x74]
  }

  /// Bytes that push a dictionary.
  package static func dictionary(_ items: [(key: String, value: [UInt8])]) -> [UInt8] {
    [0x7D, 0x28] + items.flatMap { text($0.key) + $0.value } + [0x75]
  }

  /// Bytes that call `function`.
  package static func call(_ function: [UInt8], _ arguments: [UInt8]) -> [UInt8] {
    function + arguments + [0x52]
  }

  /// Bytes that push a storage.
  package static func storage(_ key: String, _ type: String, count: Int) -> [UInt8] {
    tuple(
      text("storage"), global("torch", "\(type)Storage"), text(key), text("cpu"), integer(count))
      + [0x51]
  }

  /// Bytes that push a view of a storage as a tensor.
  package static func tensor(
    _ storage: [UInt8], offset: Int = 0, shape: [Int], strides: [Int]
  ) -> [UInt8] {
    let hooks = call(global("collections", "OrderedDict"), [0x29])
    return call(
      global("torch._utils", "_rebuild_tensor_v2"),
      tuple(storage, integer(offset), integers(shape), integers(strides), [0x89], hooks))
  }

  /// A number, little-endian.
  package static func little(_ number: Int, _ byteCount: Int) -> [UInt8] {
    (0..<byteCount).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
  }
}
