import Testing

@testable import VAECodec

/// The ways between latents, against the programs that they are known from.
@Suite struct LatentPathTests {
  private static let start: [Float] = [1, 2, -1, 0.5, 0, -2, 3, 1]
  private static let end: [Float] = [0.5, -1, 2, 1.5, 0, 1, 0.25, -3]
  /// At 0.3, of two channels with four positions: numpy's sum of 0.7 and 0.3, diffusers' `slerp`, and ComfyUI's
  /// `LatentInterpolate` with a ratio of 0.7, both in f64.
  private static let expected: [LatentPath: [Double]] = [
    .lerp: [0.85, 1.1, -0.1, 0.8, 0, -1.1, 2.175, -0.2],
    .slerp: [
      1.3518681026814847, 1.5137834849141838, 0.13557279787949716, 1.4196545016212332, 0,
      -1.5137834849141838, 3.311883857763963, -0.7305491581038899,
    ],
    .channel: [
      0.85, 1.7, 0.30492183261739064, 1.3968605915391568, 0, -1.7, 2.8017196363357746,
      1.117488473231325,
    ],
  ]

  private func latent(_ values: [Float], picture: PictureInfo? = nil) throws -> Latent {
    try Latent(channels: 2, height: 2, width: 2, values: values, units: .scaled, picture: picture)
  }

  @Test(arguments: LatentPath.allCases)
  func `a way goes where other programs' goes`(path: LatentPath) throws {
    let expected = try #require(Self.expected[path])
    let values = try latent(Self.start).interpolated(to: latent(Self.end), at: 0.3, along: path)
      .values
    for (value, reference) in zip(values, expected) {
      #expect(abs(Double(value) - reference) < 1e-6, "\(values)")
    }
  }

  @Test(arguments: LatentPath.allCases)
  func `the ends are what they were, bit by bit`(path: LatentPath) throws {
    let (start, end) = (try latent(Self.start), try latent(Self.end))
    #expect(try start.interpolated(to: end, at: 0, along: path) == start)
    #expect(try start.interpolated(to: end, at: 1, along: path) == end)
  }

  @Test(arguments: LatentPath.allCases)
  func `latents that are parallel, opposite or zero have finite values between them`(
    path: LatentPath
  ) throws {
    let zero = [Float](repeating: 0, count: 8)
    for end in [Self.start, Self.start.map { 2 * $0 }, Self.start.map { -$0 }, zero] {
      let values = path.values(from: Self.start, to: end, at: 0.25, channels: 2)
      #expect(values.allSatisfy { $0.isFinite }, "\(end)")
      if path != .channel || end == Self.start {
        for (index, value) in values.enumerated() {
          #expect(abs(value - (0.75 * Self.start[index] + 0.25 * end[index])) < 1e-6)
        }
      }
    }
    #expect(path.values(from: zero, to: zero, at: 0.5, channels: 2) == zero)
  }

  @Test func `the arc goes round by the shorter way and keeps the length`() {
    let values = LatentPath.slerp.values(from: [3, 0], to: [0, 3], at: 0.5, channels: 1)
    #expect(values.allSatisfy { abs($0 - 3 * 0.5.squareRoot().float) < 1e-6 })
  }

  @Test func `what lies between has what the pictures share, and latents of two sizes are refused`()
    throws
  {
    let profile = ColorProfile(colorSpace: .rgb, bytes: [1, 2, 3])
    let first = try latent(
      Self.start, picture: PictureInfo(width: 15, height: 16, bitDepth: 16, profile: profile))
    let second = try latent(Self.end, picture: PictureInfo(width: 15, height: 16))
    let between = try first.interpolated(to: second, at: 0.5, along: .lerp)
    #expect(between.picture == PictureInfo(width: 15, height: 16))
    #expect(between.posterior == nil)
    let other = try latent(Self.end, picture: PictureInfo(width: 16, height: 16))
    #expect(throws: LatentError.unequalSizes(found: [16, 16], expected: [15, 16])) {
      try first.interpolated(to: other, at: 0.5, along: .lerp)
    }
    let turned = try Latent(
      channels: 2, height: 1, width: 4, values: Self.end, units: .scaled)
    #expect(throws: LatentError.self) { try turned.interpolated(to: first, at: 1, along: .slerp) }
  }
}

extension Double {
  fileprivate var float: Float { Float(self) }
}
