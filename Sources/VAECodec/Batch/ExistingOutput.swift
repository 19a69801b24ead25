/// A file that stands where an output is to be, held against what the run would write: one that was cut short,
/// or is of another picture, model or setting, is not the work that a batch takes up again.
struct ExistingOutput {
  let path: String
  /// What is otherwise than it would be written, in words.
  private var differences: [String] = []

  init(path: String) { self.path = path }

  /// Calls `body`, which reads the file.
  ///
  /// - Throws: `BatchError.damagedOutput` with what `body` throws in words.
  func reading<Value>(_ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch let error as InputError {
      throw BatchError.damagedOutput(path, reason: "\(error.reason)")
    } catch {
      throw BatchError.damagedOutput(path, reason: "\(error)")
    }
  }

  /// Notes a difference if `found` is not what is `expected`, where `words` are what each of them is called.
  mutating func compare<Value: Equatable>(
    _ found: Value, with expected: Value, words: (Value) -> String
  ) {
    guard found != expected else { return }
    differences.append("\(words(found)), expected \(words(expected))")
  }

  /// Notes a difference that has no two sides.
  mutating func add(_ difference: String) { differences.append(difference) }

  /// - Throws: `BatchError.otherOutput` if a difference was noted.
  func check() throws {
    guard differences.isEmpty else {
      throw BatchError.otherOutput(path, differences: differences)
    }
  }
}
