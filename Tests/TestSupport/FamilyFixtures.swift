import FoundationEssentials
import VAE

/// The small random models of Fixtures/models, one of each family, and the names that other programs
/// give to their tensors.
package enum FamilyFixtures {
  /// A family's model.
  package struct Model: Sendable, CustomStringConvertible {
    /// The folder in Fixtures/models.
    package let name: String
    /// The model of names.json that has the same names.
    let namesLike: String
    /// Groups of its norms.
    package let groups: Int

    package var description: String { name }
    /// The folder of the model.
    package var folder: String { Fixtures.path("models/\(name)") }
    /// The file of its tensors, in diffusers' names.
    package var weights: String { folder + "/diffusion_pytorch_model.safetensors" }
    /// What diffusers computed with it.
    package var reference: String { folder + "/reference.safetensors" }
  }

  /// All models of the class AutoencoderKL and its like.
  package static let models = [
    Model(name: "kl-sd", namesLike: "kl-sd", groups: 8),
    Model(name: "kl-x4", namesLike: "kl-x4", groups: 4),
    Model(name: "kl-sdxl", namesLike: "kl-sd", groups: 4),
    Model(name: "kl-sd3", namesLike: "kl-sd3", groups: 4),
    Model(name: "kl-flux1", namesLike: "kl-sd3", groups: 4),
    Model(name: "kl-flux2", namesLike: "kl-flux2", groups: 4),
    Model(name: "kl-flux2-whole", namesLike: "kl-sd", groups: 4),
    Model(name: "kl-playground", namesLike: "kl-sd", groups: 4),
    Model(name: "kl-cogview", namesLike: "kl-cogview", groups: 4),
  ]

  /// How the tensors of a file may be called.
  package enum Naming: String, Sendable, CaseIterable {
    /// As `save_pretrained` does.
    case diffusers
    /// As early versions of diffusers did.
    case oldAttention = "old attention"
    /// As CompVis' and Black Forest Labs' code does, with attention weights as 1x1 convolutions.
    case latentDiffusion = "latent-diffusion"
    /// The same, in a whole checkpoint.
    case firstStage
    /// The same with the quant convolutions inside the halves.
    case quantInside
    /// diffusers' names in a file of several networks.
    case vaePrefix
    /// A mix: latent-diffusion's blocks, diffusers' attention, and weights of one-dimensional
    /// convolutions.
    case mixed
  }

  /// The tensors of `model` in the names of `naming`.
  package static func tensors(
    of model: Model, _ naming: Naming
  ) throws -> [SafetensorsBuilder.Tensor] {
    let plain = try SafetensorsBuilder.tensors(of: model.weights)
    switch naming {
    case .diffusers: return plain
    case .vaePrefix: return plain.map { $0.renamed("vae.\($0.name)") } + [stray("text.weight")]
    case .oldAttention: return renamed(plain, try names(model, .oldAttention), trailingOnes: 0)
    case .latentDiffusion:
      return renamed(plain, try names(model, .latentDiffusion), trailingOnes: 2)
    case .firstStage:
      return try tensors(of: model, .latentDiffusion).map {
        $0.renamed("first_stage_model.\($0.name)")
      } + [stray("encoder.conv_in.weight"), stray("model.diffusion_model.out.2.weight")]
    case .quantInside:
      return try tensors(of: model, .latentDiffusion).map { tensor in
        let half = ["quant_conv": "encoder.", "post_quant_conv": "decoder."]
        let first = String(tensor.name.prefix { $0 != "." })
        return tensor.renamed((half[first] ?? "") + tensor.name)
      }
    case .mixed:
      let names = try names(model, .latentDiffusion).filter {
        !$0.value.contains(".to_") && !$0.value.contains("group_norm")
      }
      return renamed(plain, names, trailingOnes: 1)
    }
  }

  /// A tensor that belongs to something else.
  private static func stray(_ name: String) -> SafetensorsBuilder.Tensor {
    .init(name, [2, 2], [1, 2, 3, 4])
  }

  private static func renamed(
    _ tensors: [SafetensorsBuilder.Tensor], _ names: [String: String], trailingOnes: Int
  ) -> [SafetensorsBuilder.Tensor] {
    let fileNames = Dictionary(uniqueKeysWithValues: names.map { ($0.value, $0.key) })
    return tensors.map { tensor in
      let isLinear = tensor.name.contains(".attentions.") && tensor.shape.count == 2
      let ones = [Int](repeating: 1, count: isLinear ? trailingOnes : 0)
      return tensor.renamed(fileNames[tensor.name] ?? tensor.name, shape: tensor.shape + ones)
    }
  }

  /// Names of a file that diffusers' converters change, with what they make of them; none for a
  /// naming that a model without attention does not have.
  private static func names(_ model: Model, _ naming: Naming) throws -> [String: String] {
    let json = try Fixtures.bytes(at: Fixtures.path("models/names.json"))
    let tables = try JSONDecoder().decode(
      [String: [String: [String: String]]].self, from: Data(json))
    return tables[model.namesLike]?[naming.rawValue] ?? [:]
  }
}
