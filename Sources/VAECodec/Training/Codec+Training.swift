import FoundationEssentials
import VAE

extension Codec {
  /// What the model's folder says of its training; nil where it does not have a training.json that `TrainedModel`
  /// wrote.
  public var training: TrainedModel.Report? {
    guard model != .bundled, let file = files.first else { return nil }
    let path = FileSystem.path(
      TrainedModel.File.training.rawValue, in: FileSystem.parent(of: file))
    guard let bytes = try? InputFile.bytes(at: path) else { return nil }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try? decoder.decode(TrainedModel.Report.self, from: Data(bytes))
  }

  /// How far the posteriors of its validation pictures were from the prior when the model was trained, in bits for
  /// each value of a latent; nil where that is not known.
  public var trainedDivergenceBits: Double? {
    guard let training, hasPosterior else { return nil }
    let shape = latentShape(width: training.settings.side, height: training.settings.side)
    return training.kept.validation.divergence.bitsOfNats / Double(shape.reduce(1, *))
  }
}

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
