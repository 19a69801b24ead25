/// The configuration of an `AutoencoderKL`, an `AutoencoderKLFlux2` or an `AsymmetricAutoencoderKL`: the
/// fields of its config.json that change the numbers.
///
/// Absent fields have the values that diffusers gives them.
///
/// - SeeAlso: diffusers `models/autoencoders/autoencoder_kl.py`, `autoencoder_kl_flux2.py` and
///   `autoencoder_asym_kl.py`, the constructors' defaults.
package struct AutoencoderKLConfig: Sendable, Equatable {
  /// Channels of a level's feature maps, from the picture's resolution down.
  package var blockOutChannels: [Int]
  /// The same of the decoder, which may be a smaller one.
  package var decoderBlockOutChannels: [Int]
  /// Resnet blocks of an encoder level.
  package var layersPerBlock: Int
  /// The same of the decoder, whose levels have one more than it says.
  package var decoderLayersPerBlock: Int
  /// Channels of the latent.
  package var latentChannels: Int
  /// Groups of every group norm.
  package var normNumGroups: Int
  /// Whether a 1x1 convolution follows the encoder.
  package var useQuantConv: Bool
  /// Whether a 1x1 convolution precedes the decoder.
  package var usePostQuantConv: Bool
  /// Whether the middle blocks have an attention layer.
  package var midBlockAddAttention: Bool
  /// Multiplies raw latents where diffusion models use them (`scaling_factor`); nil where it
  /// is not known, and where statistics of packed latents stand in for it.
  package var scalingFactor: Float?
  /// Taken from raw latents before they are multiplied (`shift_factor`).
  package var shiftFactor: Float
  /// The mean of each channel of raw latents, empty where the model has none.
  package var latentsMean: [Float]
  /// The standard deviation of each channel of raw latents, empty where the model has none.
  package var latentsStd: [Float]

  /// Added to the variances of packed latents (`batch_norm_eps`), which the tensors `bn` hold; nil
  /// but for FLUX.2's models.
  package var batchNormEpsilon: Float?

  /// The `batch_norm_eps` of every published model for FLUX.2.
  static let publishedBatchNormEpsilon: Float = 1e-4

  /// Side of the squares of latents that FLUX.2 packs into channels (`patch_size`).
  package static let patchSize = 2

  /// The eps of every group norm (diffusers passes `eps=1e-6` throughout `vae.py`).
  package static let normEpsilon: Float = 1e-6

  /// Pixels of a side that one latent covers.
  package var spatialFactor: Int { 1 << (blockOutChannels.count - 1) }
}
