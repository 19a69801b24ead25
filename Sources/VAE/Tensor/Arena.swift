import Glibc

/// The system has no memory of the size that a run needs.
package struct OutOfMemory: Error, CustomStringConvertible {
  /// Bytes asked for.
  package let byteCount: Int

  /// The refusal of `byteCount` bytes.
  package init(byteCount: Int) { self.byteCount = byteCount }

  package var description: String {
    "the system refused \((byteCount + 999_999) / 1_000_000) MB of memory"
  }
}

/// One run of zeroed memory from which the tensors of a network get their places.
///
/// The system gives pages when they are first written, so a part that is never used costs nothing. The memory
/// of an arena that is used again is what it was.
///
/// `@unchecked Sendable` because whoever has it says which part belongs to which thread.
@safe package final class Arena: @unchecked Sendable {
  private let mapping: UnsafeMutableRawPointer
  private let mappedByteCount: Int
  private let base: UnsafeMutableRawPointer
  /// Bytes of the arena.
  package let byteCount: Int

  /// Places are multiples of this many bytes: a cache line, and the widest vector.
  package static let alignment = 64

  /// Bytes of a large page on x86-64, and on AArch64 with pages of 4 KiB.
  private static let largePage = 2 << 20

  /// An arena of `byteCount` bytes.
  ///
  /// - Throws: `OutOfMemory`.
  package init(byteCount: Int) throws {
    self.byteCount = max(byteCount, Arena.alignment)
    mappedByteCount = self.byteCount + Arena.largePage
    let mapping = unsafe mmap(
      nil, mappedByteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
      -1, 0)
    guard let mapping = unsafe mapping, unsafe mapping != MAP_FAILED else {
      throw OutOfMemory(byteCount: byteCount)
    }
    unsafe self.mapping = mapping
    unsafe base = mapping.alignedUp(toMultipleOf: Arena.largePage)
    // Large pages save most of the page faults of the first pass over hundreds of megabytes.
    _ = unsafe madvise(base, self.byteCount, MADV_HUGEPAGE)
  }

  deinit { _ = unsafe munmap(mapping, mappedByteCount) }

  /// The `count` floats that begin `byteOffset` bytes into the arena.
  ///
  /// The pointer is valid while the arena is; two places overlap where the caller's plan lets them.
  ///
  /// - Precondition: the range lies inside the arena and `byteOffset` is a multiple of `alignment`.
  package func floats(at byteOffset: Int, count: Int) -> UnsafeMutablePointer<Float> {
    precondition(
      byteOffset >= 0 && byteOffset % Arena.alignment == 0
        && byteOffset + count * MemoryLayout<Float>.stride <= byteCount,
      "\(count) floats at byte \(byteOffset) do not fit an arena of \(byteCount) bytes")
    return unsafe (base + byteOffset).assumingMemoryBound(to: Float.self)
  }
}
