import VAECodec

/// Makes files as `torch.save` writes them, well-formed and not.
package enum PyTorchBuilder {
  /// An archive of a pickle of `value` and these storages.
  package static func file(
    _ value: [UInt8], storages: [(key: String, bytes: [UInt8])] = [], byteOrder: String = "little",
    folder: String = "archive/", extra: [(name: String, bytes: [UInt8])] = []
  ) throws -> [UInt8] {
    let members =
      [("data.pkl", PickleBuilder.pickle(value)), ("byteorder", Array(byteOrder.utf8))]
      + storages.map { ("data/\($0.key)", $0.bytes) } + extra
    return try ZipWriter.bytes(members.map { (folder + $0.0, $0.1) })
  }

  /// A file of one f32 tensor of 4 elements, called "a", in a view.
  package static func view(
    offset: Int = 0, shape: [Int], strides: [Int], claimed: Int = 4
  ) throws -> [UInt8] {
    let storage = PickleBuilder.storage("0", "Float", count: claimed)
    let tensor = PickleBuilder.tensor(storage, offset: offset, shape: shape, strides: strides)
    return try file(
      PickleBuilder.dictionary([("a", tensor)]),
      storages: [("0", (0..<16).map { UInt8($0) })])
  }

  /// A file of `tensors`, each with a storage of its own, in `wrapper`s around one another; those of four
  /// axes as PyTorch has them in channels-last order where `isChannelsLast`.
  package static func file(
    _ tensors: [SafetensorsBuilder.Tensor], in wrappers: [String] = [],
    isChannelsLast: Bool = false
  ) throws -> [UInt8] {
    let (items, storages) = parts(of: tensors, isChannelsLast: isChannelsLast)
    let value = wrappers.reversed().reduce(PickleBuilder.dictionary(items)) {
      PickleBuilder.dictionary([("epoch", PickleBuilder.integer(7)), ($1, $0)])
    }
    return try file(value, storages: storages)
  }

  /// The items of a dictionary of `tensors`, and their storages.
  package static func parts(
    of tensors: [SafetensorsBuilder.Tensor], isChannelsLast: Bool = false
  ) -> (items: [(key: String, value: [UInt8])], storages: [(key: String, bytes: [UInt8])]) {
    var storages: [(key: String, bytes: [UInt8])] = []
    var items: [(key: String, value: [UInt8])] = []
    for (index, tensor) in tensors.enumerated() {
      let count = tensor.shape.reduce(1, *)
      let size = count == 0 ? 1 : tensor.bytes.count / count
      let storage = PickleBuilder.storage("\(index)", type(tensor.dtype), count: count)
      let order = isChannelsLast && tensor.shape.count == 4 ? [0, 2, 3, 1] : nil
      let placed = permuted(tensor, order ?? Array(tensor.shape.indices), size)
      storages.append(("\(index)", placed.bytes))
      items.append(
        (
          tensor.name,
          PickleBuilder.tensor(storage, shape: tensor.shape, strides: placed.strides)
        ))
    }
    return (items, storages)
  }

  /// A file whose last storage, called "zeros", is of `byteCount` zeros, less than 4 GiB: what stands before
  /// them and what stands after.
  package static func file(
    _ value: [UInt8], storages: [(key: String, bytes: [UInt8])], zeros byteCount: Int
  ) throws -> (head: [UInt8], tail: [UInt8]) {
    let bytes = try file(value, storages: storages + [("zeros", [])])
    let directory = (0..<4).reduce(0) { $0 | Int(bytes[bytes.count - 6 + $1]) << (8 * $1) }
    var (head, tail) = (Array(bytes[..<directory]), Array(bytes[directory...]))
    let size = PickleBuilder.little(byteCount, 8)
    // Both sizes in the extra field, both in the last entry, and the offset of the directory.
    head.replaceSubrange(head.count - 16..<head.count, with: size + size)
    let sizes = tail.count - 22 - "archive/data/zeros".utf8.count - 26
    tail.replaceSubrange(sizes..<sizes + 8, with: size.prefix(4) + size.prefix(4))
    tail.replaceSubrange(
      tail.count - 6..<tail.count - 2, with: PickleBuilder.little(directory + byteCount, 4))
    return (head, tail)
  }

  /// The elements of `tensor` with its axes in memory in `order`, and the strides that they then have.
  private static func permuted(
    _ tensor: SafetensorsBuilder.Tensor, _ order: [Int], _ size: Int
  ) -> (bytes: [UInt8], strides: [Int]) {
    func strides(_ order: [Int]) -> [Int] {
      var strides = tensor.shape
      var next = 1
      for axis in order.reversed() {
        strides[axis] = next
        next *= tensor.shape[axis]
      }
      return strides
    }
    let (from, to) = (strides(Array(tensor.shape.indices)), strides(order))
    var bytes = tensor.bytes
    for element in 0..<tensor.bytes.count / size {
      let place = tensor.shape.indices.reduce(0) {
        $0 + element / from[$1] % tensor.shape[$1] * to[$1]
      }
      bytes.replaceSubrange(
        place * size..<(place + 1) * size, with: tensor.bytes[element * size..<(element + 1) * size]
      )
    }
    return (bytes, to)
  }

  private static func type(_ dtype: String) -> String {
    ["F64": "Double", "F32": "Float", "F16": "Half", "BF16": "BFloat16", "I64": "Long"][dtype]
      ?? dtype
  }
}
