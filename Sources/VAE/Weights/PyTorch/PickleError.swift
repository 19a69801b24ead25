/// Why a pickle is not read; whoever knows its file says which that is.
enum PickleError: Error, Equatable {
  /// An instruction asks for something impossible.
  case malformed(String, offset: Int)
  /// An instruction asks for something that is not on the list of what is known, in words.
  case refused(String)
}
