import VAE

/// Models of the fixtures in several files with an index.
package enum ShardFixture {
  /// An index that has all tensors of the model `name` in the file `shard`.
  package static func index(of name: String, shard: String) throws -> [UInt8] {
    let weights = Fixtures.path("models/\(name)/diffusion_pytorch_model.safetensors")
    return index(
      try SafetensorsBuilder.tensors(of: weights).map { ($0.name, shard) })
  }

  /// An index of these tensors and their files.
  package static func index(_ places: [(tensor: String, file: String)]) -> [UInt8] {
    let entries = places.map { "\"\($0.tensor)\":\"\($0.file)\"" }
    return Array("{\"metadata\":{},\"weight_map\":{\(entries.joined(separator: ","))}}".utf8)
  }
}
