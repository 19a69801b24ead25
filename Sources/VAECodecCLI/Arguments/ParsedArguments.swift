import VAECodec

/// The operands and options of a command, as far as their syntax goes.
///
/// The accessors turn the text of values into numbers and words, and throw in the option's name.
/// Each has the precondition that the command declares the option it is asked for.
struct ParsedArguments: Sendable {
  /// The command that was chosen.
  let command: CommandSpec
  /// The operands in their order; "-" is one.
  let operands: [String]
  /// Values by option name in their order; a flag that is set has an empty list.
  private let values: [String: [String]]

  /// Arguments of `command` with values by option name, an empty list for a flag that is set.
  init(command: CommandSpec, operands: [String], values: [String: [String]]) {
    self.command = command
    self.operands = operands
    self.values = values
  }

  /// Whether `option` was given.
  func has(_ option: OptionSpec) -> Bool {
    given(option) != nil
  }

  /// Every value of `option`, in order.
  func strings(_ option: OptionSpec) -> [String] {
    given(option) ?? []
  }

  /// The value of `option`; nil where it was not given.
  func string(_ option: OptionSpec) -> String? {
    given(option)?.last
  }

  /// The value of `option` as a whole number; nil where it was not given.
  ///
  /// - Throws: `UsageError.invalidValue` for anything but a number in `range`.
  func integer<Number: FixedWidthInteger>(
    _ option: OptionSpec, in range: ClosedRange<Number>
  ) throws -> Number? {
    let bounds = UsageError.Expectation.number(
      lowest: "\(range.lowerBound)", highest: "\(range.upperBound)")
    return try value(option, expected: bounds) { text in
      Number(text).flatMap { range.contains($0) ? $0 : nil }
    }
  }

  /// The value of `option` as a number; nil where it was not given.
  ///
  /// - Throws: `UsageError.invalidValue` for anything but a number in `range`.
  func number(_ option: OptionSpec, in range: ClosedRange<Double>) throws -> Double? {
    let bounds = UsageError.Expectation.number(
      lowest: range.lowerBound.plain, highest: range.upperBound.plain)
    return try value(option, expected: bounds) { text in
      Double(text).flatMap { range.contains($0) ? $0 : nil }
    }
  }

  /// The value of `option` in bytes; nil where it was not given.
  ///
  /// The units K, M, G and T are powers of 1000, in either case, and "B" may follow; with "iB" they are
  /// powers of 1024.
  ///
  /// - Throws: `UsageError.invalidValue` for anything but a size of at least one byte.
  func byteCount(_ option: OptionSpec) throws -> Int? {
    try value(option, expected: .byteCount, parse: Self.byteCount)
  }

  /// The value of `option` as the case that has it as its raw value; nil where it was not given.
  ///
  /// - Throws: `UsageError.invalidValue` for anything but one of the option's words.
  func choice<Choice: RawRepresentable>(
    _ option: OptionSpec, of type: Choice.Type
  ) throws -> Choice? where Choice.RawValue == String {
    try choice(option, named: Choice.init)
  }

  /// What the value of `option` names; nil where it was not given.
  ///
  /// - Precondition: the option takes one of a few words.
  /// - Throws: `UsageError.invalidValue` for anything but one of the words.
  func choice<Choice>(_ option: OptionSpec, named: (String) -> Choice?) throws -> Choice? {
    guard case .words(let words) = option.value else {
      preconditionFailure("\(option.spelling) has no list of words")
    }
    return try value(option, expected: .choice(words)) { words.contains($0) ? named($0) : nil }
  }

  private func given(_ option: OptionSpec) -> [String]? {
    precondition(
      command.declares(option),
      "\(command.name) does not declare \(option.spelling)")
    return values[option.name]
  }

  private func value<Value>(
    _ option: OptionSpec, expected: UsageError.Expectation, parse: (String) -> Value?
  ) throws -> Value? {
    guard let text = string(option) else { return nil }
    guard let value = parse(text) else {
      throw UsageError.invalidValue(option: option.spelling, found: text, expected: expected)
    }
    return value
  }

  private static func byteCount(_ text: String) -> Int? {
    let digits = text.prefix { ("0"..."9").contains($0) || $0 == "." }
    guard let number = Double(digits) else { return nil }
    var unit = text.dropFirst(digits.count).uppercased()
    let power = unit.first.flatMap { Array("KMGT").firstIndex(of: $0) }.map { $0 + 1 } ?? 0
    if power > 0 { unit.removeFirst() }
    guard ["", "B"].contains(unit) || (power > 0 && unit == "IB") else { return nil }
    let base = unit == "IB" ? 1024.0 : 1000
    let bytes = (0..<power).reduce(number) { bytes, _ in bytes * base }
    return bytes >= 1 ? Int(exactly: bytes.rounded(.down)) : nil
  }
}
