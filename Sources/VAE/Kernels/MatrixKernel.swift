import CKernels

/// A multiplication of matrices, and the form in which it wants its right side.
///
/// The right side lies in panels of `nr` columns, each `[k, nr]` in one piece, k filled up
/// with zeros to a multiple of `kr`. Memory is counted in bytes and strides in elements, so that a
/// multiplication in other formats fits where the one in f32 does. All that exist stand in one list, the
/// preferred first; which of them runs follows from precision, shape and CPU.
///
/// `@unchecked Sendable` because what it points to is constant and static.
///
/// - SeeAlso: `vck_matrix_kernel` in CKernels.h.
@safe package struct MatrixKernel: @unchecked Sendable {
  private let kernel: UnsafePointer<vck_matrix_kernel>
  /// Formats of the elements of both sides; sums are f32.
  let left, right: ElementType
  /// Bytes of an element of the right side.
  let rightByteCount: Int

  private init(_ kernel: UnsafePointer<vck_matrix_kernel>) {
    unsafe self.kernel = kernel
    left = unsafe ElementType(kernel.pointee.left)
    right = unsafe ElementType(kernel.pointee.right)
    rightByteCount = right.byteCount
  }

  /// All that were compiled, whether this CPU runs them or not.
  static let all: [MatrixKernel] = {
    var kernels: [MatrixKernel] = []
    var next = unsafe vck_matrix_kernels()
    while let kernel = unsafe next?.pointee {
      unsafe kernels.append(MatrixKernel(kernel))
      unsafe next = next?.advanced(by: 1)
    }
    return kernels
  }()

  /// What measurements call it, such as "f32 panels, avx512".
  package var name: String { unsafe String(cString: kernel.pointee.name) }
  /// What a CPU must have to run it.
  var features: CPUFeatures { unsafe CPUFeatures(rawValue: kernel.pointee.features) }
  /// Rows that are taken at a time: left sides and results have room up to the next multiple.
  var mr: Int { unsafe kernel.pointee.mr }
  /// Columns of a panel.
  var nr: Int { unsafe kernel.pointee.nr }
  /// Steps of k that are taken at a time.
  var kr: Int { unsafe kernel.pointee.kr }

  /// Whether it multiplies in `precision` and right sides of `columns` columns fill half of a panel at
  /// least; nil stands for many.
  func suits(_ precision: Precision, columns: Int?) -> Bool {
    (left, right) == precision.formats && (nr == 1 ? columns != nil : (columns ?? nr) * 2 > nr)
  }

  // MARK: Right sides

  /// Panels of a right side of `columns` columns.
  func panels(columns: Int) -> Int { columns.dividedRoundingUp(by: nr) }

  /// Elements of a panel of a right side of `k` rows.
  func panelStride(k: Int) -> Int { k.roundedUp(toMultipleOf: kr) * nr }

  /// Bytes of a right side of `k` rows and `columns` columns in panels.
  func packedByteCount(k: Int, columns: Int) -> Int {
    panels(columns: columns) * panelStride(k: k) * rightByteCount
  }

  /// Packs a panel of a right side that is given by columns, `[columns, k]`.
  func packPanel(
    _ source: UnsafePointer<Float>, k: Int, columns: Int,
    into destination: UnsafeMutableRawPointer
  ) {
    unsafe kernel.pointee.pack_panel(destination, source, k, columns)
  }

  /// Packs some rows of a right side, `[rows, columns]`, as parts of panels that lie `stride` elements
  /// apart.
  func packRows(
    _ source: UnsafePointer<Float>, rows: Int, columns: Int,
    into destination: UnsafeMutableRawPointer, stride: Int
  ) {
    unsafe kernel.pointee.pack_rows(destination, stride, source, rows, columns)
  }

  // MARK: Products

  /// Rows of a left side, `stride` elements apart, which may overlap.
  @safe struct Rows {
    let start: UnsafeRawPointer
    let stride: Int
    let count: Int
    /// Elements of a row.
    let k: Int
  }

  /// Panels of a right side, `stride` elements apart.
  @safe struct Panels {
    let start: UnsafeRawPointer
    let stride: Int
    let count: Int
  }

  /// destination = rows · panels, added to what is there if `accumulating`.
  ///
  /// - Parameters:
  ///   - destination: `[rows, panels · nr]`, with room for whole multiples of `mr` rows.
  ///   - stride: floats from one row of the destination to the next.
  /// - Complexity: rows · k · panels · nr multiply-adds.
  func multiply(
    _ rows: Rows, _ panels: Panels, into destination: UnsafeMutablePointer<Float>, stride: Int,
    accumulating: Bool = false
  ) {
    unsafe kernel.pointee.multiply(
      destination, stride, rows.start, rows.stride, panels.start, panels.stride, rows.count,
      rows.k, panels.count, accumulating ? 1 : 0)
  }

  /// The same of rows that are given by columns, `[k, rows]`, `stride` elements apart, with room for whole
  /// multiples of `mr` in each.
  ///
  /// - Precondition: `nr` is larger than 1.
  func multiplyTurned(
    _ rows: Rows, _ panels: Panels, into destination: UnsafeMutablePointer<Float>, stride: Int,
    accumulating: Bool = false
  ) {
    unsafe kernel.pointee.multiply_turned(
      destination, stride, rows.start, rows.stride, panels.start, panels.stride, rows.count,
      rows.k, panels.count, accumulating ? 1 : 0)
  }
}

extension ElementType {
  /// The type of an element of the C kernels.
  fileprivate init(_ dtype: vck_dtype) {
    switch dtype {
    case VCK_DTYPE_F16: self = .f16
    case VCK_DTYPE_BF16: self = .bf16
    default: self = .f32
    }
  }
}
