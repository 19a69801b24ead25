import COpenBLAS

/// Single-precision matrix multiplication on OpenBLAS, one thread a call.
///
/// Our own threads call it at the same time; OpenBLAS threads inside ours would only fight for the
/// cores.
package struct GEMM: Sendable {
  /// The multiplication, with OpenBLAS kept on the calling thread, whoever in the process
  /// calls it.
  init() { openblas_set_num_threads(1) }

  /// The name of the kernels that OpenBLAS chose for this CPU, such as "Cooperlake".
  package static var coreName: String { unsafe String(cString: openblas_get_corename()) }

  /// A matrix in memory: the first element and the elements from one row to the next.
  @safe struct Matrix {
    let start: UnsafePointer<Float>
    let rowStride: Int
    /// Whether its rows stand in the place of columns: `[k, rows]` for a left side, `[k, columns]` for a right
    /// one.
    var isTurned = false
  }

  /// result = left · rightᵀ, plus the result's old value where `accumulating`.
  ///
  /// - Parameters:
  ///   - left: [rows, k], unless it is turned.
  ///   - right: [columns, k], unless it is turned.
  ///   - result: [rows, columns], overlapping neither.
  /// - Complexity: rows · columns · k multiply-adds.
  func multiply(
    _ left: Matrix, _ right: Matrix, rows: Int, columns: Int, k: Int,
    into result: UnsafeMutablePointer<Float>, resultStride: Int, accumulating: Bool
  ) {
    unsafe cblas_sgemm(
      CblasRowMajor, left.isTurned ? CblasTrans : CblasNoTrans,
      right.isTurned ? CblasNoTrans : CblasTrans,
      blasint(rows), blasint(columns), blasint(k),
      1, left.start, blasint(left.rowStride), right.start, blasint(right.rowStride),
      accumulating ? 1 : 0, result, blasint(resultStride))
  }
}
