import VAE

/// The range-coded codings of a DATA section: what stands before the stream, and the stream.
enum CodedPlanes {
  /// What is wrong with the bytes, as an error of the section says it.
  struct Damage: Error {
    let reason: String
  }

  /// `values` `[planes, height, width]` quantised in about `steps`, one for each plane.
  static func quantized(_ values: [Float], _ extents: PlaneExtents, steps: [Float]) -> [UInt8] {
    let (planes, stream) = QuantizedPlanes.encoded(values, extents, steps: steps)
    var writer = ByteWriter()
    for (step, firstError) in zip(planes.steps, planes.firstErrors) {
      writer.write(step)
      writer.write(firstError)
    }
    return writer.bytes + stream
  }

  /// `values` `[planes, height, width]` with all bits of `Bits`.
  static func exact<Bits: FloatBits>(
    _ values: [Float], _ extents: PlaneExtents, _: Bits.Type
  ) -> [UInt8] {
    let (planes, stream) = ExactPlanes<Bits>.encoded(values, extents)
    var writer = ByteWriter()
    for (exponent, firstError) in zip(planes.stepExponents, planes.firstErrors) {
      writer.write(exponent)
      writer.write(firstError)
    }
    return writer.bytes + stream
  }

  /// The values that `quantized` made bytes of: all that `reader` has left.
  ///
  /// - Throws: `Damage`, and `ByteReader.EndOfData`.
  static func readQuantized(
    _ extents: PlaneExtents, from reader: inout ByteReader
  ) throws -> [Float] {
    let (heads, stream) = try readHeads(extents, from: &reader) { reader in
      let step = Float(bitPattern: try reader.read(UInt32.self))
      guard step.isFinite, step > 0 else { throw Damage(reason: "a step of \(step)") }
      return step
    }
    let planes = QuantizedPlanes(steps: heads.map(\.0), firstErrors: heads.map(\.1))
    return try sound(planes.decoded(stream, extents))
  }

  /// The values that `exact` made bytes of: all that `reader` has left.
  ///
  /// - Throws: `Damage`, and `ByteReader.EndOfData`.
  static func readExact<Bits: FloatBits>(
    _ extents: PlaneExtents, _: Bits.Type, from reader: inout ByteReader
  ) throws -> [Float] {
    let range = ExactPlanes<Bits>.exponentRange
    let (heads, stream) = try readHeads(extents, from: &reader) { reader in
      let exponent = Int16(bitPattern: try reader.read(UInt16.self))
      guard range.contains(exponent) else { throw Damage(reason: "a step of 2^\(exponent)") }
      return exponent
    }
    let planes = ExactPlanes<Bits>(stepExponents: heads.map(\.0), firstErrors: heads.map(\.1))
    return try sound(planes.decoded(stream, extents))
  }

  /// What stands before the stream, one entry for each plane, and the stream, long enough for the
  /// values that are claimed.
  private static func readHeads<Head>(
    _ extents: PlaneExtents, from reader: inout ByteReader,
    _ read: (inout ByteReader) throws -> Head
  ) throws -> ([(Head, UInt8)], stream: [UInt8]) {
    // Before anything is allocated; the extents themselves are those of a latent that fits an Int.
    guard extents.count.dividedRoundingUp(by: PlaneExtents.maximumValuesPerByte) <= reader.remaining
    else {
      throw Damage(reason: "\(reader.remaining) bytes cannot hold \(extents.count) values")
    }
    let heads = try (0..<extents.planes).map { _ in
      let head = try read(&reader)
      let firstError = try reader.read(UInt8.self)
      guard firstError <= PlaneExtents.largestFirstError else {
        throw Damage(reason: "a first error of 2^\(firstError / 8) steps")
      }
      return (head, firstError)
    }
    return (heads, stream: Array(try reader.readBytes(reader.remaining)))
  }

  private static func sound(_ values: [Float]?) throws -> [Float] {
    guard let values else { throw Damage(reason: "the values are damaged") }
    return values
  }
}
