import TestSupport
import Testing
import VAECodec

/// Latent files of trainers and pipelines through the binary: batches, distributions, other spaces.
@Suite struct LatentLayoutTests {
  private let folder: TemporaryFolder
  private let model = ["--model", Fixtures.path("models/kl-sd")]
  private let picture = Fixtures.path("models/kl-sd/picture.png")

  init() throws { folder = try TemporaryFolder() }

  private func run(_ arguments: String...) throws -> CommandLineRun {
    try CommandLineRun.vaecodec(arguments, in: folder)
  }

  /// A safetensors file called `name`.
  private func write(
    _ name: String, _ shape: [Int], metadata: [String: String] = [:], tensor: String = "latents"
  ) throws {
    let values = (0..<shape.reduce(1, *)).map { Float($0 * 7 % 61 - 30) / 8 }
    try folder.write(
      SafetensorsBuilder.file([.init(tensor, shape, values)], metadata: metadata), to: name)
  }

  @Test(arguments: ["m.bin", "m.npz", "m.npy", "m.safetensors"])
  func `moments are kept exactly, so that a later sample is the one drawn at once`(
    name: String
  ) throws {
    let encoded = try CommandLineRun.vaecodec(
      ["encode", picture, "-o", name, "--posterior", "moments"] + model, in: folder)
    #expect(encoded.status == 0 && encoded.errors.isEmpty, "\(encoded)")
    let sample = try CommandLineRun.vaecodec(
      ["encode", picture, "-o", "s.npy", "--posterior", "sample", "--seed", "7"] + model, in: folder
    )
    #expect(sample.status == 0)
    let layout = name == "m.npy" ? ["--layout", "mean-logvar"] : []
    let drawn = try CommandLineRun.vaecodec(
      ["convert", name, "-o", "c.npy", "--seed", "7"] + layout, in: folder)
    #expect(drawn.status == 0 && drawn.errors.isEmpty, "\(drawn)")
    #expect(try folder.bytes(of: "c.npy") == folder.bytes(of: "s.npy"))
  }

  @Test func `a quality quantises moments if it is asked for`() throws {
    for (name, quality) in [("exact.bin", []), ("coarse.bin", ["-q", "75"])] {
      let run = try CommandLineRun.vaecodec(
        ["encode", picture, "-o", name, "--posterior", "moments", "--json"] + quality + model,
        in: folder)
      let report = try #require(try run.jsonLines().first)
      #expect(report["lossless"] as? Bool == (quality.isEmpty ? true : nil))
      #expect(report["quality"] as? Int == (quality.isEmpty ? nil : 75))
    }
    #expect(try folder.bytes(of: "coarse.bin").count < folder.bytes(of: "exact.bin").count / 2)
  }

