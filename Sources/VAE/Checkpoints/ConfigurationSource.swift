/// Where a model's configuration comes from, and what became of a config.json beside its tensors.
package enum ConfigurationSource: Sendable, Equatable {
  /// There is no config.json.
  case tensors
  /// A config.json that belongs to the file of the tensors by its name.
  case own
  /// The config.json of the folder that was named, whose file has a name of its own.
  case folder
  /// A config.json that lies beside a file with a name of its own, and that fits its tensors: what they
  /// do not show is taken from it, but not how latents are scaled.
  case neighbour
  /// A config.json of another class was not taken; the class is empty if it names none.
  case otherClass(String)
  /// A config.json beside a file with a name of its own does not fit the tensors, and was not taken.
  case unfitting
}
