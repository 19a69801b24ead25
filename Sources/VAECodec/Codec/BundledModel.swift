import CDefaultModel
import VAE

/// The files of the model that is part of the library.
enum BundledModel {
  /// The bytes of its config.json.
  static var configuration: [UInt8] {
    unsafe Array(
      UnsafeBufferPointer(
        start: vcd_default_model_config(), count: vcd_default_model_config_byte_count()))
  }

  /// Its safetensors file, which messages call `name`.
  static func weights(named name: String) -> MappedFile {
    unsafe MappedFile(
      name: name,
      staticBytes: UnsafeRawBufferPointer(
        start: vcd_default_model_weights(), count: vcd_default_model_weights_byte_count()))
  }
}
