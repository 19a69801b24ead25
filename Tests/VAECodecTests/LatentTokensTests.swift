import TestSupport
import Testing

@testable import VAECodec

/// The sequences of tokens that pipelines of FLUX give in place of latents.
@Suite struct LatentTokensTests {
  /// Tokens of the picture of 64x32 pixels whose latent has its values' places as values, made as the
  /// pipelines do: row by row, the channels of a square one after the other.
  private func tokens(channels: Int) -> [Float] {
    var tokens: [Float] = []
    for y in 0..<2 {
      for x in 0..<4 {
        for index in 0..<channels * 4 {
          let (row, column) = (2 * y + index % 4 / 2, 2 * x + index % 2)
          tokens.append(Float((index / 4 * 4 + row) * 8 + column))
        }
      }
    }
    return tokens
  }

  private func latent(_ bytes: [UInt8], size: [Int]?, channels: Int? = nil) throws -> Latent {
    try LatentFile(decoding: bytes)
      .latent(arrangement: LatentArrangement(size: size, channels: channels))
  }

  @Test(
    arguments: [(16, [1, 8, 64]), (16, [8, 64]), (32, [1, 8, 128]), (32, [1, 1, 8, 128])]
      as [(Int, [Int])])
  func `tokens are put where they came from`(channels: Int, shape: [Int]) throws {
    let values = tokens(channels: channels)
    let archive = try ZipWriter.bytes([("latents.npy", NumpyFile.bytes(of: values, shape: shape))])
    let tensors = SafetensorsBuilder.file([.init("latents", shape, values)])
    for bytes in [NumpyFile.bytes(of: values, shape: shape), archive, tensors] {
      // Pipelines leave out what fills no token.
      for size in [[64, 32], [79, 47]] {
        let latent = try latent(bytes, size: size)
        #expect([latent.channels, latent.height, latent.width] == [channels, 4, 8])
        #expect(latent.values == (0..<channels * 32).map { Float($0) } && latent.units == .scaled)
      }
    }
  }

  @Test func `without a size a square number of tokens is a square picture`() throws {
    let square = NumpyFile.bytes(of: [Float](repeating: 1, count: 9 * 64), shape: [1, 9, 64])
    #expect(try latent(square, size: nil).width == 6)
    let eight = NumpyFile.bytes(of: tokens(channels: 16), shape: [1, 8, 64])
    let unknown = LatentError.unknownGrid(tokens: 8, size: nil)
    #expect(throws: unknown) { try latent(eight, size: nil) }
    #expect(throws: LatentError.unknownGrid(tokens: 8, size: [64, 64])) {
      try latent(eight, size: [64, 64])
    }
    #expect(throws: ContainerError.statedUnits("scaled")) {
      try LatentFile(decoding: square).latent(units: .raw)
    }
  }

  @Test func `other arrays are no tokens`() throws {
    let plain = NumpyFile.bytes(of: [Float](repeating: 1, count: 4 * 64), shape: [4, 1, 64])
    #expect(try latent(plain, size: nil).channels == 4)
    #expect(throws: LatentError.notTokens(extents: [4, 1, 64])) {
      try latent(plain, size: [512, 8])
    }
    let one = NumpyFile.bytes(of: [Float](repeating: 1, count: 64), shape: [1, 1, 64])
    #expect(try latent(one, size: nil, channels: 1).width == 64)
  }
}
