import Glibc
import VAE

/// A terminal of its own for a program: what the program writes is read from its other side.
final class PseudoTerminal {
  /// The path of the program's side.
  let path: String
  private let descriptor: Int32

  // TIOCSPTLCK and TIOCGPTN of Linux's asm-generic/ioctls.h, which Swift does not see.
  private static let setLock: UInt = 0x4004_5431
  private static let getNumber: UInt = 0x8004_5430

  /// A terminal of 40 rows of `columns`.
  init(columns: Int) throws {
    descriptor = unsafe open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    var (lock, number) = (Int32(0), UInt32(0))
    guard descriptor >= 0, unsafe ioctl(descriptor, Self.setLock, &lock) == 0,
      unsafe ioctl(descriptor, Self.getNumber, &number) == 0
    else {
      throw NoTerminal(reason: systemMessage(errno))
    }
    path = "/dev/pts/\(number)"
    var size = winsize(ws_row: 40, ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
    guard unsafe ioctl(descriptor, UInt(TIOCSWINSZ), &size) == 0 else {
      throw NoTerminal(reason: systemMessage(errno))
    }
  }

  deinit { close(descriptor) }

  /// What was written and not read yet.
  func readAvailable() -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      var ready = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      guard unsafe poll(&ready, 1, 0) == 1, ready.revents & Int16(POLLIN) != 0 else { return bytes }
      let count = unsafe read(descriptor, &buffer, buffer.count)
      guard count > 0 else { return bytes }
      bytes += buffer.prefix(count)
    }
  }

  /// The system has no terminal to give.
  private struct NoTerminal: Error {
    let reason: String
  }
}
