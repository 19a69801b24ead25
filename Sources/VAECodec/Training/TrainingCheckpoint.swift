import FoundationEssentials
import VAE

/// A training as it stands after a step: with it, it goes on as if it had never ended.
///
/// The file is one of safetensors; the numbers beside the tensors stand in its metadata as JSON.
struct TrainingCheckpoint {
  /// What may not have changed.
  struct Identity: Codable, Equatable {
    let settings: TrainingSettings
    /// Of a new model.
    let design: ModelDesign?
    /// Of the weights to begin with.
    let weights: UInt64
    let pictures: UInt64
  }

  /// All that is no tensor.
  struct State: Codable, Equatable {
    let identity: Identity
    var step: Int
    var memory: Learner.Memory
    /// Of the steps since the last validation.
    var sums: TrainingRecord.Loss
    var records: [TrainingRecord]
    /// The record of the weights that are kept.
    var best: TrainingRecord
  }

  var state: State
  let values: [Float]
  let average: [Float]
  let means: [Float]
  let squares: [Float]
  /// The averaged weights of the best record.
  let best: [Float]

  private static let stateName = "state"

  /// The bytes of the file.
  func bytes() throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let tensors = [
      ("values", values), ("average", average), ("means", means), ("squares", squares),
      ("best", best),
    ]
    return SafetensorsWriter.bytes(
      tensors.map { .init(name: $0.0, shape: [$0.1.count], values: $0.1) },
      metadata: [
        (Self.stateName, String(decoding: try encoder.encode(state), as: UTF8.self))
      ])
  }
}

extension TrainingCheckpoint {
  /// The checkpoint in the file at `path`, of a training of `identity`.
  ///
  /// - Throws: `CodecError.model` and `TrainingError.otherCheckpoint`.
  init(path: String, of identity: Identity, _ kernels: Kernels) throws {
    func other(_ difference: String) -> TrainingError {
      .otherCheckpoint(path: path, difference: difference)
    }
    let file = try CodecError.wrapping { try WeightsFile(path: path) }
    guard let text = file.metadata[Self.stateName],
      let state = try? JSONDecoder().decode(State.self, from: Data(text.utf8))
    else { throw other("it holds no training's state") }
    if let difference = state.identity.difference(from: identity) { throw other(difference) }
    let store = try CodecError.wrapping {
      try WeightStore(
        path: path, files: [file], canonicalName: { name, _ in name }, fileName: { $0 })
    }
    func values(_ name: String) throws -> [Float] {
      try CodecError.wrapping {
        kernels.floats(of: try store.tensor(name, shape: store.shape(of: name) ?? []))
      }
    }
    self.init(
      state: state, values: try values("values"), average: try values("average"),
      means: try values("means"), squares: try values("squares"), best: try values("best"))
  }
}

extension TrainingCheckpoint.Identity {
  /// The first thing that differs, in words; nil where nothing does.
  fileprivate func difference(from other: Self) -> String? {
    guard self != other else { return nil }
    if weights != other.weights { return "it began with other weights" }
    if pictures != other.pictures { return "its pictures were others" }
    let (was, now) = (fields, other.fields)
    let name = Set(was.keys).union(now.keys).sorted().first { was[$0] != now[$0] }
    return name.map { "its \($0) was \(was[$0] ?? "not set"), and is now \(now[$0] ?? "not set")" }
  }

  /// The settings by their names, as text.
  private var fields: [String: String] {
    let settings = Mirror(reflecting: settings).children
    let design = design.map { Array(Mirror(reflecting: $0).children) } ?? []
    return (Array(settings) + design).reduce(into: [:]) { fields, child in
      // Of an optional the value alone.
      let value = Mirror(reflecting: child.value)
      let known: Any? =
        value.displayStyle == .optional ? value.children.first?.value : child.value
      fields[child.label ?? ""] = known.map { "\($0)" }
    }
  }
}
