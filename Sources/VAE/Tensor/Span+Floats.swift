extension MutableSpan<Float> {
  /// Writes all of `values`.
  ///
  /// - Precondition: there are as many.
  package mutating func fill(_ values: [Float]) {
    precondition(values.count == count, "\(values.count) values for \(count)")
    for index in values.indices { self[index] = values[index] }
  }
}

extension Span<Float> {
  /// A copy of the elements.
  package var values: [Float] { indices.map { self[$0] } }
}
