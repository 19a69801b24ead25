import VAECodec

/// Named facts in their order, as lines for people and as one JSON object.
struct Facts: Encodable {
  /// A fact's value.
  enum Value: Encodable {
    case text(String)
    case number(Int)
    case real(Double)
    case flag(Bool)
    case numbers([Int])
    case reals([Double])
    case texts([String])

    func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      switch self {
      case .text(let value): try container.encode(value)
      case .number(let value): try container.encode(value)
      case .real(let value): try container.encode(value)
      case .flag(let value): try container.encode(value)
      case .numbers(let value): try container.encode(value)
      case .reals(let value): try container.encode(value)
      case .texts(let value): try container.encode(value)
      }
    }

    /// The value as people read it.
    var text: String {
      switch self {
      case .text(let value): value
      case .number(let value): "\(value)"
      case .real(let value): "\(value)"
      case .flag(let value): value ? "yes" : "no"
      case .numbers(let value): value.map { "\($0)" }.joined(separator: " x ")
      case .reals(let value): value.map { "\($0)" }.joined(separator: ", ")
      case .texts(let value): value.joined(separator: ", ")
      }
    }
  }

  private struct Key: CodingKey {
    let stringValue: String
    let intValue: Int? = nil

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  private var facts: [(name: String, value: Value)]

  /// Facts of which those without a value are left out.
  init(_ facts: [(String, Value?)]) {
    self.facts = facts.compactMap { name, value in value.map { (name, $0) } }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    for fact in facts { try container.encode(fact.value, forKey: Key(stringValue: fact.name)) }
  }

  /// The facts, one a line.
  var text: String {
    let width = facts.map(\.name.count).max() ?? 0
    return facts.map { fact in
      let name = String(fact.name.map { $0 == "_" ? " " : $0 })
      let gap = String(repeating: " ", count: width - name.count + 2)
      return name + gap + fact.value.text.withoutControls + "\n"
    }.joined()
  }

  /// What this machine offers.
  static func machine() -> Facts {
    let resources = Resources()
    return Facts([
      ("version", .text(Program.version)),
      ("instruction_set", .text(resources.resolvedInstructionSet)),
      ("available", .texts(Resources.availableInstructionSets)),
      ("threads", .number(resources.resolvedThreads)),
      ("openblas_core", .text(Resources.openBLASCore)),
    ])
  }

  /// What a model is.
  static func model(_ summary: ModelSummary) -> Facts {
    Facts(
      [
        ("kind", .text("model")), ("class", .text(summary.className)),
        ("naming", .text(summary.naming)), ("encoder", .flag(summary.hasEncoder)),
        ("decoder", .flag(summary.hasDecoder)),
        ("parameters", .number(summary.parameterCount)), ("bytes", .number(summary.byteCount)),
        ("element_types", .texts(summary.elementTypes)),
      ] + space(summary.latentSpace) + [
        ("encoder_fingerprint", fingerprint(summary.encoderFingerprint))
      ])
  }

  /// What a picture is.
  static func picture(_ image: Image, byteCount: Int) -> Facts {
    Facts([
      ("kind", .text("picture")), ("bytes", .number(byteCount)),
      ("picture", .numbers([image.width, image.height])),
      ("bit_depth", .number(image.color.bitDepth)),
      ("applied_orientation", .number(image.appliedOrientation)),
      ("alpha", .flag(image.alpha != nil)),
      ("profile", image.profile.map { .text("\($0.colorSpace), \($0.bytes.count) bytes") }),
    ])
  }

  /// What a latent space is.
  static func space(_ space: LatentSpace) -> [(String, Value?)] {
    [
      ("family", .text(space.family)), ("latent_channels", .number(space.channels)),
      ("spatial_factor", .number(space.spatialFactor)),
      ("scaling_factor", space.scaling.map { .real(Double("\($0.factor)") ?? 0) }),
      ("shift_factor", space.scaling.map { .real(Double("\($0.shift)") ?? 0) }),
      ("channel_statistics", space.scaling.map { .flag(!$0.mean.isEmpty) }),
    ]
  }

  /// A fingerprint as 16 hexadecimal digits.
  static func fingerprint(_ number: UInt64?) -> Value? {
    number.map { number in
      let digits = String(number, radix: 16)
      return .text(String(repeating: "0", count: 16 - digits.count) + digits)
    }
  }
}
