/// diffusers' `AutoencoderTiny`, the TAESD family, as a family.
extension AutoencoderTinyConfig: AutoencoderFamily {
  package static let classNames = ["AutoencoderTiny"]

  package static let noun: String? = "tiny autoencoder"

  package var className: String { Self.classNames[0] }

  package var hasPosterior: Bool { false }

  package var latentsAreScaled: Bool { true }

  package func appendEncoder(
    _ image: Graph.Value, to builder: inout GraphBuilder
  ) throws -> Graph.Value {
    try EncoderTiny(config: self)(image, in: &builder)
  }

  package func appendDecoder(
    _ latent: Graph.Value, to builder: inout GraphBuilder
  ) throws -> Graph.Value {
    try DecoderTiny(config: self)(latent, in: &builder)
  }

  /// The shapes of all models are the same, so that of equal channels only names differ; "taesd" begins
  /// two others.
  ///
  /// - SeeAlso: madebyollin/taesd, whose files are named so.
  package var latentFamilies: LatentFamilyCandidates {
    let names = [4: ["sd", "sdxl"], 16: ["sd3", "flux1"], 32: ["flux2"]]
    var candidates = LatentFamilyCandidates(names[latentChannels] ?? [])
    candidates.fileNames = [
      ("taesdxl", "sdxl"), ("taesd3", "sd3"), ("taesd", "sd"), ("taef1", "flux1"),
    ]
    return candidates
  }

  /// Checks that a model of one file works in the units of all others: the file may hold a factor and a
  /// shift.
  ///
  /// - SeeAlso: ComfyUI `comfy/taesd/taesd.py`, which writes and applies them.
  package func latentStatistics(
    in weights: WeightStore, _ kernels: Kernels
  ) throws -> LatentStatistics? {
    for (name, usual) in [("vae_scale", Float(1)), ("vae_shift", 0)]
    where weights.shape(of: name) != nil {
      let found = kernels.floats(of: try weights.tensor(name, shape: []))
      guard found == [usual] else {
        throw FamilyError.unsupported(
          path: weights.path, what: "`\(name)` is \(found[0]), only \(usual) is supported")
      }
    }
    return nil
  }
}
