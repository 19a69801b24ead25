/// What became of an item of a batch.
public enum BatchEvent<Value> {
  /// The work was done, and this is what it gave.
  case done(Batch.Item, Value)
  /// The output exists and is what would be written, and nothing was done.
  case skipped(Batch.Item)
  /// The item failed.
  ///
  /// The error is an `InputError` with the path of the input, or names the file that it is about
  /// itself.
  case failed(Batch.Item, any Error)
}
