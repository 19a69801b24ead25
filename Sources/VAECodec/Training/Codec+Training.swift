import VAE

/// What a training takes over of a model.
extension Codec {
  /// The configuration, which states the scaling that the model is used with.
  var trainableConfig: any AutoencoderFamily {
    guard let scaling = latentSpace.scaling, scaling.patchSize == 1 else {
      return autoencoder.config
    }
    return autoencoder.config.stating(
      StatedScaling(
        factor: scaling.factor, shift: scaling.shift, mean: scaling.mean,
        standardDeviation: scaling.standardDeviation))
  }

  /// The tensors that stand in the files beside the networks, as f32; those whose numbers networks cannot compute
  /// with are left out.
  func companions(
    of weights: TrainableWeights, _ kernels: Kernels
  ) -> [SafetensorsWriter.Tensor] {
    let learnt = Set(weights.tensors.map(\.name))
    return autoencoder.tensors(besides: learnt).map { tensor in
      .init(name: tensor.name, shape: tensor.shape, values: kernels.floats(of: tensor.values))
    }
  }
}
