/// Memory that the workers of one operation use while they compute, reused from operation to
/// operation.
///
/// Grows to the largest size asked for; the contents do not survive a growth.
struct Scratch: ~Copyable {
  private var arena: Arena
  private var byteCountPerWorker = 0
  private let workers: Int

  /// Scratch memory for `workers` workers.
  init(workers: Int) throws {
    self.workers = workers
    arena = try Arena(byteCount: 0)
  }

  /// Makes room for `floatCount` floats for each worker.
  ///
  /// - Throws: `OutOfMemory`.
  mutating func reserve(_ floatCount: Int) throws {
    let alignment = Arena.alignment
    let byteCount =
      (floatCount * MemoryLayout<Float>.stride + alignment - 1) / alignment * alignment
    guard byteCount > byteCountPerWorker else { return }
    arena = try Arena(byteCount: byteCount * workers)
    byteCountPerWorker = byteCount
  }

  /// The floats of `worker`; no other worker gets them.
  func floats(of worker: Int) -> UnsafeMutablePointer<Float> {
    unsafe arena.floats(at: worker * byteCountPerWorker, count: byteCountPerWorker / 4)
  }
}
