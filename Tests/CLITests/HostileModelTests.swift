import Glibc
import TestSupport
import Testing
import VAE

/// Models that were damaged or made to do harm: a line that names the file and what is wrong with it,
/// status 1, no output, and little memory and time.
@Suite struct HostileModelTests {
  private let folder: TemporaryFolder
  private let picture = Fixtures.path("models/kl-sd/picture.png")
  private let weights = "m/diffusion_pytorch_model.safetensors"

  /// Copies the model `kl-sd` to `m`.
  init() throws {
    folder = try TemporaryFolder()
    unsafe mkdir(folder.path("m"), 0o777)
    for name in ["config.json", "diffusion_pytorch_model.safetensors"] {
      try folder.write(Fixtures.bytes(at: Fixtures.path("models/kl-sd/\(name)")), to: "m/\(name)")
    }
  }

  private func expectRefused(_ model: String, _ sentence: String? = nil) throws {
    let before = folder.names
    let run = try CommandLineRun.vaecodec(
      ["encode", picture, "-o", "z.bin", "--model", model], in: folder, timeout: 10)
    #expect(run.status == 1, "\(run)")
    #expect(run.errorLines.count == 1)
    if let sentence {
      #expect(run.errors == "vaecodec: \(sentence)\n")
    } else {
      #expect(run.errors.hasPrefix("vaecodec: m"), "\(run)")
    }
    #expect(folder.names == before)
    #expect(run.peakByteCount < 500_000_000, "\(run)")
  }

  @Test func `weights that are cut short are refused`() throws {
    let bytes = try folder.bytes(of: weights)
    for count in [0, 7, 8, 9, 100, 5000, bytes.count / 2, bytes.count - 1] {
      try folder.write(Array(bytes.prefix(count)), to: weights)
      try expectRefused("m")
    }
    try folder.write(bytes + [0], to: weights)
    try expectRefused("m")
  }

  @Test(arguments: ["encoder.conv_in.weight", "encoder.mid_block.attentions.0.to_q.weight"])
  func `a NaN in the weights is an error that names the layer`(tensor: String) throws {
    var bytes = try folder.bytes(of: weights)
    let entry = try #require(try SafetensorsFile(path: folder.path(weights)).entries[tensor])
    let nan = (0..<4).map { UInt8(truncatingIfNeeded: Float.nan.bitPattern >> (8 * $0)) }
    bytes.replaceSubrange(entry.byteRange.prefix(4), with: nan)
    try folder.write(bytes, to: weights)
    let layer = tensor.dropLast(".weight".count)
    try expectRefused(
      "m",
      "\(picture): layer `\(layer)` produced a NaN or infinite value: the weights or the input are "
        + "damaged")
    try folder.write(Array("old".utf8), to: "z.bin")
    let kept = try CommandLineRun.vaecodec(
      ["encode", picture, "-o", "z.bin", "--model", "m", "--force"], in: folder)
    #expect(kept.status == 1)
    #expect(try folder.bytes(of: "z.bin") == Array("old".utf8))
  }

  @Test func `a NaN in the decoder is an error and not a black picture`() throws {
    let encoded = try CommandLineRun.vaecodec(
      ["encode", picture, "-o", "z.bin", "--model", "m"], in: folder)
    #expect(encoded.status == 0, "\(encoded)")
    var bytes = try folder.bytes(of: weights)
    let tensor = "decoder.conv_out.bias"
    let entry = try #require(try SafetensorsFile(path: folder.path(weights)).entries[tensor])
    bytes.replaceSubrange(entry.byteRange.prefix(4), with: [0, 0, 0x80, 0x7F])
    try folder.write(bytes, to: weights)
    let run = try CommandLineRun.vaecodec(
      ["decode", "z.bin", "-o", "p.png", "--model", "m"], in: folder)
    #expect(run.status == 1, "\(run)")
    #expect(run.errors.hasPrefix("vaecodec: z.bin: layer `decoder.conv_out`"), "\(run)")
    #expect(folder.names == ["m", "z.bin"])
  }

