/// One entry of the table of names: a run of path components as some files spell it, and as diffusers
/// does.
///
/// A component is a word, or a placeholder for a number: `#` for one that both spellings share, `^`
/// for a level of the decoder, which is counted from the other end in the file, and `+` for one that
/// is larger by 1 in the file.
struct NameRule: Hashable, Sendable {
  /// Where in a name the run stands.
  enum Place {
    /// At the beginning.
    case start
    /// After "encoder" or "decoder".
    case half
    /// After a resnet block.
    case resnet
    /// After an attention block.
    case attention
  }

  /// Which of the two spellings a name is rewritten to.
  enum Direction {
    case toCanonical, toFile
  }

  let place: Place
  /// The run in the files.
  let spelling: [String]
  /// The run in diffusers.
  let canonical: [String]

  private init(_ place: Place, _ spelling: String, _ canonical: String) {
    self.place = place
    self.spelling = spelling.split(separator: ".").map(String.init)
    self.canonical = canonical.split(separator: ".").map(String.init)
  }

  /// The table: CompVis' latent-diffusion and Black Forest Labs' code, early diffusers, and the
  /// original TAESD with its one-file re-pack.
  ///
  /// Where several spellings have one meaning, the first is the customary one.
  ///
  /// - SeeAlso: diffusers `loaders/single_file_utils.py`, `convert_ldm_vae_checkpoint`, and
  ///   `models/modeling_utils.py`, `_fix_state_dict_keys_on_load`; madebyollin/taesd
  ///   `taesd.py`, whose decoder counts a clamp as layer 0.
  static let table: [NameRule] = [
    NameRule(.start, "encoder.quant_conv", "quant_conv"),
    NameRule(.start, "decoder.post_quant_conv", "post_quant_conv"),
    NameRule(.start, "taesd_encoder.#", "encoder.layers.#"),
    NameRule(.start, "taesd_decoder.+", "decoder.layers.+"),
    NameRule(.half, "norm_out", "conv_norm_out"),
    NameRule(.half, "mid.block_1", "mid_block.resnets.0"),
    NameRule(.half, "mid.block_2", "mid_block.resnets.1"),
    NameRule(.half, "mid.attn_1", "mid_block.attentions.0"),
    NameRule(.half, "down.#.block.#", "down_blocks.#.resnets.#"),
    NameRule(.half, "down.#.downsample", "down_blocks.#.downsamplers.0"),
    NameRule(.half, "up.^.block.#", "up_blocks.^.resnets.#"),
    NameRule(.half, "up.^.upsample", "up_blocks.^.upsamplers.0"),
    NameRule(.resnet, "nin_shortcut", "conv_shortcut"),
    NameRule(.attention, "norm", "group_norm"),
    NameRule(.attention, "q", "to_q"),
    NameRule(.attention, "k", "to_k"),
    NameRule(.attention, "v", "to_v"),
    NameRule(.attention, "proj_out", "to_out.0"),
    NameRule(.attention, "query", "to_q"),
    NameRule(.attention, "key", "to_k"),
    NameRule(.attention, "value", "to_v"),
    NameRule(.attention, "proj_attn", "to_out.0"),
  ]

  /// `components` with the run at `index` in the other spelling, or nil if it is not there.
  ///
  /// - Parameter levels: levels of the decoder, for `^`.
  func rewriting(
    _ components: [String], at index: Int, _ direction: Direction, levels: Int
  ) -> [String]? {
    let (from, to) =
      direction == .toCanonical ? (spelling, canonical) : (canonical, spelling)
    guard components.count >= index + from.count else { return nil }
    var numbers: [Int] = []
    for (part, component) in zip(from, components[index...]) {
      if Self.placeholders.contains(part) {
        guard let number = component.pathNumber else { return nil }
        numbers.append(Self.translated(number, part, direction, levels: levels))
      } else if part != component {
        return nil
      }
    }
    guard numbers.allSatisfy({ $0 >= 0 }) else { return nil }
    var rest = numbers[...]
    let run = to.map { part in
      Self.placeholders.contains(part) ? "\(rest.popFirst() ?? 0)" : part
    }
    return components[..<index] + run + components[(index + from.count)...]
  }

  private static let placeholders: Set<String> = ["#", "^", "+"]

  private static func translated(
    _ number: Int, _ placeholder: String, _ direction: Direction, levels: Int
  ) -> Int {
    switch placeholder {
    case "^": levels - 1 - number
    case "+": direction == .toCanonical ? number - 1 : number + 1
    default: number
    }
  }
}

extension String {
  /// The number that a component of a name is, or nil. Longer numbers than any model has are none.
  var pathNumber: Int? {
    (1...4).contains(utf8.count) && utf8.allSatisfy { (0x30...0x39).contains($0) }
      ? Int(self) : nil
  }
}
