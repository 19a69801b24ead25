/// Elements between guard values, by which a test sees a write outside the range that was given.
package struct GuardedBuffer<Element: Equatable> {
  /// Elements before and after: two cache lines of floats, more than any vector that a kernel writes.
  private static var guardCount: Int { 32 }
  private var storage: [Element]
  private let guardValue: Element
  private let range: Range<Int>

  /// `values` between guards of `guardValue`, which must be equal to itself.
  package init(_ values: [Element], guardedBy guardValue: Element) {
    let guards = [Element](repeating: guardValue, count: Self.guardCount)
    storage = guards + values + guards
    range = Self.guardCount..<Self.guardCount + values.count
    self.guardValue = guardValue
  }

  /// The elements between the guards.
  package var values: [Element] { Array(storage[range]) }

  /// Whether no guard was written to.
  package var isIntact: Bool {
    storage[..<range.lowerBound].allSatisfy { $0 == guardValue }
      && storage[range.upperBound...].allSatisfy { $0 == guardValue }
  }

  /// Calls `body` with the address of the first element between the guards.
  package mutating func withPointer<Result>(
    _ body: (UnsafeMutablePointer<Element>) throws -> Result
  ) rethrows -> Result {
    let start = range.lowerBound
    return try unsafe storage.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { preconditionFailure("the guards have an address") }
      return try unsafe body(base + start)
    }
  }
}

extension GuardedBuffer<Float> {
  /// Floats between guards.
  package init(_ values: [Float]) { self.init(values, guardedBy: 12345.678) }
}

extension GuardedBuffer<Double> {
  /// Doubles between guards.
  package init(_ values: [Double]) { self.init(values, guardedBy: 12345.678) }
}
