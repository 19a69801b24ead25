import VAE

extension Resources {
  /// How networks run within these limits.
  ///
  /// - Throws: `CodecError.unavailableInstructionSet`.
  func executionOptions() throws -> ExecutionOptions {
    guard let set = InstructionSet(rawValue: resolvedInstructionSet), let kernels = Kernels(set)
    else {
      throw CodecError.unavailableInstructionSet(
        resolvedInstructionSet, available: Self.availableInstructionSets)
    }
    var options = ExecutionOptions(
      parallel: Parallel(threads: resolvedThreads), kernels: kernels,
      convolutions: convolutions == .im2col ? .im2col : .auto)
    // Who names a limit wants the rest for others.
    options.keepsMemory = keepsMemory && maximumMemory == nil
    return options
  }
}
