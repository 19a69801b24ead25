import FoundationEssentials
import VAE

/// What a codec may use of the machine. Results are the same for any number of threads.
///
/// The threads are the library's own. Where it multiplies with OpenBLAS, as in all convolutions of
/// `Convolutions.im2col`, it sets the threads of OpenBLAS to one, for the whole process.
public struct Resources: Sendable, Equatable {
  /// Threads that compute at the same time; nil for one on each core that the process may use: by its affinity, the
  /// quotas of its control groups, and the variables SLURM_CPUS_PER_TASK and OMP_NUM_THREADS.
  public var threads: Int?
  /// The instruction set of the kernels by name, one of `availableInstructionSets`; nil for the best.
  public var instructionSet: String?

  /// How convolutions are computed.
  public var convolutions: Convolutions
  /// Bytes of memory that the process may take, all calls together; nil for what the machine has free. What
  /// does not fit is kept in a temporary file; results are the same.
  public var maximumMemory: Int?
  /// Whether a codec keeps the memory of a call for its next one, which is faster then, and the prepared
  /// weights where both are small; never where `maximumMemory` is set.
  public var keepsMemory = true

  /// Ways to compute convolutions.
  public enum Convolutions: String, Sendable, CaseIterable {
    /// The fastest that suits each layer.
    case auto
    /// Tiled im2col and matrix multiplication everywhere: slower, and closest to diffusers.
    case im2col
  }

  /// Limits; what is nil is chosen by the machine.
  public init(
    threads: Int? = nil, instructionSet: String? = nil, convolutions: Convolutions = .auto,
    maximumMemory: Int? = nil
  ) {
    self.maximumMemory = maximumMemory
    self.convolutions = convolutions
    self.threads = threads
    self.instructionSet = instructionSet
  }

  /// The instruction sets of this machine that there are kernels for, the best one last.
  public static var availableInstructionSets: [String] {
    InstructionSet.available.map(\.rawValue)
  }

  /// The name of the kernels that OpenBLAS uses on this machine, such as "Cooperlake".
  public static var openBLASCore: String { GEMM.coreName }

  /// The threads that are used.
  public var resolvedThreads: Int { max(1, threads ?? ProcessorCount.ofThisProcess.value) }

  /// The instruction set that is used, by name.
  public var resolvedInstructionSet: String { instructionSet ?? InstructionSet.best.rawValue }

  /// What a process has besides differs by this much from run to run.
  static let variation = 2 << 20

  /// Memory for the weights of a layer, and for what is small.
  static let headroom = 32 << 20

  /// Bytes that the process may still take, below 0 where it has more than it may already; nil for no
  /// limit.
  ///
  /// - Parameter idleByteCount: bytes that the process has and that nobody uses.
  func availableByteCount(idleByteCount: Int) -> Int? {
    maximumMemory.map { $0 - (ProcessMemory.residentByteCount ?? 0) }
      ?? ProcessMemory.availableByteCount.map { $0 + idleByteCount }
  }
}
