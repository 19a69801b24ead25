import VAECodec

/// What a command did to one input, as `--json` prints it; keys that do not apply are left out.
struct Report: Encodable {
  var input: String?
  /// What a picture was compared with.
  var reference: String?
  var output: String?
  var model: String?
  var width: Int?
  var height: Int?
  /// Channels, height and width.
  var latent: [Int]?
  var bytes: Int?
  var bpp: Double?
  /// A level as a number; "lossless" is a key of its own.
  var quality: Quality?
  var seconds: [String: Double]?
  var peak_memory_bytes: Int?
  var planned_peak_memory_bytes: Int?
  var temporary_file_bytes: Int?
  var multiply_adds: Int?
  var estimated_seconds: Double?
  var comparison: ComparisonReport?
  /// Whether the bounds were kept, where there were any.
  var passed: Bool?
  /// Of a picture that misses bounds, which ones.
  var error: String?
  var code: ErrorCode?
  var refine: RefinementReport?
  var posterior_kl_nats: Double?
  var posterior_kl_bits_per_dim: Double?
  /// Of a picture that was made of no file alone, what it was made of.
  var made: (any Encodable)?

  init() {}

  private enum CodingKeys: String, CodingKey {
    case input, reference, output, model, width, height, latent, bytes, bpp, quality, lossless
    case seconds, peak_memory_bytes
    case planned_peak_memory_bytes, temporary_file_bytes, multiply_adds, estimated_seconds
    case refine, posterior_kl_nats, posterior_kl_bits_per_dim, passed, error, code
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encodeIfPresent(input, forKey: .input)
    try container.encodeIfPresent(reference, forKey: .reference)
    try container.encodeIfPresent(output, forKey: .output)
    try container.encodeIfPresent(model, forKey: .model)
    try container.encodeIfPresent(width, forKey: .width)
    try container.encodeIfPresent(height, forKey: .height)
    try container.encodeIfPresent(latent, forKey: .latent)
    try container.encodeIfPresent(bytes, forKey: .bytes)
    try container.encodeIfPresent(bpp, forKey: .bpp)
    try container.encodeIfPresent(quality?.level, forKey: .quality)
    if quality == .lossless { try container.encode(true, forKey: .lossless) }
    try container.encodeIfPresent(seconds, forKey: .seconds)
    try container.encodeIfPresent(peak_memory_bytes, forKey: .peak_memory_bytes)
    try container.encodeIfPresent(planned_peak_memory_bytes, forKey: .planned_peak_memory_bytes)
    try container.encodeIfPresent(temporary_file_bytes, forKey: .temporary_file_bytes)
    try container.encodeIfPresent(multiply_adds, forKey: .multiply_adds)
    try container.encodeIfPresent(estimated_seconds, forKey: .estimated_seconds)
    try container.encodeIfPresent(refine, forKey: .refine)
    try container.encodeIfPresent(posterior_kl_nats, forKey: .posterior_kl_nats)
    try container.encodeIfPresent(posterior_kl_bits_per_dim, forKey: .posterior_kl_bits_per_dim)
    try comparison?.encode(to: encoder)
    try made?.encode(to: encoder)
    try container.encodeIfPresent(passed, forKey: .passed)
    try container.encodeIfPresent(error, forKey: .error)
    try container.encodeIfPresent(code, forKey: .code)
  }
}

extension Report {
  /// A report of what became of `item`.
  ///
  /// - Parameter model: what the work was done with, if it was a model.
  init(_ item: Batch.Item, _ seconds: FileSeconds, _ model: LoadedModel? = nil) {
    input = item.input
    output = item.output
    self.seconds = Self.seconds(seconds, model)
    guard let model else { return }
    self.model = model.codec.model.name
    peak_memory_bytes = ProcessMemory.peakByteCount
  }

  private static func seconds(_ seconds: FileSeconds, _ model: LoadedModel?) -> [String: Double] {
    let parts = [
      "load": model?.seconds, "read": seconds.read, "encode": seconds.encode,
      "decode": seconds.decode, "write": seconds.write,
    ]
    return parts.compactMapValues(\.self)
  }

  /// Adds the extents of a latent.
  mutating func add(_ latent: Latent) {
    self.latent = [latent.channels, latent.height, latent.width]
  }

  /// Adds a comparison, and whether it keeps `bounds` if there are any.
  mutating func add(_ comparison: Comparison, _ bounds: QualityBounds) {
    self.comparison = ComparisonReport(comparison: comparison)
    guard !bounds.isEmpty else { return }
    let misses = bounds.misses(of: comparison)
    passed = misses.isEmpty
    guard !misses.isEmpty else { return }
    error = misses.map(\.description).joined(separator: "; ")
    code = .quality
  }
}
