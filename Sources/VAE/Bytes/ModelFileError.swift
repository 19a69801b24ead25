/// An error about the files of a model. Its description is a sentence that names the file and says what
/// is wrong with it.
package protocol ModelFileError: Error, CustomStringConvertible {}
