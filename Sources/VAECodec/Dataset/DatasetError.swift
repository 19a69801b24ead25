/// Why a data set is not worked on.
public enum DatasetError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The output folder has files of other settings or of another model.
  case otherRun(folder: String, differences: [String])
  /// The record of the settings in an output folder cannot be understood.
  case damagedRecord(String)
  /// Another process works on the same part of the data set.
  case locked(folder: String, holder: String)
  /// Inputs that would become the same files, each with the output that it shares with another.
  case sameOutputs([(input: String, output: String)])
  /// A line of a list of files cannot be understood.
  case badLine(list: String, number: Int, reason: String)
  /// There is nothing to do in a folder or on a list.
  case empty(String, kind: String)

  public static func == (one: Self, other: Self) -> Bool {
    "\(one)" == "\(other)"
  }

  /// Clashes that are listed.
  private static let listedCount = 10

  public var description: String {
    switch self {
    case .otherRun(let folder, let differences):
      "\(folder) holds files of other settings: \(differences.joined(separator: "; "))"
    case .damagedRecord(let path): "\(path): is no record of a run that this version understands"
    case .locked(let folder, let holder):
      "another process works on \(folder)" + (holder.isEmpty ? "" : ": \(holder)")
    case .sameOutputs(let clashes):
      "\(clashes.count) inputs would become files that others become too: "
        + clashes.prefix(Self.listedCount).map { "'\($0.input)' -> '\($0.output)'" }
        .joined(separator: ", ") + (clashes.count > Self.listedCount ? ", ..." : "")
    case .badLine(let list, let number, let reason):
      "\(InputFile.displayName(of: list)): line \(number) \(reason)"
    case .empty(let path, let kind): "\(InputFile.displayName(of: path)): no \(kind) is there"
    }
  }
}
