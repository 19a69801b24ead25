import CKernels

/// Winograd's transforms, and what is done around multiplications.
extension Kernels {
  /// Floats of a vector.
  var lanes: Int { unsafe table.pointee.lanes }
  /// Output channels of a panel of transformed kernels.
  var winogradPanel: Int { 2 * lanes }

  /// Copies rows to where they lie without gaps; see `vck_kernels.store_rows`.
  func storeRows(
    _ source: UnsafePointer<Float>, rows: Int, columns: Int, sourceStride: Int,
    into destination: UnsafeMutablePointer<Float>, accumulating: Bool
  ) {
    unsafe table.pointee.store_rows(
      destination, source, rows, columns, sourceStride, accumulating ? 1 : 0)
  }

  /// Adds `part` to as many elements of `sum` from `place` on.
  ///
  /// - Precondition: there are as many.
  func add(_ part: Span<Float>, to sum: inout MutableSpan<Float>, at place: Int) {
    precondition(
      place >= 0 && place + part.count <= sum.count,
      "\(part.count) values at \(place) of \(sum.count)")
    unsafe part.withUnsafeBufferPointer { part in
      unsafe sum.withUnsafeMutableBufferPointer { sum in
        guard let source = part.baseAddress, let target = sum.baseAddress else {
          return
        }
        unsafe storeRows(
          source, rows: 1, columns: part.count, sourceStride: part.count, into: target + place,
          accumulating: true)
      }
    }
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
    into destination: UnsafeMutablePointer<Float>, pointStride: Int
  ) {
    unsafe transforms(form).kernels(destination, source, channels, outputs, pointStride)
  }

  /// Pixels in memory: floats from one row, and from one pixel, to the next.
  struct PixelStrides {
    let row: Int
    let pixel: Int
  }

  /// Transforms tiles that lie side by side; see `vck_winograd.input`.
  func winogradInput(
    _ form: WinogradForm, _ source: UnsafePointer<Float>, _ strides: PixelStrides, tiles: Int,
    channels: Int, into destination: UnsafeMutablePointer<Float>, pointStride: Int, tileStride: Int
  ) {
    unsafe transforms(form).input(
      destination, pointStride, tileStride, source, strides.row, strides.pixel, tiles, channels)
  }

  /// Transforms a tile back to pixels; see `vck_winograd.output`.
  func winogradOutput(
    _ form: WinogradForm, _ source: UnsafePointer<Float>, pointStride: Int, outputs: Int,
    rows: Int, columns: Int, residual: UnsafePointer<Float>?,
    into destination: UnsafeMutablePointer<Float>, _ strides: PixelStrides
  ) {
    unsafe transforms(form).output(
      destination, residual, strides.row, strides.pixel, rows, columns, source, pointStride, outputs
    )
  }

  /// Transforms tiles of a gradient that lie side by side; see `vck_kernels.winograd_gradient`.
  func winogradGradient(
    _ source: UnsafePointer<Float>, rowStride: Int, rows: Int, columns: Int, tiles: Int,
    channels: Int, into destination: UnsafeMutablePointer<Float>, pointStride: Int
  ) {
    unsafe table.pointee.winograd_gradient(
      destination, pointStride, channels, source, rowStride, rows, columns, tiles, channels)
  }

  /// The gradients of kernels from those of their points; see `vck_kernels.winograd_kernel_gradient`.
  func winogradKernelGradient(
    _ source: UnsafePointer<Float>, channels: Int, pointStride: Int,
    into destination: UnsafeMutablePointer<Float>
  ) {
    unsafe table.pointee.winograd_kernel_gradient(destination, source, channels, pointStride)
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
