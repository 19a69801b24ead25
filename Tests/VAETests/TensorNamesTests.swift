import Testing

@testable import VAE

/// The names that tensors of tiny autoencoders go by.
@Suite struct TensorNamesTests {
  @Test(arguments: [
    (["encoder.layers.0.weight", "decoder.layers.0.weight"], TensorNames.TinyFile.whole),
    (["taesd_encoder.0.weight", "taesd_decoder.1.weight", "vae_scale"], .whole),
    (["decoder.layers.0.weight"], .whole), (["0.weight", "1.conv.0.weight"], .encoder),
    (["14.bias", "0.bias"], .encoder), (["1.weight", "3.conv.0.weight"], .decoder),
  ])
  func `a file of a tiny autoencoder is known by its names`(
    names: [String], kind: TensorNames.TinyFile
  ) {
    #expect(TensorNames.tinyFile(names) == kind)
    #expect(TensorNames.tinyFile(names.reversed()) == kind)
  }

  @Test(arguments: [
    [], ["encoder.conv_in.weight", "decoder.up_blocks.0.resnets.0.conv1.weight"], ["weight"], ["0"],
    ["x.0.weight"], [""], ["."], ["layers.0"],
  ])
  func `other files are none`(names: [String]) {
    #expect(TensorNames.tinyFile(names) == nil)
  }

  @Test(arguments: [
    ("0.weight", TensorNames.TinyFile.encoder, "encoder.layers.0.weight"),
    ("12.conv.4.bias", .encoder, "encoder.layers.12.conv.4.bias"),
    ("1.weight", .decoder, "decoder.layers.0.weight"),
    ("19.bias", .decoder, "decoder.layers.18.bias"),
    ("taesd_encoder.3.conv.0.weight", .whole, "encoder.layers.3.conv.0.weight"),
    ("taesd_decoder.3.conv.0.weight", .whole, "decoder.layers.2.conv.0.weight"),
    ("decoder.layers.3.conv.0.weight", .whole, "decoder.layers.3.conv.0.weight"),
  ])
  func `original names become those of diffusers`(
    name: String, kind: TensorNames.TinyFile, canonical: String
  ) {
    #expect(TensorNames.canonicalTinyName(name, in: kind) == canonical)
  }

  @Test(arguments: [
    ("extra", TensorNames.TinyFile.encoder), ("", .decoder), ("taesd_encoder", .whole),
    ("taesd_decoder.x.weight", .whole),
  ])
  func `names that mean nothing have no canonical one`(name: String, kind: TensorNames.TinyFile) {
    #expect(TensorNames.canonicalTinyName(name, in: kind) == nil)
  }
}
