import TestSupport
import Testing
import VAE
import VAECodec

/// Reading files and streams through the binary.
@Suite struct InputTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Of a size that is no multiple of what is read at a time, and larger than what a pipe holds.
  @Test func `a pipe is read as its file is`() throws {
    let seed: UInt64 = 5
    var random = SeededGenerator(seed: seed)
    let latent = try Latent(
      channels: 4, height: 251, width: 509, values: random.floats(4 * 251 * 509),
      units: .raw)
    let bytes = try latent.encoded(as: .npy)
    try folder.write(bytes, to: "z.npy")
    let run = try CommandLineRun.shell(
      "cat z.npy | $vaecodec convert - -o pipe.npy --input-units raw && "
        + "$vaecodec convert z.npy -o file.npy --input-units raw", in: folder)
    #expect(run.status == 0, "\(run)")
    for name in ["pipe.npy", "file.npy"] {
      #expect(try folder.bytes(of: name) == bytes, "\(name), seed \(seed)")
    }
  }
}
