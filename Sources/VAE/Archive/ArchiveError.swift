/// What is wrong with an archive, or with what is to become one.
///
/// Whoever reads a file that is an archive says it as an error of that file.
package enum ArchiveError: Error {
  /// A read past the end of the archive.
  case truncated(ByteReader.EndOfData)
  /// A record or a member holds something impossible.
  case malformed(section: String, offset: Int, reason: String)
  /// The archive would have more than 4 GB, for which readers differ.
  case tooLong
}