  @Test(arguments: [
    ("\"layers_per_block\": 2", "\"layers_per_block\": 64"),
    ("\"layers_per_block\": 2", "\"layers_per_block\": 4000000000"),
    ("\"layers_per_block\": 2", "\"layers_per_block\": -1"),
    ("\"layers_per_block\": 2", "\"layers_per_block\": 2.5"),
    ("\"latent_channels\": 4", "\"latent_channels\": 1024"),
    ("\"latent_channels\": 4", "\"latent_channels\": 1000000000000"),
    ("\"latent_channels\": 4", "\"latent_channels\": 1e400"),
    ("    8,\n    8,\n    16,\n    16", "    16384,16384,16384,16384"),
    ("    8,\n    8,\n    16,\n    16", "    8,8,16,9223372036854775807"),
    ("    8,\n    8,\n    16,\n    16", ""),
    ("\"norm_num_groups\": 8", "\"norm_num_groups\": 0"),
    ("\"scaling_factor\": 0.18215", "\"scaling_factor\": 0"),
    ("\"AutoencoderKL\"", "\"AutoencoderVQ\\n\\u001b[31m\""),
    ("{\n", "{{{{"),
  ])
  func `an absurd configuration is refused`(old: String, new: String) throws {
    let config = String(decoding: try folder.bytes(of: "m/config.json"), as: UTF8.self)
    let changed = config.replacing(old, with: new)
    #expect(changed != config)
    try folder.write(Array(changed.utf8), to: "m/config.json")
    try expectRefused("m")
  }

  @Test func `a configuration nested without end is refused`() throws {
    try folder.write([UInt8](repeating: UInt8(ascii: "["), count: 1_000_000), to: "m/config.json")
    try expectRefused("m")
    let objects = String(repeating: "{\"a\":", count: 100_000)
    try folder.write(Array(objects.utf8), to: "m/config.json")
    try expectRefused("m")
  }

  @Test func `what is no file at all is refused and not waited for`() throws {
    try expectRefused("nowhere", "nowhere: no such file or folder")
    let made = try CommandLineRun.shell("mkfifo pipe.safetensors; mkdir empty", in: folder)
    #expect(made.status == 0)
    try expectRefused("pipe.safetensors", "pipe.safetensors: not a regular file")
    try expectRefused(
      "empty", "empty: holds no weights (.safetensors, .sft, .ckpt, .pt, .pth, .bin)")
    try expectRefused("/dev/zero", "/dev/zero: not a regular file")
    for name in ["config.json", "diffusion_pytorch_model.safetensors"] {
      let script = "rm -r m/\(name); mkdir m/\(name)"
      #expect(try CommandLineRun.shell(script, in: folder).status == 0)
      try expectRefused("m", "m/\(name): not a regular file")
    }
  }

  @Test func `files that people take for weights are distinguished`() throws {
    for (content, kind) in [
      ("PK\u{03}\u{04}junk", "ZIP archive"), ("GGUF and more", "GGUF"),
      ("version https://git-lfs.github.com/spec/v1\n", "a Git LFS pointer"),
      ("<!DOCTYPE html><html></html>", "an HTML page"),
    ] {
      try folder.write(Array(content.utf8), to: "w.safetensors")
      let run = try CommandLineRun.vaecodec(["info", "w.safetensors"], in: folder)
      #expect(run.status == 1 && run.errorLines.count == 1 && run.errors.contains(kind), "\(run)")
    }
  }

  @Test(
    .enabled(if: Fixtures.hasShared, Comment(rawValue: Fixtures.sharedComment)),
    arguments: ["info", "encode"])
  func `every ill-formed safetensors file of the shared material is refused`(
    command: String
  ) throws {
    let place = Fixtures.sharedPath("data/edge/safetensors")
    let table = try Fixtures.bytes(at: place + "/cases.tsv")
    for line in String(decoding: table, as: UTF8.self).split(separator: "\n").dropFirst() {
      let name = String(line.split(separator: "\t")[0])
      let file = "\(place)/\(name).safetensors"
      let arguments =
        command == "info" ? ["info", file] : ["encode", picture, "-o", "z.bin", "--model", file]
      let run = try CommandLineRun.vaecodec(arguments, in: folder, timeout: 10)
      // The well-formed ones hold no autoencoder.
      #expect(run.status == 1 && run.errorLines.count == 1 && run.output.isEmpty, "\(run)")
      #expect(run.errors.hasPrefix("vaecodec: \(file): "), "\(run)")
      if name.hasPrefix("ok_") {
        #expect(run.errors.contains("no tensor of an autoencoder"), "\(run)")
      }
      #expect(run.peakByteCount < 200_000_000)
    }
    #expect(folder.names == ["m"])
  }
}
