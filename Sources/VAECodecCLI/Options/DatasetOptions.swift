import VAECodec

/// The options of commands that work on whole data sets: folders, and lists of files.
enum DatasetOptions {
  private static let filesFrom = OptionSpec(
    "files-from", placeholder: "LIST", value: .path, synonyms: ["input-list", "list", "from-file"],
    help:
      "read the inputs from LIST, - for standard input: a path on each line, or a JSON object with "
      + "\"path\" and, if the output is to be called otherwise, \"key\"")
  private static let zeros = OptionSpec(
    flag: "null", letter: "0", synonyms: ["print0", "nul", "zero"],
    help: "the paths of --files-from end in zero bytes, as find -print0 writes them")
  private static let shard = OptionSpec(
    "shard", placeholder: "I/N", synonyms: ["part", "split"],
    help:
      "work on part I of N of the inputs, counted from 0; auto takes I and N from the variables of a "
      + "Slurm job")
  private static let writer = OptionSpec(
    "writer", placeholder: "NAME",
    help:
      "the name of this process among those that write to the same folder at the same time, each with a list of "
      + "its own")
  private static let check = OptionSpec(
    "check", placeholder: "HOW", value: .words(of: DatasetPolicy.SourceCheck.self),
    help:
      "tell by size and time (stat, unless given) that an input has not changed since its output was "
      + "made, or go by the output alone (exists)")
  private static let retryFailed = OptionSpec(
    "retry-failed", placeholder: "yes|no", value: .words(["yes", "no"]),
    help:
      "yes or no: whether inputs are tried again that failed in an earlier run; yes unless given")
  private static let maximumFailures = OptionSpec(
    "max-failures", placeholder: "N", synonyms: ["allow-failures", "max-errors"],
    help:
      "stop when more than N inputs have failed, a number, a share such as 1% or all; with so many or "
      + "fewer the exit status is 0")
  private static let follow = OptionSpec(
    flag: "follow", synonyms: ["follow-links", "follow-symlinks"],
    help: "go down into folders that are links, too")
  private static let sync = OptionSpec(
    "sync", placeholder: "WHEN", value: .words(of: DatasetPolicy.Sync.self),
    help:
      "group waits for the disk once for up to 64 outputs, file for each, none never; group unless given"
  )
  private static let grace = OptionSpec(
    "grace", placeholder: "SECONDS",
    help: "finish what is in hand for so long after a signal to end; 20 unless given")

  static let specs = [
    filesFrom, zeros, follow, shard, writer, check, retryFailed, maximumFailures, sync, grace,
  ]

  /// The options of commands that remember nothing.
  static let inputSpecs = [filesFrom, zeros, follow, shard, maximumFailures]

  /// Whether `arguments` name a whole data set: a folder, or a list.
  static func areGiven(_ arguments: ParsedArguments) -> Bool {
    arguments.command.declares(filesFrom)
      && (arguments.has(filesFrom) || arguments.operands.contains(where: InputFile.isFolder))
  }

  /// The inputs that `arguments` name.
  ///
  /// - Throws: `UsageError`, `DatasetError` and `FileError`.
  static func inputs(
    _ arguments: ParsedArguments, _ kind: DatasetInputs.Kind
  ) throws -> DatasetInputs {
    guard let list = arguments.string(filesFrom) else {
      return try DatasetInputs(
        at: arguments.operands, kind, followsLinks: arguments.has(follow))
    }
    guard arguments.operands.isEmpty else {
      throw UsageError.conflict(filesFrom.spelling, "operands")
    }
    return try DatasetInputs(InputList(list, arguments.has(zeros) ? .zeros : .lines), kind)
  }

  /// How the data set is worked on.
  ///
  /// - Throws: `UsageError`.
  static func policy(_ arguments: ParsedArguments) throws -> DatasetPolicy {
    var policy = DatasetPolicy()
    if let text = arguments.string(shard) { policy.shard = try part(text) }
    guard arguments.command.declares(check) else { return policy }
    policy.writer = try arguments.string(writer).map(name)
    policy.check = try arguments.choice(check, of: DatasetPolicy.SourceCheck.self) ?? policy.check
    policy.sync = try arguments.choice(sync, of: DatasetPolicy.Sync.self) ?? policy.sync
    policy.retriesFailed = try arguments.choice(retryFailed) { $0 == "yes" } ?? true
    return policy
  }

  /// Checks that nothing was asked for that goes with whole data sets only.
  ///
  /// - Throws: `UsageError`.
  static func checkUnused(_ arguments: ParsedArguments) throws {
    _ = try policy(arguments)
    for option in specs where option.name != maximumFailures.name {
      if arguments.command.declares(option), arguments.has(option) {
        throw UsageError.conflict(option.spelling, "single files; it is for folders and lists")
      }
    }
  }

  /// How many inputs may fail.
  ///
  /// - Throws: `UsageError`.
  static func maximumFailures(_ arguments: ParsedArguments) throws -> FailureLimit? {
    guard arguments.command.declares(maximumFailures),
      let text = arguments.string(maximumFailures)
    else { return nil }
    if text == "all" { return .all }
    if text.hasSuffix("%"), let percent = Double(text.dropLast()), 0...100 ~= percent {
      return .share(percent / 100)
    }
    guard let count = Int(text), count >= 0 else {
      throw UsageError.invalidValue(
        option: maximumFailures.spelling, found: text,
        expected: .form("a number, a share such as 1% or all"))
    }
    return .count(count)
  }

  /// Seconds for which work in hand goes on after a signal.
  ///
  /// - Throws: `UsageError`.
  static func grace(_ arguments: ParsedArguments) throws -> Double {
    let seconds =
      arguments.command.declares(grace) ? try arguments.number(grace, in: 0...86_400) : nil
    return seconds ?? 20
  }

  private static func name(_ text: String) throws -> String {
    let isPlain = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
        true
      default: false
      }
    }
    guard isPlain, 1...100 ~= text.utf8.count else {
      throw UsageError.invalidValue(
        option: writer.spelling, found: text,
        expected: .form("letters, digits, - and _, 100 at most"))
    }
    return text
  }

  private static func part(_ text: String) throws -> DatasetPart {
    if text == "auto" {
      guard let part = DatasetPart.ofSlurmJob() else {
        throw UsageError.invalidValue(
          option: shard.spelling, found: text,
          expected: .form("I/N where no variable SLURM_ARRAY_TASK_ID or SLURM_PROCID is set"))
      }
      return part
    }
    let numbers = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard numbers.count == 2, let index = numbers[0], let count = numbers[1], count > 0,
      0..<count ~= index
    else {
      throw UsageError.invalidValue(
        option: shard.spelling, found: text,
        expected: .form("I/N with I from 0 to N - 1, such as 0/8, or auto"))
    }
    return DatasetPart(index: index, count: count)
  }
}
