import TestSupport
import Testing

@testable import VAECodec

/// The gradient of a decoder by the library's call.
@Suite struct DecoderGradientTests {
  /// A step against the gradient of the squared error lessens it by what the gradient says.
  @Test func `a step down the gradient brings the picture nearer`() throws {
    let codec = try Codec(resources: Resources(threads: 2))
    let latent = try codec.encode(TestPictures.smooth(width: 40, height: 24))
    let zeros = [Float](repeating: 0, count: 40 * 24 * 3)
    let start = try codec.decoderGradient(at: latent, of: zeros)
    #expect(start.units == .raw && start.latentGradient.allSatisfy { $0 == 0 })
    #expect(start.picture.count == zeros.count)
    // Towards mid-grey: the gradient of the sum of squares is twice the picture.
    let down = try codec.decoderGradient(at: latent, of: start.picture.map { 2 * $0 })
    #expect(down.picture == start.picture)
    let square = down.latentGradient.reduce(0.0) { $0 + Double($1) * Double($1) }
    let step = 1e-3 / square.squareRoot()
    let moved = try Latent(
      channels: latent.channels, height: latent.height, width: latent.width,
      values: zip(latent.values, down.latentGradient).map { $0 - Float(step) * $1 },
      units: latent.units, space: latent.space)
    func energy(_ picture: [Float]) -> Double {
      picture.reduce(0) { $0 + Double($1) * Double($1) }
    }
    let after = try codec.decoderGradient(at: moved, of: zeros)
    let change = energy(after.picture) - energy(start.picture)
    #expect(abs(change / (-step * square) - 1) <= 0.02, "\(change) for \(-step * square)")
  }
}
