/// A kind of autoencoder: a class of diffusers, or a few that share their networks.
///
/// A family is a folder beside this file and an entry of `AutoencoderFamilies.all`; nothing else names
/// it. A value of a conforming type is the configuration of one model, decoded from its config.json and encoded
/// as such.
package protocol AutoencoderFamily: FamilyNaming, Codable, Sendable {
  // MARK: What it is

  /// The classes of diffusers whose config.json the type decodes.
  static var classNames: [String] { get }
  /// What messages call a model, such as "tiny autoencoder"; nil for `AutoencoderKL`, which is what the
  /// word "autoencoder" alone means.
  static var noun: String? { get }
  /// The class of this model, one of `classNames`.
  var className: String { get }
  /// Channels of the latent.
  var latentChannels: Int { get }
  /// Pixels of a side that one latent covers.
  var spatialFactor: Int { get }
  /// Whether the encoder makes a distribution, a mean and a log-variance for each latent value, or
  /// just the latent.
  var hasPosterior: Bool { get }
  /// Whether the networks make and read latents in the units of diffusion models; if not, raw ones.
  var latentsAreScaled: Bool { get }

  // MARK: Configuration

  /// The configuration that the names and shapes of `weights` imply, for files without a config.json.
  ///
  /// - Parameters:
  ///   - weights: the tensors of a whole model or of one half.
  ///   - groups: of every group norm, which no shape implies; nil for those of published models.
  /// - Throws: `FamilyError.unsupported` or `WeightsError`.
  init(detectedIn weights: WeightStore, groups: Int?) throws
  /// Groups of the norms where detection has no more reason for them than that published models have
  /// as many; nil where they are beyond doubt.
  var assumedGroups: Int? { get }
  /// Checks a configuration that was read from the file at `path` against the tensors: a network that
  /// is smaller than they are would compute something else, without an error.
  ///
  /// - Throws: `FamilyError.malformedConfig`.
  func check(_ weights: WeightStore, configPath path: String) throws

  /// Whether a configuration that may be another model's is in all that they show the one that
  /// `weights` imply.
  func fits(_ weights: WeightStore) -> Bool

  // MARK: Networks

  /// Appends the encoder: `[3, H, W]` in -1...1 to the latent, or to the means and then the
  /// log-variances of a posterior.
  ///
  /// - Returns: what the encoder writes.
  /// - Throws: `WeightsError`.
  func appendEncoder(_ image: Graph.Value, to builder: inout GraphBuilder) throws -> Graph.Value
  /// Appends the decoder: `[latentChannels, h, w]` to `[3, h · f, w · f]`, about -1...1, not clamped.
  ///
  /// - Returns: what the decoder writes.
  /// - Throws: `WeightsError`.
  func appendDecoder(_ latent: Graph.Value, to builder: inout GraphBuilder) throws -> Graph.Value

  // MARK: Latents

  /// The scaling of the latents that the configuration states; nil if it states none, or leaves it to
  /// tensors.
  var statedScaling: StatedScaling? { get }
  /// The configuration with another scaling of the latents; the same where the family states none.
  func stating(_ scaling: StatedScaling) -> Self
  /// The statistics of the latents that the tensors hold; nil if they hold none.
  ///
  /// - Throws: `FamilyError.unsupported`, also for tensors that state units in which no other model of
  ///   the family works, and `WeightsError`.
  func latentStatistics(in weights: WeightStore, _ kernels: Kernels) throws -> LatentStatistics?
  /// The diffusion models whose latents a model of this configuration may make.
  var latentFamilies: LatentFamilyCandidates { get }
}

extension AutoencoderFamily {
  package static var noun: String? { nil }
  package var assumedGroups: Int? { nil }
  package func check(_ weights: WeightStore, configPath path: String) throws {}
  package func fits(_ weights: WeightStore) -> Bool {
    (try? check(weights, configPath: weights.path)) != nil
  }
  package var statedScaling: StatedScaling? { nil }
  package func stating(_ scaling: StatedScaling) -> Self { self }
  package func latentStatistics(
    in weights: WeightStore, _ kernels: Kernels
  ) throws -> LatentStatistics? { nil }
  package var latentFamilies: LatentFamilyCandidates { LatentFamilyCandidates([]) }
}
