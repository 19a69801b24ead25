import VAECodec

/// The inputs of a command and the file that each of them becomes.
enum BatchOptions {
  /// The batch that `arguments` ask for.
  ///
  /// - Parameters:
  ///   - kind: what is taken of folders.
  ///   - fileExtension: of the outputs in a folder or beside their inputs.
  ///   - isOutput: whether a name is that of an output of the command, and of no input.
  ///   - place: where outputs go that no option names; nil where one must be named.
  /// - Throws: `UsageError` if there is no output, if several inputs would become one file, or if
  ///   results and a report would both go to standard output; `DatasetError` and `FileError` for folders and lists.
  static func batch(
    _ arguments: ParsedArguments, of kind: DatasetInputs.Kind, fileExtension: String,
    unlessNamed place: Batch.Destination?, isOutput: (String) -> Bool = { _ in false }
  ) throws -> Batch {
    if DatasetOptions.areGiven(arguments) {
      return try datasetBatch(arguments, of: kind, fileExtension: fileExtension, unlessNamed: place)
    }
    try DatasetOptions.checkUnused(arguments)
    guard !arguments.operands.isEmpty else {
      throw UsageError.missingOperand(
        command: arguments.command.name,
        placeholder: arguments.command.operands.map(\.placeholder).joined(separator: " "))
    }
    // As with programs whose second operand is what is written.
    if arguments.operands.count == 2, !arguments.has(CommonOptions.output),
      let last = arguments.operands.last,
      last.hasSuffix("/") || InputFile.isFolder(last)
        || isOutput(last) && !InputFile.exists(last)
    {
      throw UsageError.operandForOutput(last)
    }
    return try batch(arguments, unlessNamed: place) { destination, policy in
      try Batch(
        inputs: arguments.operands, to: destination, fileExtension: fileExtension, policy: policy)
    }
  }

  /// The batch that `make` makes for the output and the policy that `arguments` ask for.
  ///
  /// - Parameter place: where outputs go that no option names; nil where one must be named.
  /// - Throws: `UsageError`, and what `make` throws besides `BatchError`.
  static func batch(
    _ arguments: ParsedArguments, unlessNamed place: Batch.Destination?,
    make: (Batch.Destination, BatchPolicy) throws -> Batch
  ) throws -> Batch {
    do {
      return try make(destination(arguments, unlessNamed: place), policy(arguments))
    } catch BatchError.oneFile(let path, let inputCount) {
      throw UsageError.invalidValue(
        option: CommonOptions.output.spelling, found: path,
        expected: .form(
          "a folder for \(inputCount) inputs" + (path == "-" ? "" : ", such as \(path)/")))
    } catch BatchError.noFolder {
      throw UsageError.missingOption(
        command: "\(arguments.command.name) of several folders or of a list",
        option: CommonOptions.output.spelling)
    } catch let error as BatchError {
      throw UsageError.batch(error)
    }
  }

  private static func datasetBatch(
    _ arguments: ParsedArguments, of kind: DatasetInputs.Kind, fileExtension: String,
    unlessNamed place: Batch.Destination?
  ) throws -> Batch {
    let dataset = try DatasetOptions.policy(arguments)
    return try batch(arguments, unlessNamed: place) { destination, policy in
      var folder = destination
      // A folder that is not there yet needs no "/".
      if case .file(let path) = destination, path != "-", !InputFile.exists(path) {
        folder = .folder(path)
      }
      var batch = try Batch(
        DatasetOptions.inputs(arguments, kind), to: folder, fileExtension: fileExtension,
        policy: policy, dataset: dataset)
      batch.stopRequest = StopRequest()
      return batch
    }
  }

  private static func policy(_ arguments: ParsedArguments) throws -> BatchPolicy {
    let skips =
      arguments.command.declares(CommonOptions.skipExisting)
      && arguments.has(CommonOptions.skipExisting)
    switch (arguments.has(CommonOptions.force), skips) {
    case (true, true):
      throw UsageError.conflict(CommonOptions.force.spelling, CommonOptions.skipExisting.spelling)
    case (let replaces, _):
      return BatchPolicy(
        existingFiles: replaces ? .replace : skips ? .skip : .keep,
        maximumFailures: try DatasetOptions.maximumFailures(arguments)
          ?? (DatasetOptions.areGiven(arguments) ? .unlessHopeless : .all))
    }
  }

  private static func destination(
    _ arguments: ParsedArguments, unlessNamed place: Batch.Destination?
  ) throws -> Batch.Destination {
    if let output = arguments.string(CommonOptions.output) {
      if output == "-", arguments.has(CommonOptions.json) {
        throw UsageError.conflict("--output -", CommonOptions.json.spelling)
      }
      return Batch.Destination(output)
    }
    let name = arguments.command.name
    guard let place else {
      throw UsageError.missingOption(command: name, option: CommonOptions.output.spelling)
    }
    // A dry run writes nothing.
    if place == .beside, arguments.operands.contains("-"), !arguments.isDryRun {
      throw UsageError.missingOption(
        command: "\(name) of standard input", option: CommonOptions.output.spelling)
    }
    return place
  }
}

extension ParsedArguments {
  /// Whether nothing is to be written.
  var isDryRun: Bool {
    command.declares(CommonOptions.dryRun) && has(CommonOptions.dryRun)
  }
}
