/// A sample of a shard: a value for each column.
public struct MDSSample: Sendable, Equatable {
  /// The columns of the shard, sorted by their names.
  public let columns: [MDSColumn]
  /// The bytes of each column's value.
  private let values: [[UInt8]]
  /// What errors call the sample, and where it lies in its shard.
  private let part: String
  private let offset: Int

  init(columns: [MDSColumn], values: [[UInt8]], part: String, offset: Int) {
    (self.columns, self.values, self.part, self.offset) = (columns, values, part, offset)
  }

  /// The value of a column; nil if there is no such column.
  ///
  /// - Throws: `ShardError.malformed`, and `.unreadColumn` for values that are not read, such as pickles.
  public func value(_ column: String) throws -> MDSValue? {
    guard let index = place(of: column) else { return nil }
    let encoding = columns[index].encoding
    guard let value = try encoding.value(of: values[index], column: column) else {
      throw ShardError.malformed(
        part: part, offset: offset,
        reason: "column \(ShardError.quoted(column)) holds no \(ShardError.quoted(encoding.name))")
    }
    return value
  }

  /// The bytes of a column's value as they are stored, whatever they are; nil if there is no such column.
  public func storedBytes(_ column: String) -> [UInt8]? { place(of: column).map { values[$0] } }

  private func place(of column: String) -> Int? {
    columns.firstIndex { $0.name.utf8.elementsEqual(column.utf8) }
  }
}
