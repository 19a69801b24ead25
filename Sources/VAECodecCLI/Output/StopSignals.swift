import Dispatch
import Glibc
import Synchronization
import VAECodec

/// Signals to end, by which a batch ends at once but in order: what is in hand is finished and kept.
///
/// Schedulers of clusters send SIGTERM, or a signal of the user's choice, some time before they end a process.
final class StopSignals: Sendable {
  private let received = Mutex<Int32?>(nil)
  private let queue = DispatchQueue(label: "signals")
  private nonisolated(unsafe) var sources: [any DispatchSourceSignal] = []

  /// - Parameters:
  ///   - request: made by the first signal.
  ///   - grace: seconds after a signal in which what is in hand has to be finished.
  ///   - abandon: called before the process ends with work in hand.
  init(_ request: StopRequest, grace: Double, abandon: @escaping @Sendable () -> Void) {
    for number in [SIGINT, SIGTERM, SIGUSR1, SIGUSR2] {
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler { [self] in
        let isFirst = received.withLock { received in
          defer { received = received ?? number }
          return received == nil
        }
        @Sendable func leave() -> Never {
          abandon()
          _exit(128 + number)
        }
        guard isFirst else { leave() }
        request.make()
        queue.asyncAfter(deadline: .now() + grace) { leave() }
      }
      source.resume()
      unsafe sources.append(source)
    }
  }

  /// The exit status that says which signal ended the work; nil if none came.
  var exitStatus: Int32? { received.withLock(\.self).map { 128 + $0 } }
}
