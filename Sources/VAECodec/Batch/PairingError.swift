/// Why a picture has no partner to be compared with.
public enum PairingError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The folder has no file that is called as pictures are.
  case noPictures
  /// No picture in the folder goes by the reference's name.
  case noPicture(folder: String)
  /// No reference in the folder goes by the picture's name.
  case noReference(folder: String)
  /// Two files or more go by the name and differ in their extensions.
  case ambiguous([String])

  /// What was found, in lower case.
  public var description: String {
    switch self {
    case .noPictures: "no picture is in this folder"
    case .noPicture(let folder): "no picture of this name is in \(folder)"
    case .noReference(let folder): "no reference of this name is in \(folder)"
    case .ambiguous(let paths):
      "its partner could be " + paths.map { "'\($0)'" }.joined(separator: " or ")
    }
  }
}
