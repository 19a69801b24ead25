import TestSupport
import Testing
import VAECodec

/// `vaecodec sample` through the binary.
@Suite struct SampleTests {
  private let folder: TemporaryFolder
  private let model = Fixtures.path("models/kl-sd")
  private let picture = Fixtures.path("models/kl-sd/picture.png")

  init() throws { folder = try TemporaryFolder() }

  private func run(_ line: [String]) throws -> CommandLineRun {
    try CommandLineRun.vaecodec(["sample"] + line, in: folder)
  }

  @Test func `a draw depends on its seed alone, not on how many there are or on threads`() throws {
    let line = ["--model", model, "--size", "40x24"]
    let run = try run(line + ["-n", "3", "--seed", "5", "-o", "three/", "--threads", "1"])
    #expect(run.status == 0, "\(run)")
    #expect(
      FileNames.sorted(in: folder.path("three"))
        == ["sample-001.png", "sample-002.png", "sample-003.png"])
    #expect(
      run.errors
        == "vaecodec: \(model): note: drawn from the standard normal prior of scaled latents: "
        + "expect noise, not pictures; by its scaling the model's raw latents are 18.6 bits a value from "
        + "the prior\n")
    let alone = try self.run(line + ["-n", "1", "--seed", "6", "-o", "one.png", "--threads", "3"])
    #expect(alone.status == 0 && folder.names == ["one.png", "three"], "\(alone)")
    #expect(try folder.bytes(of: "one.png") == folder.bytes(of: "three/sample-002.png"))
    let image = try Image(contentsOf: folder.path("one.png"))
    #expect([image.width, image.height] == [40, 24])
    let raw = try self.run(
      line + ["-n", "1", "--seed", "6", "-o", "raw.png", "--prior-units", "raw"])
    #expect(raw.errors.contains("prior of raw latents"))
    #expect(try folder.bytes(of: "raw.png") != folder.bytes(of: "one.png"))
  }

  @Test func `around a picture the first draw is what encode draws with the seed`() throws {
    let line = ["--model", model, "--around", picture, "--seed", "7"]
    let run = try run(line + ["-n", "2", "-o", "out/", "--json"])
    #expect(run.status == 0, "\(run)")
    #expect(run.errors.contains(/drawn from its own distribution, which is [0-9.]+ bits a value/))
    let report = try #require(run.jsonLines().first)
    #expect(report["source"] as? String == "posterior" && report["seed"] as? Int == 7)
    let bits = try #require(report["posterior_kl_bits_per_dim"] as? Double)
    let trip = try CommandLineRun.vaecodec(
      ["roundtrip", picture, "--model", model, "--json"], in: folder)
    #expect(try trip.jsonLines().first?["posterior_kl_bits_per_dim"] as? Double == bits)
    let codec = try Codec(model: .path(model))
    let drawn = try codec.decode(
      codec.encode(Image(contentsOf: picture), posterior: .sample(seed: 7)))
    #expect(try Image(contentsOf: folder.path("out/sample-001.png")) == drawn)
    // At temperature 0 nothing is left of the seed.
    let cold = try self.run(line + ["-n", "2", "-o", "cold/", "--temperature", "0", "--quiet"])
    #expect(cold.status == 0 && cold.errors.isEmpty && cold.output.isEmpty, "\(cold)")
    #expect(
      try folder.bytes(of: "cold/sample-001.png") == folder.bytes(of: "cold/sample-002.png"))
  }

  @Test func `around a latent without a distribution there is noise, and a note says so`() throws {
    let encoded = try CommandLineRun.vaecodec(["encode", picture, "-o", "z.bin"], in: folder)
    #expect(encoded.status == 0, "\(encoded)")
    let run = try run(["--around", "z.bin", "-n", "1", "-o", "a.png"])
    #expect(run.status == 0, "\(run)")
    #expect(
      run.errors
        == "vaecodec: z.bin: note: holds no distribution; drawn with noise of deviation 0.25 "
        + "around it\n")
    #expect(
      try self.run(["--around", "z.bin", "-n", "1", "-o", "b.png", "--temperature", "0"]).status
        == 0)
    #expect(
      try CommandLineRun.vaecodec(["decode", "z.bin", "-o", "c.png"], in: folder).status == 0)
    let (still, decoded) = (
      try Image(contentsOf: folder.path("b.png")), try Image(contentsOf: folder.path("c.png"))
    )
    // The values went to scaled units and back.
    #expect(try Comparison(decoded, still).maximumDifference <= 1)
    #expect(try folder.bytes(of: "a.png") != folder.bytes(of: "c.png"))
  }

  @Test func `a folder of pictures and latents gets a distribution and a grid of its draws`() throws
  {
    let size = (width: 32, height: 24)
    try folder.copy("models/kl-cogview/picture.png", to: "set/a.png")
    try folder.copy("models/kl-asymmetric/picture.png", to: "set/b.png")
    let third = Fixtures.path("models/kl-overflow/picture.png")
    let encoded = try CommandLineRun.vaecodec(["encode", third, "-o", "set/c.bin"], in: folder)
    #expect(encoded.status == 0, "\(encoded)")
    let run = try run(["--from", "set", "-n", "5", "-o", "grid.png", "--json"])
    #expect(run.status == 0, "\(run)")
    #expect(
      run.errors.contains("fitted to 3 latents: so few make mixtures of them"), "\(run.errors)")
    let reports = try run.jsonLines()
    #expect(reports.count == 6 && reports[4]["seed"] as? Int == 4)
    #expect(reports[0]["output"] as? String == "grid.png" && reports[0]["latents"] as? Int == 3)
    let grid = try Image(contentsOf: folder.path("grid.png"))
    // Three in a row: the sheet is wider than high.
    #expect(grid.width > 3 * size.width && grid.width < 5 * size.width)
    #expect(grid.height > 2 * size.height)
    let kept = try self.run(["--from", "set", "-n", "5", "-o", "grid.png"])
    #expect(kept.status == 1 && kept.errors.contains("--force replaces it"), "\(kept)")
  }

  @Test func `what is wrong with a folder is one line, and nothing is written`() throws {
    try folder.copy("models/kl-sd/picture.png", to: "set/a.png")
    let alone = try run(["--from", "set", "-o", "out/"])
    #expect(alone.status == 1 && alone.errorLines.count == 1, "\(alone)")
    #expect(alone.errors.contains("set: one latent has no distribution, expected two or more"))
    try folder.copy("models/kl-sd/picture-8x8.png", to: "set/b.png")
    let sizes = try run(["--from", "set/", "-o", "out/"])
    #expect(sizes.status == 1 && sizes.errorLines.count == 1, "\(sizes)")
    #expect(sizes.errors.contains("set/b.png: its size is 8x8, expected "))
    try folder.write(Array("notes".utf8), to: "set/c.txt")
    let text = try run(["--from", "set", "-o", "grid.png"])
    #expect(text.status == 1 && text.errors.contains("set/c.txt: "), "\(text)")
    let nowhere = try run(["--around", "none.png", "-o", "out/"])
    #expect(nowhere.status == 1 && nowhere.errorLines.count == 1, "\(nowhere)")
    let large = try run(["--size", "90000x90000", "-o", "out/"])
    #expect(large.status == 1 && large.errors.contains("--max-pixels"), "\(large)")
    #expect(folder.names == ["set"])
  }

  @Test(arguments: [
    (["-o", "g.png"], "sample expects --size, --around or --from, found none"),
    (["--size", "64x64"], "sample expects --output, found none"),
    (["--size", "64", "-o", "g.png"], "--size expects width and height in pixels"),
    (["--size", "64x64", "--from", "a", "-o", "g.png"], "--size does not go with --from"),
    (["--around", "a", "--from", "a", "-o", "g.png"], "--around does not go with --from"),
    (["--around", "a", "--prior-units", "raw", "-o", "g.png"], "--prior-units does not go with"),
    (["--size", "8x8", "--scaled", "-o", "g.png"], "sample --scaled expects --around or --from"),
    (["--size", "8x8", "-n", "0", "-o", "g.png"], "--count expects a number from 1 to 10000"),
    (["--size", "8x8", "--temperature", "-1", "-o", "g.png"], "--temperature expects"),
    (["--size", "8x8", "--temperature", "nan", "-o", "g.png"], "--temperature expects"),
    (["--size", "8x8", "-o", "g.bin"], ".png or .jpg"),
    (["--around", "a.png", "-o", "a.png", "--force"], "'a.png' is an input and would be replaced"),
    (["--from", "set/", "-o", "set/"], "'set/' is an input and would be replaced"),
  ])
  func `what cannot be meant is refused`(line: [String], message: String) throws {
    let run = try run(line)
    #expect(run.status == 2 && run.errors.contains(message), "\(run)")
    #expect(folder.names.isEmpty)
  }

  @Test func `the help says what to expect of the prior`() throws {
    let words = try run(["--help"]).text.split(whereSeparator: \.isWhitespace).joined(
      separator: " ")
    #expect(
      words.contains(
        "With the VAEs of Stable Diffusion, SDXL, SD3 and FLUX the prior gives noise, not pictures")
    )
    #expect(words.contains("scaled for models of diffusion families, raw for others"))
  }

  @Test
  func
    `pictures of Stable Diffusion's prior are noise: neighbours far apart have nothing in common`()
    throws
  {
    #expect(try run(["--size", "256x256", "-n", "1", "-o", "noise.png"]).status == 0)
    let noise = try Self.correlation(of: Image(contentsOf: folder.path("noise.png")), at: 32)
    let photo = try Self.correlation(of: Image(contentsOf: Fixtures.path("demo.png")), at: 32)
    #expect(abs(noise) < 0.1 && photo > 0.3, "\(noise) and \(photo)")
  }

  /// The correlation of green samples that are so many pixels apart in a row.
  private static func correlation(of image: Image, at distance: Int) -> Double {
    guard case .bits8(let samples) = image.color else { return 0 }
    var pairs: [(Double, Double)] = []
    for y in 0..<image.height {
      for x in 0..<image.width - distance {
        let place = 3 * (y * image.width + x) + 1
        pairs.append((Double(samples[place]), Double(samples[place + 3 * distance])))
      }
    }
    let count = Double(pairs.count)
    let (a, b) = (pairs.reduce(0) { $0 + $1.0 } / count, pairs.reduce(0) { $0 + $1.1 } / count)
    let covariance = pairs.reduce(0) { $0 + ($1.0 - a) * ($1.1 - b) }
    let squares = (
      pairs.reduce(0) { $0 + ($1.0 - a) * ($1.0 - a) },
      pairs.reduce(0) { $0 + ($1.1 - b) * ($1.1 - b) }
    )
    return covariance / (squares.0 * squares.1).squareRoot()
  }
}
