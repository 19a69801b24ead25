/// Why a file of PyTorch's is not read.
package enum PyTorchError: ModelFileError, Equatable {
  /// The file is an archive of something else.
  case notPyTorch(path: String, found: String)
  /// The archive, its pickle or a tensor says something impossible.
  case malformed(path: String, reason: String)
  /// The file is sound and holds more than plain tensors; `loader` is the call of Python that reads it.
  case refused(path: String, what: String, loader: Loader)

  /// Calls of Python that read what is not read here.
  package enum Loader: String, Sendable {
    case torch = #"torch.load("FILE", map_location="cpu", weights_only=True)"#
    case script = #"torch.jit.load("FILE", map_location="cpu").state_dict()"#
    case pickle = #"pickle.load(open("FILE", "rb"))"#
    case joblib = #"joblib.load("FILE")"#

    /// Whether arrays are NumPy's and not PyTorch's.
    package var isOfNumPy: Bool { self == .pickle || self == .joblib }
  }

  /// What is wrong, without the path.
  ///
  /// - Parameter saving: the call of Python that writes `w`, what the loader gives, as another file.
  package func reason(saving: String) -> String {
    switch self {
    case .notPyTorch(_, let found): "not a PyTorch file: \(found)"
    case .malformed(_, let reason): "malformed PyTorch file: \(reason)"
    case .refused(_, let what, let loader):
      "\(what); if you trust it, convert it in Python: w = \(loader.rawValue); \(saving)"
    }
  }

  /// The path of the file.
  package var path: String {
    switch self {
    case .notPyTorch(let path, _), .malformed(let path, _), .refused(let path, _, _): path
    }
  }

  package var description: String {
    let isOfNumPy = if case .refused(_, _, let loader) = self { loader.isOfNumPy } else { false }
    let module = isOfNumPy ? "numpy" : "torch"
    return "\(path): "
      + reason(
        saving:
          #"safetensors.\#(module).save_file(w.get("state_dict", w), "FILE.safetensors")"#)
  }
}
