import Glibc

/// The bytes of a file, mapped read-only: nothing is read before it is used.
///
/// Also stands for bytes that are part of the program, so that a compiled-in model is read like any
/// other.
///
/// `@unchecked Sendable` because the memory is only written by `update`, whose caller has it to itself, and the
/// owner only unmaps it in `deinit`.
@safe package final class MappedFile: @unchecked Sendable {
  /// The path as it was given, for messages.
  package let path: String
  /// Bytes of the file.
  package let byteCount: Int
  private let base: UnsafeRawPointer
  private let kind: Kind

  /// Whose the memory is.
  private enum Kind {
    /// The system's, which fills it from the file.
    case mapped
    /// Part of the program.
    case constant
    /// Allocated here.
    case owned
  }

  /// The file at `path`.
  ///
  /// - Throws: `UnreadableFile` with the system's reason.
  package init(path: String) throws {
    // Without O_NONBLOCK, opening a named pipe would wait for somebody to write to it.
    let descriptor = unsafe open(path.systemPath, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw UnreadableFile(path: path, reason: systemMessage(errno))
    }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else {
      throw UnreadableFile(path: path, reason: systemMessage(errno))
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw UnreadableFile(path: path, reason: "not a regular file")
    }
    let byteCount = Int(status.st_size)
    guard byteCount > 0 else {
      throw UnreadableFile(path: path, reason: "the file is empty")
    }
    let mapping = unsafe mmap(nil, byteCount, PROT_READ, MAP_PRIVATE, descriptor, 0)
    guard let mapping = unsafe mapping, unsafe mapping != MAP_FAILED else {
      throw UnreadableFile(path: path, reason: systemMessage(errno))
    }
    self.path = path
    self.byteCount = byteCount
    unsafe base = UnsafeRawPointer(mapping)
    kind = .mapped
  }

  /// Bytes of the program itself.
  ///
  /// - Parameters:
  ///   - name: stands for the path in messages.
  ///   - staticBytes: memory that is never freed or written.
  package init(name: String, staticBytes: UnsafeRawBufferPointer) {
    path = name
    byteCount = staticBytes.count
    // An empty buffer may have no address; nothing is ever read from it.
    unsafe base = staticBytes.baseAddress ?? UnsafeRawPointer(bitPattern: 1).unsafelyUnwrapped
    kind = .constant
  }

  /// Calls `body` with a file of `bytes`, which it must not keep.
  package static func reading<Result>(
    _ bytes: [UInt8], _ body: (MappedFile) throws -> Result
  ) rethrows -> Result {
    try unsafe bytes.withUnsafeBytes { try unsafe body(MappedFile(name: "", staticBytes: $0)) }
  }

  /// A copy of `elements`, which were made of those of a file.
  ///
  /// - Parameter name: stands for the path in messages.
  init<Element: FixedWidthInteger>(name: String, elements: [Element]) {
    path = name
    byteCount = elements.count * MemoryLayout<Element>.stride
    let memory = UnsafeMutableRawBufferPointer.allocate(
      byteCount: max(byteCount, 1), alignment: MemoryLayout<Element>.alignment)
    unsafe elements.withUnsafeBytes { unsafe memory.copyMemory(from: $0) }
    // An allocation of at least one byte has an address.
    unsafe base = UnsafeRawPointer(memory.baseAddress.unsafelyUnwrapped)
    kind = .owned
  }

  /// Writes the memory of a file that was made of f32 elements.
  ///
  /// - Precondition: nobody reads or writes the file at the same time.
  func update<Result>(
    _ body: (inout MutableSpan<Float>) throws -> Result
  ) rethrows -> Result {
    precondition(kind == .owned, "a file that is not in memory of its own is read only")
    let memory = unsafe UnsafeMutableRawPointer(mutating: base)
    var span = unsafe MutableSpan(
      _unsafeStart: memory.assumingMemoryBound(to: Float.self),
      count: byteCount / MemoryLayout<Float>.stride)
    return try body(&span)
  }

  deinit {
    let memory = unsafe UnsafeMutableRawPointer(mutating: base)
    switch kind {
    case .mapped: _ = unsafe munmap(memory, byteCount)
    case .owned: unsafe memory.deallocate()
    case .constant: break
    }
  }

  /// A copy of the bytes of `range`.
  ///
  /// - Precondition: `range` lies inside the file.
  package func bytes(in range: Range<Int>) -> [UInt8] {
    unsafe [UInt8](UnsafeRawBufferPointer(start: pointer(to: range), count: range.count))
  }

  /// The address of the bytes of `range`, valid while the file is mapped.
  ///
  /// - Precondition: `range` lies inside the file.
  func pointer(to range: Range<Int>) -> UnsafeRawPointer {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= byteCount,
      "bytes \(range) of a file of \(byteCount)")
    return unsafe base + range.lowerBound
  }

  /// Lets the system know that the pages of `range` are not needed for now; they count as the process's
  /// memory otherwise. They are read again when they are used again.
  func release(_ range: Range<Int>) {
    guard kind == .mapped, !range.isEmpty else { return }
    let page = Int(getpagesize())
    let start = range.lowerBound / page * page
    _ = unsafe madvise(
      UnsafeMutableRawPointer(mutating: base + start), range.upperBound - start, MADV_DONTNEED)
  }
}

/// The system's words for an error number, in lower case, such as "no such file or directory".
package func systemMessage(_ number: Int32) -> String {
  guard let text = unsafe strerror(number) else { return "error \(number)" }
  let message = unsafe String(cString: text)
  return message.prefix(1).lowercased() + message.dropFirst()
}
