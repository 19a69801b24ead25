import FoundationEssentials
import VAE

/// What the command line asks for.
struct BenchmarkSettings {
  /// What may be measured alone.
  enum Part: String, CaseIterable {
    case kernels, latents, layers, training
  }

  /// What is measured; nil for everything.
  var part: Part?
  /// Where the model is; nil for random weights of Stable Diffusion's shapes.
  var model: String?
  /// Pixels of a side of the picture.
  var size = 512
  /// Runs of each network.
  var runs = 5
  /// Threads that compute.
  var threads = ProcessInfo.processInfo.activeProcessorCount
  /// The kernels.
  var kernels: Kernels

  /// A mistake on the command line.
  struct Mistake: Error, CustomStringConvertible {
    let description: String
  }

  static let usage = """
    usage: vaecodec-bench [--model PATH] [--size N] [--runs N] [--threads N] [--isa NAME]
             [--only kernels|latents|layers|training]
    """

  /// Settings from `arguments`, pairs of an option and its value.
  ///
  /// - Throws: `Mistake`.
  init(_ arguments: [String]) throws {
    guard let best = Kernels(.best) else { throw Mistake(description: "no kernels for this CPU") }
    kernels = best
    guard arguments.count.isMultiple(of: 2) else { throw Mistake(description: Self.usage) }
    for index in stride(from: 0, to: arguments.count, by: 2) {
      let (option, value) = (arguments[index], arguments[index + 1])
      func count() throws -> Int {
        guard let count = Int(value), (1...1 << 20).contains(count) else {
          throw Mistake(description: "\(option) takes a positive number, not \(value)")
        }
        return count
      }
      switch option {
      case "--model": model = value
      case "--size": size = try count()
      case "--runs": runs = try count()
      case "--threads": threads = try count()
      case "--only":
        guard let part = Part(rawValue: value) else { throw Mistake(description: Self.usage) }
        self.part = part
      case "--isa":
        guard let set = InstructionSet(rawValue: value), let kernels = Kernels(set) else {
          throw Mistake(description: "this CPU has no \(value)")
        }
        self.kernels = kernels
      default: throw Mistake(description: Self.usage)
      }
    }
  }
}
