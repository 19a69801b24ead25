import VAECodec

/// What refining a latent brought, as `--json` prints it.
struct RefinementReport: Encodable {
  let steps: Int
  let loss: String
  let anchor: Float
  /// The steps after which the latent was best.
  let best_step: Int
  let losses: [Double]
  let psnr_before: Double?
  let psnr_after: Double?
  let ssim_before: Double?
  let ssim_after: Double?
  /// How far the latent moved, as a part of its length.
  let drift: Double

  /// The report of `refined`; nil where nothing was refined.
  init?(_ refined: RefinedLatent?) {
    guard let refined, let refinement = refined.latent.posterior?.refinement else { return nil }
    steps = refinement.steps
    loss = refinement.loss.rawValue
    anchor = refinement.anchor
    best_step = refined.bestStep
    losses = refined.losses
    (psnr_before, psnr_after) = (refined.before.psnr, refined.after.psnr)
    (ssim_before, ssim_after) = (refined.before.ssim, refined.after.ssim)
    drift = refined.drift
  }
}
