import VAECodec

/// The options that refine latents against the decoder.
enum RefinementOptions {
  private static let effort = OptionSpec(
    "effort", placeholder: "LEVEL",
    help:
      "\(text(Latent.Refinement.efforts)): improve the latent against the decoder in steps, none at 0, "
      + "\(Latent.Refinement.steps(ofEffort: 3)) at 3, \(Latent.Refinement.steps(ofEffort: 9)) at 9, each "
      + "as long as two or three decodes; 0 unless given")
  private static let steps = OptionSpec(
    "refine-steps", placeholder: "N",
    help: "that many steps instead, \(text(Latent.Refinement.stepRange))")
  private static let loss = OptionSpec(
    "refine-loss", placeholder: "LOSS", value: .words(of: Latent.Refinement.Loss.self),
    help:
      "what the steps make smaller: l2 (squared differences, for PSNR), l1 (differences) or ssim (l1 and "
      + "structure); l2 unless given")
  private static let anchor = OptionSpec(
    "refine-anchor", placeholder: "COST",
    help: "what the mean squared distance from the encoder's latent costs; 0 unless given")

  static let specs = [effort, steps, loss, anchor]

  /// What the help of a command says of refined latents.
  static let limits = [
    "--effort fits a latent to this decoder: others make of it what they make of the encoder's latent. It does "
      + "not belong into a cache for training; encode and convert write it there only with --allow-optimised. "
      + "Gains in PSNR are larger than what the eye sees."
  ]

  /// The option that asks for a refinement, for messages.
  static let spelling = effort.spelling

  /// The refinement that is asked for; nil where none is.
  ///
  /// - Throws: `UsageError`.
  static func refinement(_ arguments: ParsedArguments) throws -> Latent.Refinement? {
    let level = try arguments.integer(effort, in: Latent.Refinement.efforts)
    let count = try arguments.integer(Self.steps, in: Latent.Refinement.stepRange)
    let loss = try arguments.choice(Self.loss, of: Latent.Refinement.Loss.self)
    let anchor = try arguments.number(Self.anchor, in: 0...1e6)
    if level != nil, count != nil { throw UsageError.conflict(effort.spelling, steps.spelling) }
    guard let count = count ?? level.map(Latent.Refinement.steps(ofEffort:)), count > 0 else {
      for option in [Self.loss, Self.anchor] where arguments.has(option) {
        throw UsageError.missingOption(
          command: "\(arguments.command.name) \(option.spelling)", option: effort.spelling)
      }
      return nil
    }
    return Latent.Refinement(steps: count, loss: loss ?? .l2, anchor: Float(anchor ?? 0))
  }

  private static func text(_ range: ClosedRange<Int>) -> String {
    "\(range.lowerBound) to \(range.upperBound)"
  }
}
