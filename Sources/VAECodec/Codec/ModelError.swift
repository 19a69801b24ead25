import VAE

/// What is wrong with a model's files.
public struct ModelError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The kinds of defect, with the tensors and shapes that show it.
  public enum Reason: Equatable, Sendable {
    /// The system cannot open or map the file.
    case unreadable
    /// A file breaks a rule of its format.
    case malformed
    /// The files are sound and of something that is not run.
    case unsupported
    /// A tensor that the configuration calls for is not there.
    case missingTensor(String)
    /// Several tensors stand for one of the network.
    case ambiguousTensors([String])
    /// A tensor has another shape than the configuration calls for.
    case wrongShape(tensor: String, found: [Int], expected: [Int])
    /// A tensor has elements that cannot be computed with.
    case wrongElementType(tensor: String, found: String)
    /// The path leads to no model.
    case noModel
    /// The repository, or a file of it, is not in the local cache; `advice` says how to get it.
    case notCached(advice: String)
  }

  /// The path of the file or the folder, or the name of the repository.
  public let location: String
  /// What is wrong there.
  public let reason: Reason
  /// The location and the reason in one sentence.
  public let description: String
}

extension ModelError {
  /// The engine's error in the terms of this module.
  init(_ error: any ModelFileError) {
    let (location, reason) = Self.evidence(error)
    self.init(location: location, reason: reason, description: error.description)
  }

  private static func evidence(_ error: any ModelFileError) -> (location: String, reason: Reason) {
    switch error {
    case let error as WeightsError: evidence(error)
    case let error as FamilyError: evidence(error)
    case let error as CheckpointError: evidence(error)
    case let error as UnreadableFile: (error.path, .unreadable)
    case let error as PyTorchError: evidence(error)
    default: preconditionFailure("an error of a model's files of an unknown kind: \(error)")
    }
  }

  private static func evidence(_ error: WeightsError) -> (String, Reason) {
    switch error {
    case .notSafetensors(let path, _), .malformedHeader(let path, _),
      .malformedTensor(let path, _, _):
      (path, .malformed)
    case .missingTensor(let path, let name): (path, .missingTensor(name))
    case .ambiguousTensor(let path, let names): (path, .ambiguousTensors(names))
    case .wrongShape(let path, let name, let found, let expected):
      (path, .wrongShape(tensor: name, found: found, expected: expected))
    case .wrongType(let path, let name, let found):
      (path, .wrongElementType(tensor: name, found: found))
    }
  }

  private static func evidence(_ error: FamilyError) -> (String, Reason) {
    switch error {
    case .malformedConfig(let path, _): (path, .malformed)
    case .unsupported(let path, _), .unsupportedClass(let path, _, _): (path, .unsupported)
    }
  }

  private static func evidence(_ error: PyTorchError) -> (String, Reason) {
    switch error {
    case .malformed: (error.path, .malformed)
    case .notPyTorch, .refused: (error.path, .unsupported)
    }
  }

  private static func evidence(_ error: CheckpointError) -> (String, Reason) {
    switch error {
    case .noModel(let path, _): (path, .noModel)
    case .outside(let path, _): (path, .malformed)
    case .notCached(let repository, _, let advice): (repository, .notCached(advice: advice))
    }
  }
}
