/// Kinds of files that people hold for weights by mistake, told by their first bytes.
enum FileKind: String {
  case pickle =
    "a PyTorch pickle or ZIP archive (.pt, .pth, .ckpt, .bin); convert it to safetensors"
  case gguf = "a GGUF file"
  case lfsPointer = "a Git LFS pointer: the file itself was not downloaded"
  case html = "an HTML page saved under the name of a weight file"

  /// The kind of a file that begins with `prefix`, or nil if it is none of these.
  init?(_ prefix: [UInt8]) {
    func begins(with text: String) -> Bool { prefix.starts(with: Array(text.utf8)) }
    if begins(with: "PK\u{03}\u{04}") || (prefix.first == 0x80 && prefix.dropFirst().first ?? 0 < 6)
    {
      self = .pickle
    } else if begins(with: "GGUF") {
      self = .gguf
    } else if begins(with: "version https://git-lfs") {
      self = .lfsPointer
    } else if begins(with: "<!DOCTYPE") || begins(with: "<!doctype") || begins(with: "<html") {
      self = .html
    } else {
      return nil
    }
  }
}