  @Test(arguments: ["batch.safetensors", "batch.npy", "batch.latent"])
  func `a batch becomes a folder, and each of it a file`(name: String) throws {
    let latents = try (0..<3).map { index in
      try Latent(
        channels: 4, height: 2, width: 2, values: (0..<16).map { Float($0 + index) }, units: .raw)
    }
    let values = latents.flatMap(\.values)
    switch name.split(separator: ".")[1] {
    case "npy":
      let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4, 2, 2), }"
      let bytes = values.flatMap { value in
        (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * UInt32($0))) }
      }
      try folder.write(
        [0x93] + Array("NUMPY\u{01}\0".utf8) + [UInt8(header.utf8.count), 0] + Array(header.utf8)
          + bytes, to: name)
    case "latent":
      try folder.write(
        SafetensorsBuilder.file([
          .init("latent_format_version_0", [0], []), .init("latent_tensor", [3, 4, 2, 2], values),
        ]), to: name)
    default:
      try folder.write(
        SafetensorsBuilder.file([.init("latents", [3, 4, 2, 2], values)]), to: name)
    }
    let refused = try run("convert", name, "-o", "z.npy")
    #expect(refused.status == 1 && refused.errors.contains("-o FOLDER/ takes all"), "\(refused)")
    let all = try run("convert", name, "-o", "out/", "--format", "npy", "--json", "--quiet")
    #expect(all.status == 0, "\(all)")
    #expect(
      FileNames.sorted(in: folder.path("out")) == [
        "batch_000.npy", "batch_001.npy", "batch_002.npy",
      ])
    for (index, latent) in latents.enumerated() {
      #expect(
        try Latent(contentsOf: folder.path("out/batch_00\(index).npy")).values == latent.values)
    }
    let key = name == "batch.latent" ? "latent_tensor[2]" : "2"
    #expect(try run("convert", name, "-o", "two.npy", "--key", key, "--quiet").status == 0)
    #expect(try Latent(contentsOf: folder.path("two.npy")).values == latents[2].values)
    let pictures = try run("decode", name, "-o", "pictures/", "--quiet")
    #expect(pictures.status == 0 && FileNames.sorted(in: folder.path("pictures")).count == 3)
    let planned = try run("decode", name, "-o", "pictures/", "--dry-run")
    #expect(planned.status == 0 && planned.text.split(separator: "\n").count == 4, "\(planned)")
    // What is true of all of them is said once.
    let notes = try run("convert", name, "-o", "again/", "--format", "bin", "--family", "sd")
    #expect(
      notes.status == 0 && notes.errorLines.count == (name == "batch.latent" ? 0 : 1), "\(notes)")
    // Again, nothing is replaced.
    let again = try run("decode", name, "-o", "pictures/", "--quiet")
    #expect(again.status == 1 && again.errorLines.count == 3, "\(again)")
  }

  @Test func `a part of a batch does not take the place of another file`() throws {
    try write("a.safetensors", [2, 4, 2, 2])
    try write("a_001.safetensors", [4, 2, 2])
    let run = try run(
      "convert", "a.safetensors", "a_001.safetensors", "-o", "out/", "--format", "npy", "--force",
      "--quiet")
    #expect(run.status == 1 && run.errors.contains("would both become"), "\(run)")
  }

  @Test func `a large batch is listed by its first ones and its count`() throws {
    try write("big.safetensors", [1000, 4, 1, 1])
    let facts = try #require(try run("info", "big.safetensors", "--json").jsonLines().first)
    #expect(facts["latent_count"] as? Int == 1000)
    #expect((facts["latents"] as? [String])?.count == 8)
  }

  @Test(arguments: [("qwen_image", 16), ("flux1", 16), ("sdxl", 4), ("wan", 16)])
  func `a latent of another model is refused in words that name both`(
    architecture: String, channels: Int
  ) throws {
    try write("z.safetensors", [channels, 2, 2], metadata: ["architecture": architecture])
    let refused = try run("decode", "z.safetensors", "-o", "p.png")
    #expect(refused.status == 1 && refused.errorLines.count == 1, "\(refused)")
    #expect(refused.errors.contains("its metadata says '\(architecture)'"), "\(refused)")
    #expect(refused.errors.contains("; the model decodes 'sd'"), "\(refused)")
    if channels == 4 {
      let forced = try run("decode", "z.safetensors", "-o", "p.png", "--any-model", "--quiet")
      #expect(forced.status == 0, "\(forced)")
    }
    let other = channels == 4 ? "sd" : "sd3"
    let named = try run("convert", "z.safetensors", "-o", "z.bin", "--family", other)
    #expect(named.status == 1 && named.errors.contains("which is not '\(other)'"), "\(named)")
    let overruled = try run(
      "convert", "z.safetensors", "-o", "z.bin", "--family", other, "--any-model", "--quiet")
    #expect(overruled.status == 0, "\(overruled)")
    #expect(try Latent(contentsOf: folder.path("z.bin")).space?.family == other)
  }

  @Test func `a space that was assumed is said once for all files`() throws {
    for name in ["a", "b", "c"] { try write("\(name).safetensors", [4, 2, 2]) }
    let run = try run(
      "decode", "a.safetensors", "b.safetensors", "c.safetensors", "-o", "out/", "--unscaled")
    #expect(
      run.errors
        == "vaecodec: a.safetensors: note: its file does not say its latent space; taken for the "
        + "model's 'sd', and so are others like it\n", "\(run)")
    try write(
      "d.safetensors", [4, 2, 2], metadata: ["modelspec.architecture": "stable-diffusion-v1"])
    let known = try self.run("decode", "d.safetensors", "-o", "d.png", "--unscaled")
    #expect(known.status == 0 && known.errors.isEmpty, "\(known)")
  }

  @Test func `twice the channels and channels last are said to be that`() throws {
    try write("moments.safetensors", [8, 2, 2], tensor: "z")
    let twice = try run("decode", "moments.safetensors", "-o", "p.png")
    #expect(twice.errors.contains("--layout mean-std or mean-logvar"), "\(twice)")
    let given = try run(
      "decode", "moments.safetensors", "-o", "p.png", "--layout", "mean-logvar", "--quiet")
    #expect(given.status == 0, "\(given)")
    try write("last.safetensors", [6, 5, 4])
    let last = try run("decode", "last.safetensors", "-o", "q.png")
    #expect(last.errors.contains("its last axis has 4: an array with channels last"), "\(last)")
  }

  @Test(arguments: ["f16", "bf16"])
  func `floats of 16 bits without a header are read where their kind is named`(
    type: String
  ) throws {
    let bytes = (0..<16).flatMap { index -> [UInt8] in
      let value = Float(index)
      let bits =
        type == "f16" ? Float16(value).bitPattern : UInt16(value.bitPattern >> 16)
      return [UInt8(truncatingIfNeeded: bits), UInt8(bits >> 8)]
    }
    try folder.write(bytes, to: "z.raw")
    let unsaid = try run("convert", "z.raw", "-o", "z.npy", "--shape", "4x2x2")
    #expect(
      unsaid.errors
        == "vaecodec: z.raw: the file has 2 bytes for each value, of f16 or of bf16: --dtype says "
        + "which\n")
    let run = try run(
      "convert", "z.raw", "-o", "z.npy", "--shape", "4x2x2", "--dtype", type, "--input-units", "raw"
    )
    #expect(run.status == 0, "\(run)")
    #expect(
      try Latent(contentsOf: folder.path("z.npy")).values == (0..<16).map { Float($0) })
  }

  /// The beginning of a file as text, how many zeros stand before it, and what it is said to be.
  private static let kinds: [(text: String, offset: Int, kind: String)] = [
    ("PAR1", 0, "a Parquet file; write its latents one by one"), ("ARROW1\0\0", 0, "an Arrow file"),
    ("ustar\0", 257, "a tar archive; tar -xf"), ("MATLAB 5.0 MAT-file", 0, "a MATLAB file"),
    ("BZh9", 0, "a bzip2 archive; unpack it first"),
    (
      "\u{02}\0\0\0\u{10}\0\0\0\u{14}\0\0\0\u{5A}\0\0\0", 0, "a shard of MosaicML's streaming"
    ), ("[[1.5, 2.5], [1, 2]]", 0, "a text"), ("1.5 2.5\n", 0, "a text"),
  ]

  @Test(arguments: kinds)
  func `files of other kinds are said to be that`(text: String, offset: Int, kind: String) throws {
    let isText = kind == "a text"
    let zeros = { [UInt8](repeating: 0, count: $0) }
    try folder.write(zeros(offset) + Array(text.utf8) + zeros(isText ? 0 : 600), to: "x")
    let run = try run("decode", "x", "-o", "p.png")
    #expect(run.status == 1 && run.errorLines.count == 1, "\(run)")
    #expect(run.errors.hasPrefix("vaecodec: x: not a latent file: it is \(kind)"), "\(run)")
  }
}
