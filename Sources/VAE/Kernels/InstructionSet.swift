/// The instruction sets that kernels are compiled for, by the names that users give them: sets of CPU
/// features, each with those of the sets before it.
package enum InstructionSet: String, CaseIterable, Sendable {
  /// What every CPU of the architecture has.
  case baseline
  /// AVX2 with FMA and F16C (x86-64).
  case avx2
  /// AVX-512 F, BW, DQ and VL (x86-64).
  case avx512

  /// What a CPU must have to run the kernels of the set.
  package var features: CPUFeatures {
    switch self {
    case .baseline: []
    case .avx2: .forAVX2
    case .avx512: .forAVX512
    }
  }

  /// The ones that this CPU can run, the best one last.
  package static var available: [InstructionSet] {
    allCases.filter { CPUFeatures.ofThisCPU.isSuperset(of: $0.features) }
  }

  /// The best one of this CPU.
  package static var best: InstructionSet { available.last ?? .baseline }
}
