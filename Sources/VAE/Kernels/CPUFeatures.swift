import CKernels

/// What a CPU has beside the baseline of its architecture, as far as kernels may want it. A feature counts
/// only where the system keeps its registers.
package struct CPUFeatures: OptionSet, Sendable {
  package let rawValue: UInt32

  package init(rawValue: UInt32) { self.rawValue = rawValue }

  private init(_ bits: Int) { self.init(rawValue: UInt32(bits)) }

  package static let avx2 = CPUFeatures(VCK_CPU_AVX2)
  package static let fma = CPUFeatures(VCK_CPU_FMA)
  package static let f16c = CPUFeatures(VCK_CPU_F16C)
  package static let avx512f = CPUFeatures(VCK_CPU_AVX512F)
  package static let avx512bw = CPUFeatures(VCK_CPU_AVX512BW)
  package static let avx512dq = CPUFeatures(VCK_CPU_AVX512DQ)
  package static let avx512vl = CPUFeatures(VCK_CPU_AVX512VL)
  package static let avx512vnni = CPUFeatures(VCK_CPU_AVX512_VNNI)
  package static let avx512bf16 = CPUFeatures(VCK_CPU_AVX512_BF16)
  package static let avx512fp16 = CPUFeatures(VCK_CPU_AVX512_FP16)

  /// What the kernels for AVX2 are compiled for.
  static let forAVX2 = CPUFeatures(VCK_CPU_FOR_AVX2)
  /// What the kernels for AVX-512 are compiled for.
  static let forAVX512 = CPUFeatures(VCK_CPU_FOR_AVX512)

  /// The features of the CPU that the process runs on.
  package static let ofThisCPU = CPUFeatures(rawValue: vck_this_cpu())
}
