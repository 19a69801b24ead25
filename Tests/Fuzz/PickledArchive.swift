import VAECodec

/// Archives of PyTorch's around a pickle.
enum PickledArchive {
  /// An archive of `pickle` and of two storages, of 64 bytes and of 512.
  static func bytes(pickle: [UInt8]) -> [UInt8] {
    let storages = [64, 512].enumerated().map { index, count in
      ("archive/data/\(index)", [UInt8](repeating: 0x3C, count: count))
    }
    return (try? ZipWriter.bytes([("archive/data.pkl", pickle)] + storages)) ?? []
  }
}
