import TestSupport
import Testing
import VAECodec

/// `vaecodec train` through the binary.
@Suite struct TrainTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for number in 0..<6 {
      let color = (0..<3 * 16 * 16).map { UInt8(truncatingIfNeeded: $0 / 48 * 13 + 40 * number) }
      try folder.write(
        Image(width: 16, height: 16, color: .bits8(color)).pngData(), to: "in/\(number).png")
    }
  }

  private func run(_ line: [String], of pictures: String = "in") throws -> CommandLineRun {
    try CommandLineRun.vaecodec(["train", pictures] + line, in: folder)
  }

  private static let small = ["--widths", "4,8", "--size", "16", "--batch", "2", "--warmup", "1"]

  @Test func `a model is trained, said to be, shown and used`() throws {
    let run = try run(Self.small + ["--steps", "3", "-o", "model", "--report", "page.html"])
    #expect(run.status == 0 && run.errors.isEmpty, "\(run)")
    let lines = run.text.split(separator: "\n")
    #expect(lines.count == 6)
    #expect(lines[0].contains(/^step 0 of 3: [0-9.]+ dB; reconstruction [0-9]+ nats, divergence/))
    #expect(lines[4].hasPrefix("model/: the weights of step "))
    #expect(lines[5] == "page.html: report of the training")
    #expect(
      FileNames.sorted(in: folder.path("model"))
        == ["config.json", "diffusion_pytorch_model.safetensors", "training.json"])
    #expect(folder.names == ["in", "model", "page.html"])
    let drawn = try CommandLineRun.vaecodec(
      ["sample", "--model", "model", "--size", "16x16", "-n", "2", "-o", "grid.png"], in: folder)
    #expect(drawn.status == 0, "\(drawn)")
    let again = try self.run(Self.small + ["--steps", "3", "-o", "model"])
    #expect(again.status == 1 && again.errorLines.count == 1, "\(again)")
    #expect(again.errors == "vaecodec: model/config.json exists; --force replaces it\n")
    let resumed = try self.run(Self.small + ["--steps", "3", "-o", "model", "--resume"])
    #expect(resumed.status == 0 && resumed.text == "model/: the training is finished\n")
  }

  @Test func `JSON has a line for each validation and one for the model`() throws {
    let run = try run(
      Self.small + ["--steps", "2", "-o", "model/", "--json", "--likelihood", "laplace"])
    #expect(run.status == 0 && run.errors.isEmpty, "\(run)")
    let lines = try run.jsonLines()
    #expect(lines.compactMap { $0["step"] as? Int } == [0, 1, 2])
    for key in [
      "psnr", "validation_loss", "validation_reconstruction_nats", "validation_kl_nats", "scale",
      "beta", "seconds",
    ] {
      #expect(lines.dropLast().allSatisfy { $0[key] is Double }, "\(key)")
    }
    #expect(lines[1]["training_kl_nats"] is Double && lines[1]["gradient_norm"] is Double)
    #expect(
      lines[3]["output"] as? String == "model/" && lines[3]["validation_pictures"] as? Int == 1)
  }

  @Test func `a training that was killed goes on, and begins anew only when it is told to`() throws
  {
    let line = Self.small + ["--steps", "2", "-o", "model"]
    try folder.write([1, 2, 3], to: "model/checkpoint.safetensors")
    let found = try run(line)
    #expect(found.status == 1, "\(found)")
    #expect(
      found.errors
        == "vaecodec: model/checkpoint.safetensors: a training that was interrupted; --resume goes on "
        + "with it, --force begins anew\n")
    let damaged = try run(line + ["--resume"])
    #expect(damaged.status == 1 && damaged.errorLines.count == 1, "\(damaged)")
    #expect(FileNames.sorted(in: folder.path("model")) == ["checkpoint.safetensors"])
    let anew = try run(line + ["--force"])
    #expect(anew.status == 0, "\(anew)")
    #expect(!FileNames.sorted(in: folder.path("model")).contains("checkpoint.safetensors"))
  }

  @Test(arguments: [
    (["--widths", "4,x"], "--widths"), (["--widths", "4,,8"], "--widths"),
    (["--groups", "3"], "--groups"), (["--corrupt", "blur:3"], "--corrupt"),
    (["--validation", "1.5"], "--validation"), (["--validation", "nowhere/"], "--validation"),
    (["--only", "decoder"], "--from"), (["--from", "default", "--widths", "4,8"], "--widths"),
    (["--family", "sd"], "--from"), (["--resume", "--force"], "--resume"),
    (["--from", "default", "--only", "decoder", "--corrupt", "mask:0.1"], "--only decoder"),
    (["--beta", "-1"], "--beta"), (["--steps", "0"], "--steps"), (["--scale", "0"], "--scale"),
    (["--likelihood", "cauchy"], "--likelihood"), (["--lr", "1"], "--rate"),
  ])
  func `wrong usage names the option`(options: [String], named: String) throws {
    let run = try run(options + ["-o", "model"])
    #expect(run.status == 2 && run.errors.contains(named), "\(run)")
    #expect(folder.names == ["in"])
  }

  @Test func `pictures that cannot be trained on are named, and nothing is written`() throws {
    try folder.write([1, 2, 3], to: "bad/a.png")
    for (pictures, words) in [
      ("bad", "bad/a.png: "), ("nowhere", "nowhere: "), ("in/0.png", "one picture is not enough"),
    ] {
      let run = try run(Self.small + ["-o", "model"], of: pictures)
      #expect(run.status == 1 && run.errorLines.count == 1 && run.errors.contains(words), "\(run)")
      #expect(!folder.names.contains("model"))
    }
    let run = try run(["--size", "32", "-o", "model"])
    #expect(
      run.errors
        == "vaecodec: in/0.png: the picture has 16x16 pixels, training needs at least 32x32\n")
    let odd = try self.run(["--widths", "4,8", "--size", "15", "-o", "model"])
    #expect(odd.status == 1 && odd.errors.contains("must be a multiple of 2"), "\(odd)")
    #expect(!folder.names.contains("model"))
  }

  @Test func `a decoder learns from a model, and a worse one is not written`() throws {
    let line = [
      "--from", "default", "--only", "decoder", "--size", "16", "--batch", "2", "--steps", "2",
    ]
    let run = try run(line + ["-o", "tuned", "--warmup", "0"])
    #expect(run.status == 0, "\(run)")
    let info = try CommandLineRun.vaecodec(["info", "tuned"], in: folder)
    #expect(info.text.contains("family               sd\n") || info.text.contains("sd"), "\(info)")
    let refused = try self.run(line + ["-o", "worse", "--rate", "0"])
    #expect(refused.status == 1 && refused.errorLines.count == 1, "\(refused)")
    #expect(refused.errors.contains("the model was not written"))
    #expect(!folder.names.contains("worse"))
  }
}
