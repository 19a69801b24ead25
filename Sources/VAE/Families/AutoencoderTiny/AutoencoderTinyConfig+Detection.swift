/// The configuration of an `AutoencoderTiny` read from its tensors, for files without a config.json.
extension AutoencoderTinyConfig {
  /// Of the published layer lists the first decoder layer reads the latent and encoder layer 14
  /// writes it; the levels begin at encoder layers 0, 2, 6 and 10 and at decoder layers 0, 7, 12 and
  /// 17.
  package init(detectedIn weights: WeightStore, groups: Int?) throws {
    // The last layers of TAESANA, which has two levels more.
    for last in ["encoder.layers.17", "decoder.layers.28"]
    where weights.kernelShape(of: last) != nil {
      throw FamilyError.unsupported(
        path: weights.path,
        what: "a tiny autoencoder of DC-AE's latents (TAESANA), which is not supported")
    }
    let read = weights.kernelShape(of: "decoder.layers.0").map { $0[1] }
    let written = weights.kernelShape(of: "encoder.layers.14").map { $0[0] }
    guard let channels = read ?? written else {
      throw WeightsError.missingTensor(
        path: weights.path, name: weights.fileName("decoder.layers.0.weight"))
    }
    guard (1...1024).contains(channels) else {
      throw FamilyError.unsupported(
        path: weights.path, what: "\(channels) latent channels are not supported, 1...1024 are")
    }
    guard read == nil || written == nil || read == written else {
      throw FamilyError.unsupported(
        path: weights.path,
        what: "the decoder reads \(channels) latent channels, the encoder writes \(written ?? 0)")
    }
    self.init(latentChannels: channels)
    func widths(_ layers: [String]) -> [Int]? {
      let widths = layers.compactMap { weights.kernelShape(of: $0)?[0] }
      // Building the network finds what is missing.
      return widths.count == layers.count && widths.allSatisfy((1...16384).contains) ? widths : nil
    }
    let encoder = [0, 2, 6, 10].map { "encoder.layers.\($0)" }
    let decoder = ["0", "7.conv.0", "12.conv.0", "17.conv.0"].map { "decoder.layers.\($0)" }
    encoderBlockOutChannels = widths(encoder) ?? encoderBlockOutChannels
    decoderBlockOutChannels = widths(decoder) ?? decoderBlockOutChannels
  }

  package func fits(_ weights: WeightStore) -> Bool {
    guard let held = try? Self(detectedIn: weights, groups: nil) else { return false }
    return held.latentChannels == latentChannels
      && held.encoderBlockOutChannels == encoderBlockOutChannels
      && held.decoderBlockOutChannels == decoderBlockOutChannels
  }
}
