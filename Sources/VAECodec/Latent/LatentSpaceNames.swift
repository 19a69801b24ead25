/// The words by which programs and model files name latent spaces: architectures, and parts of file names.
///
/// One table for all of them. Words stand in lower case, every run of other characters is one "_", and a
/// text begins and ends with one; so "_ae_" is a word and "_flux" a beginning of one. The first row that
/// has the words and the channels counts.
enum LatentSpaceNames {
  private struct Row: Sendable {
    let family: String
    let channels: Int
    let spatialFactor: Int
    let words: [String]

    init(_ family: String, _ channels: Int, _ spatialFactor: Int, _ words: [String]) {
      self.family = family
      self.channels = channels
      self.spatialFactor = spatialFactor
      self.words = words
    }

    init(_ family: LatentFamily, _ words: [String]) {
      self.init(family.rawValue, family.channels, family.spatialFactor, words)
    }

    var space: LatentSpace {
      LatentFamily(rawValue: family).map { LatentSpace($0) }
        ?? LatentSpace(
          family: family, channels: channels, spatialFactor: spatialFactor, scaling: nil)
    }
  }

  private static let rows: [Row] = [
    Row("qwen-image", 16, 8, ["_qwen", "_qi_", "_anima_"]),
    Row("wan", 16, 8, ["_wan_", "_wan2", "_wan1"]),
    Row("wan2.2", 48, 16, ["_wan_", "_wan2"]),
    Row("hunyuan-video", 16, 8, ["_hunyuan_video", "_hunyuanvideo", "_hv_", "_framepack"]),
    Row("hunyuan-video-1.5", 32, 16, ["_hunyuan_video", "_hunyuanvideo", "_hv15_"]),
    Row("hunyuan-image", 64, 32, ["_hunyuan_image", "_hunyuanimage", "_hi_"]),
    Row("kandinsky5", 16, 8, ["_kandinsky5", "_kandinsky_5", "_k5_"]),
    Row("cosmos", 16, 8, ["_cosmos"]),
    Row("cogvideox", 16, 8, ["_cogvideo"]),
    Row("mochi", 12, 8, ["_mochi"]),
    Row("ltx-video", 128, 32, ["_ltx"]),
    Row("dc-ae", 32, 32, ["_sana", "_dc_ae"]),
    Row("va-vae", 32, 16, ["_vavae", "_va_vae", "_lightningdit"]),
    Row("stable-cascade", 16, 42, ["_stable_cascade", "_stage_c"]),
    Row(.flux2, ["_flux2", "_flux_2"]),
    Row(
      .flux1,
      [
        "_flux", "_z_image", "_zimage", "_zi_", "_lumina_2", "_lumina2", "_lumina_image",
        "_lumina_",
        "_chroma", "_hidream", "_omnigen2", "_flex1", "_flex_1", "_flex2", "_flex_2", "_taef1",
        "_fk_", "_ae_",
      ]),
    Row(.sd3, ["_sd3", "_sd_3", "_stable_diffusion_3", "_stable_diffusion_v3", "_taesd3"]),
    Row(.cogview, ["_cogview"]),
    Row(.playground, ["_playground_v2_5", "_playground_2_5", "_playgroundv2_5"]),
    Row(.sdX4, ["_x4_upscal"]),
    // Beside "xl", which of these is the size of the diffusion model.
    Row(.sd, ["_pixart_alpha", "_pixart_xl", "_dit_xl", "_sit_xl"]),
    Row(
      .sdxl,
      [
        "_sdxl", "_sd_xl", "_stable_diffusion_xl", "_taesdxl", "xl_", "xlv", "_pony",
        "_illustrious",
        "_noobai", "_kolors", "_auraflow", "_aura_flow", "_hunyuan_dit", "_hunyuandit",
        "_pixart_sigma", "_lumina_next",
      ]),
    Row(
      .sd,
      [
        "_sd_", "_sd1", "_sd2", "_stable_diffusion_1", "_stable_diffusion_2",
        "_stable_diffusion_v1",
        "_stable_diffusion_v2", "_v1_5_pruned", "_v2_1_768", "_v2_1_512", "_vae_ft_mse",
        "_vae_ft_ema", "_kl_f8", "_taesd_",
      ]),
  ]

  /// The space that `text` names among those of so many channels, packed or not.
  static func space(_ text: String, channels: Int) -> LatentSpace? {
    let words = words(of: text)
    return rows.lazy.filter { row in row.words.contains { words.contains($0) } }
      .map(\.space).first { $0.channels == channels || $0.packedChannels == channels }
  }

  /// Whether `text` names any space.
  static func isKnown(_ text: String) -> Bool {
    let words = words(of: text)
    return rows.contains { row in row.words.contains { words.contains($0) } }
  }

  private static func words(of text: String) -> String {
    let parts = text.lowercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
    // A text encoder's size is no SDXL.
    return "_\(parts.filter { !$0.hasSuffix("xxl") }.joined(separator: "_"))_"
  }
}
