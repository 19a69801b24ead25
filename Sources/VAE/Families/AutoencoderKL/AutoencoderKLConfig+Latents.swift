/// Whose latents an `AutoencoderKL` makes, and the statistics of them that its tensors may hold.
extension AutoencoderKLConfig {
  package var latentFamilies: LatentFamilyCandidates {
    var candidates = LatentFamilyCandidates(latentFamilyNames)
    candidates.assumesFirst = true
    candidates.ownTensors = [
      ("edm_mean", "playground"), ("decoder.condition_encoder.layers.0.weight", "sd"),
    ]
    candidates.architectures = Self.architectures
    candidates.neighbours = Self.neighbours
    candidates.fileNames = Self.fileNames
    return candidates
  }

  private var latentFamilyNames: [String] {
    switch (latentChannels, blockOutChannels.count) {
    case (4, 3): ["sd-x4"]
    case (4, _): ["sd", "sdxl", "playground"]
    case (16, _): midBlockAddAttention ? ["flux1", "sd3"] : ["cogview"]
    case (32, _): ["flux2"]
    default: []
    }
  }

  /// - SeeAlso: Stability-AI/ModelSpec, and kohya-ss/sd-scripts `library/sai_model_spec.py`.
  private static let architectures: [LatentFamilyCandidates.Sign] = [
    ("stable-diffusion-xl", "sdxl"), ("stable-diffusion-v3", "sd3"),
    ("stable-diffusion-3", "sd3"), ("stable-diffusion-v1", "sd"), ("stable-diffusion-v2", "sd"),
    ("flux", "flux1"),
  ]

  /// Text encoders and diffusion models.
  private static let neighbours: [LatentFamilyCandidates.Sign] = [
    ("conditioner.embedders.1.", "sdxl"), ("conditioner.embedders.0.model.transformer", "sdxl"),
    ("cond_stage_model.", "sd"), ("joint_blocks.", "sd3"),
    ("model.diffusion_model.joint_blocks.", "sd3"), ("double_blocks.", "flux1"),
    ("model.diffusion_model.double_blocks.", "flux1"),
    // AuraFlow, which has SDXL's autoencoder.
    ("model.double_layers.", "sdxl"), ("double_layers.", "sdxl"),
  ]

  private static let fileNames: [LatentFamilyCandidates.Sign] = [
    ("playground-v2.5", "playground"), ("sdxl", "sdxl"), ("-xl", "sdxl"), ("_xl", "sdxl"),
    ("asymmetric-autoencoder-kl", "sd"), ("vae-ft-", "sd"), ("stable-diffusion-v1", "sd"),
    ("stable-diffusion-2", "sd"),
    ("v1-5", "sd"), ("sd15", "sd"), ("sd3", "sd3"), ("stable-diffusion-3", "sd3"),
    ("flux", "flux1"), ("/ae.safetensors", "flux1"), ("/ae.sft", "flux1"),
  ]

  /// The batch-norm of FLUX.2, or the tensors `edm_mean` and `edm_std` of Playground.
  ///
  /// - SeeAlso: diffusers `pipelines/flux2/pipeline_flux2.py`, `_encode_vae_image`;
  ///   `loaders/single_file_utils.py`, for Playground.
  package func latentStatistics(
    in weights: WeightStore, _ kernels: Kernels
  ) throws -> LatentStatistics? {
    func statistic(_ name: String, count: Int) throws -> [Float] {
      kernels.floats(of: try Self.statistic(name, count: count, in: weights))
    }
    let statistics: LatentStatistics
    if let epsilon = batchNormEpsilon, weights.shape(of: "bn.running_mean") != nil {
      let count = latentChannels * Self.patchSize * Self.patchSize
      statistics = LatentStatistics(
        mean: try statistic("bn.running_mean", count: count),
        standardDeviation: try statistic("bn.running_var", count: count).map {
          ($0 + epsilon).squareRoot()
        }, patchSize: Self.patchSize)
    } else if weights.shape(of: "edm_mean") != nil {
      statistics = LatentStatistics(
        mean: try statistic("edm_mean", count: latentChannels),
        standardDeviation: try statistic("edm_std", count: latentChannels), patchSize: 1)
    } else {
      return nil
    }
    guard statistics.mean.allSatisfy(\.isFinite),
      statistics.standardDeviation.allSatisfy({ $0.isFinite && $0 > 0 })
    else {
      throw FamilyError.unsupported(
        path: weights.path, what: "its statistics of the latents are not finite and positive")
    }
    return statistics
  }

  private static func statistic(
    _ name: String, count: Int, in weights: WeightStore
  ) throws -> StoredTensor {
    let shape = weights.shape(of: name) ?? []
    // Playground's have a channel axis among axes of 1.
    let tensor = try weights.tensor(name, shape: shape.contains(count) ? shape : [count])
    guard tensor.count == count else {
      throw WeightsError.wrongShape(
        path: weights.path, name: tensor.name, found: shape, expected: [count])
    }
    return tensor
  }
}
