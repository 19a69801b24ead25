/// The name of a model repository, as Hugging Face's tools write it: ORG/NAME or NAME, with
/// @REVISION for another revision than the main one.
///
/// - SeeAlso: huggingface_hub `utils/_validators.py`, `validate_repo_id`.
package struct RepositoryID: Sendable, Equatable, CustomStringConvertible {
  /// ORG/NAME or NAME.
  package let id: String
  /// A branch, a tag, a reference such as refs/pr/1, or a commit.
  package let revision: String

  /// The revision where none is named.
  package static let mainRevision = "main"

  /// The repository that `text` names, or nil if it cannot be a name of one.
  package init?(_ text: String) {
    let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
    let id = parts[0].split(separator: "/", omittingEmptySubsequences: false)
    guard (1...2).contains(id.count), id.allSatisfy(Self.isComponent),
      id.last?.count ?? 0 <= 96, !parts[0].hasSuffix(".git")
    else { return nil }
    let revision = parts.count > 1 ? String(parts[1]) : Self.mainRevision
    guard
      revision.split(separator: "/", omittingEmptySubsequences: false).allSatisfy({
        Self.isWord($0) && !$0.hasPrefix(".") && !$0.hasPrefix("-")
      })
    else { return nil }
    self.id = String(parts[0])
    self.revision = revision
  }

  /// The repository of a folder of the cache, such as models--org--name, or nil for other folders.
  package init?(cacheFolder name: String, revision: String) {
    guard name.hasPrefix(Self.folderPrefix) else { return nil }
    let id = name.dropFirst(Self.folderPrefix.count).replacing("--", with: "/")
    self.init(id + "@" + revision)
  }

  package var description: String {
    revision == Self.mainRevision ? id : "\(id)@\(revision)"
  }

  /// Whether the name has an organisation, as no local file that is named by itself.
  package var hasOrganisation: Bool { id.contains("/") }

  private static let folderPrefix = "models--"

  /// The name of the repository's folder in the cache.
  var cacheFolder: String { Self.folderPrefix + id.replacing("/", with: "--") }

  private static func isWord(_ text: Substring) -> Bool {
    !text.isEmpty
      && text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"):
          true
        default: "._-".utf8.contains(byte)
        }
      }
  }

  private static func isComponent(_ text: Substring) -> Bool {
    isWord(text) && !text.contains("--") && !text.contains("..")
      && ["-", "."].allSatisfy { !text.hasPrefix($0) && !text.hasSuffix($0) }
  }
}
