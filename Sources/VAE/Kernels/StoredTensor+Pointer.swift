extension StoredTensor {
  /// The address of its first element, which need not be aligned; valid while the model is open.
  var pointer: UnsafeRawPointer { unsafe file.pointer(to: byteRange) }
}
