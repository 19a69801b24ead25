import CKernels

/// The multiplication of matrices with a right side in panels, and the transforms around it.
extension Kernels {
  /// Floats of a vector.
  var lanes: Int { unsafe table.pointee.lanes }
  /// Rows that the multiplication takes at a time.
  var gemmRows: Int { unsafe table.pointee.gemm_rows }
  /// Columns of a panel, the form of a multiplication's right side.
  var panel: Int { unsafe table.pointee.panel }

  /// Panels of a right side of `outputs` columns.
  func panels(outputs: Int) -> Int { (outputs + panel - 1) / panel }

  /// Floats of a right side of `channels` rows and `outputs` columns in panels.
  func panelCount(channels: Int, outputs: Int) -> Int {
    panels(outputs: outputs) * panel * channels
  }

  /// Floats from one tap of transformed kernels to the next: a line more than the values, so that taps
  /// do not fall onto the same cache sets.
  func tapStride(channels: Int, outputs: Int) -> Int {
    panelCount(channels: channels, outputs: outputs) + 16
  }

  /// Packs a panel of a right side; see `vck_kernels.pack_panel`.
  func packPanel(
    _ source: UnsafePointer<Float>, channels: Int, outputs: Int,
    into destination: UnsafeMutablePointer<Float>
  ) {
    unsafe table.pointee.pack_panel(destination, source, channels, outputs)
  }

  /// Packs rows of a right side; see `vck_kernels.pack_rows`.
  func packRows(
    _ source: UnsafePointer<Float>, rows: Int, columns: Int,
    into destination: UnsafeMutablePointer<Float>, stride: Int
  ) {
    unsafe table.pointee.pack_rows(destination, stride, source, rows, columns)
  }

  /// Rows of a matrix, `stride` floats apart, which may overlap.
  @safe struct Rows {
    let start: UnsafePointer<Float>
    let stride: Int
    let count: Int
    /// Values of a row.
    let depth: Int
  }

  /// The panels of a right side, `stride` floats apart.
  @safe struct Panels {
    let start: UnsafePointer<Float>
    let stride: Int
    let count: Int
  }

  /// Multiplies rows with panels; see `vck_kernels.multiply_panels`.
  func multiplyPanels(
    _ rows: Rows, _ panels: Panels, into destination: UnsafeMutablePointer<Float>, stride: Int,
    accumulating: Bool = false
  ) {
    unsafe table.pointee.multiply_panels(
      destination, stride, rows.start, rows.stride, panels.start, panels.stride, rows.count,
      rows.depth, panels.count, accumulating ? 1 : 0)
  }

  /// Multiplies rows with the rows of a right side of few columns; see `vck_kernels.multiply_rows`.
  func multiplyRows(
    _ rows: Rows, _ right: Rows, into destination: UnsafeMutablePointer<Float>, stride: Int,
    accumulating: Bool
  ) {
    unsafe table.pointee.multiply_rows(
      destination, stride, rows.start, rows.stride, right.start, right.stride, rows.count,
      rows.depth, right.count, accumulating ? 1 : 0)
  }

  /// Copies rows to where they lie without gaps; see `vck_kernels.store_rows`.
  func storeRows(
    _ source: UnsafePointer<Float>, rows: Int, columns: Int, sourceStride: Int,
    into destination: UnsafeMutablePointer<Float>, accumulating: Bool
  ) {
    unsafe table.pointee.store_rows(
      destination, source, rows, columns, sourceStride, accumulating ? 1 : 0)
  }

  /// Makes 2x2 kernels of 3x3 ones; see `vck_kernels.fold_kernels`.
  func foldKernels(
    _ source: UnsafePointer<Float>, count: Int, rows: [Float], columns: [Float],
    into destination: UnsafeMutablePointer<Float>
  ) {
    unsafe table.pointee.fold_kernels(destination, source, count, rows, columns)
  }

  /// The transformed kernels of a panel of output channels; see `vck_winograd.kernels`.
  func winogradKernels(
    _ form: WinogradForm, _ source: UnsafePointer<Float>, channels: Int, outputs: Int,
    into destination: UnsafeMutablePointer<Float>, tapStride: Int
  ) {
    unsafe transforms(form).kernels(destination, source, channels, outputs, tapStride)
  }

  /// Pixels in memory: floats from one row, and from one pixel, to the next.
  struct PixelStrides {
    let row: Int
    let pixel: Int
  }

  /// Transforms tiles that lie side by side; see `vck_winograd.input`.
  func winogradInput(
    _ form: WinogradForm, _ source: UnsafePointer<Float>, _ strides: PixelStrides, tiles: Int,
    channels: Int, into destination: UnsafeMutablePointer<Float>, tapStride: Int, tileStride: Int
  ) {
    unsafe transforms(form).input(
      destination, tapStride, tileStride, source, strides.row, strides.pixel, tiles, channels)
  }

  /// Transforms a tile back to pixels; see `vck_winograd.output`.
  func winogradOutput(
    _ form: WinogradForm, _ source: UnsafePointer<Float>, tapStride: Int, outputs: Int,
    rows: Int, columns: Int, residual: UnsafePointer<Float>?,
    into destination: UnsafeMutablePointer<Float>, _ strides: PixelStrides
  ) {
    unsafe transforms(form).output(
      destination, residual, strides.row, strides.pixel, rows, columns, source, tapStride, outputs)
  }

  /// The C kernels of a form.
  func transforms(_ form: WinogradForm) -> vck_winograd {
    let all = unsafe table.pointee.winograd
    switch form {
    case .f4x2: return all.0
    case .f4x3: return all.1
    case .f6x3: return all.2
    }
  }

  /// Runs `count` steps of chains of multiply-adds; see `vck_kernels.multiply_add_chains`.
  ///
  /// - Returns: the multiply-adds that were done.
  package func runMultiplyAddChains(count: Int) -> Int {
    // The factor comes from outside the call so that nothing is computed beforehand.
    let result = unsafe table.pointee.multiply_add_chains(count, 0.5)
    precondition(result.isFinite, "a sum of halves grew to \(result)")
    return 12 * lanes * count
  }
}
