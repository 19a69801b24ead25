import VAE

/// Where the material of the tests lies.
package enum Fixtures {
  /// The folder of the package.
  package static let packageFolder = FileSystem.parent(
    of: FileSystem.parent(of: FileSystem.parent(of: #filePath)))

  /// The path of a file or folder under Fixtures/.
  package static func path(_ name: String) -> String { packageFolder + "/Fixtures/" + name }

  /// The path of a file or folder of the shared test material, which lies beside the package where it
  /// is developed and nowhere else.
  package static func sharedPath(_ name: String) -> String { packageFolder + "/../shared/" + name }

  /// Whether the shared test material is there.
  package static let hasShared = FileSystem.isFolder(sharedPath("data"))

  /// What a test that is skipped for want of the shared material says.
  package static let sharedComment = "the shared test material is not on this machine"

  /// The bytes of a file.
  package static func bytes(at path: String) throws -> [UInt8] {
    let file = try MappedFile(path: path)
    return file.bytes(in: 0..<file.byteCount)
  }
}

/// An f32 tensor of a reference file.
package struct ReferenceTensor: Sendable {
  /// Extents, outermost first.
  package let shape: [Int]
  /// Elements, row-major.
  package let values: [Float]

  /// The f32 tensor `name` of the safetensors file at `path`.
  package init(_ name: String, in path: String) throws {
    let file = try SafetensorsFile(path: path)
    guard let entry = file.entries[name], entry.dtype == "F32" else {
      throw WeightsError.missingTensor(path: path, name: name)
    }
    shape = entry.shape
    let bytes = file.file.bytes(in: entry.byteRange)
    values = stride(from: 0, to: bytes.count, by: 4).map { offset in
      Float(
        bitPattern: (0..<4).reduce(0) { $0 | UInt32(bytes[offset + $1]) << (8 * UInt32($1)) })
    }
  }
}

/// ‖a − b‖₂ / ‖b‖₂, summed in f64.
package func relativeError(_ a: [Float], _ b: [Float]) -> Double {
  precondition(a.count == b.count, "\(a.count) values compared with \(b.count)")
  let difference = zip(a, b).reduce(0) { $0 + square(Double($1.0) - Double($1.1)) }
  let norm = b.reduce(0) { $0 + square(Double($1)) }
  return (difference / max(norm, .leastNormalMagnitude)).squareRoot()
}

private func square(_ x: Double) -> Double { x * x }

extension SeededGenerator {
  /// `count` floats in `range`.
  package mutating func floats(_ count: Int, in range: ClosedRange<Float> = -1...1) -> [Float] {
    (0..<count).map { _ in Float.random(in: range, using: &self) }
  }
}
