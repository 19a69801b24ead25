/// What a pickle holds: values, some of them tensors.
///
/// Containers and tensors are places in lists, so that values are small, one that is named twice is kept
/// once, and neither reading nor forgetting them follows a nesting by recursion.
struct Pickle: Sendable {
  /// A value.
  enum Value: Sendable, Equatable {
    case text(String)
    case integer(Int)
    case global(PickleGlobal)
    /// A place in `containers`.
    case container(Int)
    /// A place in `storages`.
    case storage(Int)
    /// A place in `tensors`.
    case tensor(Int)
    /// A value of which nothing is ever used, such as a fraction.
    case bystander
  }

  /// A value that consists of others.
  struct Container: Sendable {
    enum Kind: Sendable {
      case tuple, list
      /// Keys and values take turns.
      case dictionary
    }

    let kind: Kind
    var items: [Value]
  }

  /// The value of the whole.
  let root: Value
  let containers: [Container]
  let tensors: [PyTorchTensor]
}
