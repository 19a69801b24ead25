/// Statistics of a model's raw latents, of those models whose files hold them as tensors.
package struct LatentStatistics: Sendable, Equatable {
  /// The mean of each channel of the packed latent.
  package let mean: [Float]
  /// The standard deviation of each channel of the packed latent.
  package let standardDeviation: [Float]
  /// Side of the squares of latents that become channels before the statistics are applied: 1 where
  /// they are not packed.
  package let patchSize: Int
}

extension Autoencoder {
  /// The statistics that the files hold: the batch-norm of FLUX.2, or the tensors `edm_mean` and
  /// `edm_std` of Playground; nil where there are none.
  ///
  /// - Throws: `ModelError`.
  /// - SeeAlso: diffusers `pipelines/flux2/pipeline_flux2.py`, `_encode_vae_image`;
  ///   `loaders/single_file_utils.py`, for Playground.
  package func latentStatistics(_ kernels: Kernels) throws -> LatentStatistics? {
    guard case .kl(let config) = config else {
      try checkNativeUnits(kernels)
      return nil
    }
    let channels = config.latentChannels
    if let epsilon = config.batchNormEpsilon, weights.shape(of: "bn.running_mean") != nil {
      let patchSize = AutoencoderKLConfig.patchSize
      let count = channels * patchSize * patchSize
      let mean = try statistic("bn.running_mean", count: count, kernels)
      let variance = try statistic("bn.running_var", count: count, kernels)
      return try checked(
        LatentStatistics(
          mean: mean, standardDeviation: variance.map { ($0 + epsilon).squareRoot() },
          patchSize: patchSize))
    }
    guard weights.shape(of: "edm_mean") != nil else { return nil }
    return try checked(
      LatentStatistics(
        mean: statistic("edm_mean", count: channels, kernels),
        standardDeviation: statistic("edm_std", count: channels, kernels), patchSize: 1))
  }

  /// Checks that a tiny autoencoder of one file works in the units that all others do: the file may
  /// hold a factor and a shift.
  ///
  /// - SeeAlso: ComfyUI `comfy/taesd/taesd.py`, which writes and applies them.
  private func checkNativeUnits(_ kernels: Kernels) throws {
    for (name, usual) in [("vae_scale", Float(1)), ("vae_shift", 0)]
    where weights.shape(of: name) != nil {
      let found = kernels.floats(of: try weights.tensor(name, shape: []))
      guard found == [usual] else {
        throw FamilyError.unsupported(
          path: weights.path, what: "`\(name)` is \(found[0]), only \(usual) is supported")
      }
    }
  }

  private func statistic(_ name: String, count: Int, _ kernels: Kernels) throws -> [Float] {
    let shape = weights.shape(of: name) ?? []
    // Playground's have a channel axis among axes of 1.
    let tensor = try weights.tensor(name, shape: shape.contains(count) ? shape : [count])
    guard tensor.count == count else {
      throw WeightsError.wrongShape(
        path: weights.path, name: tensor.name, found: shape, expected: [count])
    }
    return kernels.floats(of: tensor)
  }

  private func checked(_ statistics: LatentStatistics) throws -> LatentStatistics {
    guard statistics.mean.allSatisfy(\.isFinite),
      statistics.standardDeviation.allSatisfy({ $0.isFinite && $0 > 0 })
    else {
      throw FamilyError.unsupported(
        path: weights.path, what: "its statistics of the latents are not finite and positive")
    }
    return statistics
  }
}
