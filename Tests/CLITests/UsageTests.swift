import TestSupport
import Testing

/// Help and wrong usage through the binary.
@Suite struct UsageTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// The texts of `Fixtures/help`, made by `vaecodec COMMAND --help`: a change of the help is a change
  /// there, so that it shows in a diff.
  @Test(arguments: [
    "vaecodec", "encode", "decode", "roundtrip", "compare", "convert", "preview", "sample",
    "interpolate", "models", "info", "completion", "manual",
  ])
  func `the help is as it was`(command: String) throws {
    let line = command == "vaecodec" ? ["--help"] : [command, "--help"]
    let run = try CommandLineRun.vaecodec(line, in: folder)
    #expect(run.status == 0 && run.errors.isEmpty)
    let expected = try Fixtures.bytes(at: Fixtures.path("help/\(command).txt"))
    #expect(run.text == String(decoding: expected, as: UTF8.self))
  }

  @Test(arguments: ["encode", "models"])
  func `the word help does what the option does`(command: String) throws {
    let asked = try CommandLineRun.vaecodec(["help", command], in: folder)
    let option = try CommandLineRun.vaecodec([command, "--help"], in: folder)
    #expect(asked.status == 0 && asked.text == option.text && asked.text.count > 100)
    let whole = try CommandLineRun.vaecodec(["help"], in: folder)
    #expect(try whole.text == CommandLineRun.vaecodec(["-h"], in: folder).text)
  }

  @Test func `a letter may stand at once before its value`() throws {
    let picture = Fixtures.path("pictures/rgb8.png")
    let line = ["encode", picture, "-q50", "-oz.bin", "--json"]
    let run = try CommandLineRun.vaecodec(line, in: folder)
    #expect(run.status == 0, "\(run)")
    #expect(try run.jsonLines().first?["quality"] as? Int == 50)
    #expect(folder.names == ["z.bin"])
  }

  @Test(arguments: ["--version", "version", "-V"])
  func `the version is one line`(word: String) throws {
    let run = try CommandLineRun.vaecodec([word], in: folder)
    #expect(run.status == 0)
    #expect(run.text.wholeMatch(of: /vaecodec [0-9]+\.[0-9]+\.[0-9]+\n/) != nil)
  }

  @Test(
    arguments: [
      (
        "",
        "found no command, expected encode, decode, roundtrip, compare, convert, preview, sample, "
          + "interpolate, train, verify, serve, models, info, completion or manual"
      ),
      ("encod a.png", "unknown command 'encod'; did you mean encode?"),
      ("encode", "encode expects PICTURE, found nothing"),
      ("encode Fixtures z.bin", "'z.bin' is no file that is read; did you mean -o z.bin?"),
      ("decode a.bin z.JPG", "'z.JPG' is no file that is read; did you mean -o z.JPG?"),
      ("preview a.bin z.png", "'z.png' is no file that is read; did you mean -o z.png?"),
      ("help encod", "unknown command 'encod'; did you mean encode?"),
      ("completion", "completion expects SHELL, found nothing"),
      ("completion tcsh", "completion expects bash, zsh or fish, found 'tcsh'"),
      ("completion zsh fish", "completion expects no further operand, found 'fish'"),
      ("manual encode", "manual expects no further operand, found 'encode'"),
      ("hlep", "unknown command 'hlep'; did you mean help?"),
      ("encode a.png -q", "--quality expects N, found nothing"),
      ("encode a.png -q0 -oz.bin", "--quality expects a number from 1 to 100, found '0'"),
      ("encode -", "encode of standard input expects --output, found none"),
      ("decode -", "decode of standard input expects --output, found none"),
      ("preview a.bin -", "preview of standard input expects --output, found none"),
      ("encode a/cat.png a/cat.jpg", "'a/cat.png' and 'a/cat.jpg' would both become 'a/cat.bin'"),
      (
        "encode a.png -o a.txt",
        "--output expects a name that ends in .bin, .npy, .npz, .latent or .safetensors, or --format, "
          + "found 'a.txt'"
      ),
      (
        "encode a.png b.png -o z.bin",
        "--output expects a folder for 2 inputs, such as z.bin/, found 'z.bin'"
      ),
      (
        "encode a.png b.png -o -",
        "--output expects a folder for 2 inputs, found '-'"
      ),
      ("decode a.bin -o png", nil), ("encode a.png -o npy", nil),
      ("encode a.png -o - --json", "--output - does not go with --json"),
      ("decode a.bin -o - --json", "--output - does not go with --json"),
      ("roundtrip a.png -o - --json", "--output - does not go with --json"),
      ("encode a.png -o a.bin -q 101", "--quality expects a number from 1 to 100, found '101'"),
      ("roundtrip a.png -q 0", "--quality expects a number from 1 to 100, found '0'"),
      ("encode a.png -o a.bin -q 9 --lossless", "--quality does not go with --lossless"),
      (
        "encode a.png -o a.npy -q 9",
        "--quality does not go with .npy, which holds 32-bit floats"
      ),
      ("encode a.png -o a.bin --seed 3", "--seed does not go with --posterior mean"),
      (
        "encode a.png -o a.bin --posterior median",
        "--posterior expects mean, sample or moments, found 'median'"
      ),
      (
        "encode a.png -o a.bin --scaled",
        "--scaled or --unscaled does not go with latent.bin, which states its units"
      ),
      ("encode a.png -o a.npy --scaled --unscaled", "--scaled does not go with --unscaled"),
      ("encode a.png -o a.bin --threads 0", "--threads expects a number from 1 to 1024, found '0'"),
      (
        "encode a.png -o a.bin --max-pixels 0",
        "--max-pixels expects a number from 1 to 1099511627776, found '0'"
      ),
      (
        "encode a.png -o a.bin --matte 12345",
        "--matte expects six hexadecimal digits, found '12345'"
      ),
      (
        "encode a.png -o a.bin --progress always",
        "--progress expects auto or never, found 'always'"
      ),
      (
        "decode a.bin -o a.gif",
        "--output expects a name that ends in .png or .jpg, found 'a.gif'"
      ),
      (
        "decode a.bin -o a.jpg --jpeg-quality 101",
        "--jpeg-quality expects a number from 1 to 100, found '101'"
      ),
      ("decode a.bin -o a.png --family sd9", nil),
      ("compare a.png", "compare expects PICTURE, found nothing"),
      ("compare a.png b.png c.png", "compare expects no further operand, found 'c.png'"),
      ("compare a.png b.png --min-ssim 2", "--min-ssim expects a number from -1 to 1, found '2'"),
      ("convert a.npy", "convert expects --output, found none"),
      (
        "convert a.npy -o a.safetensors --format musubi",
        "convert to musubi-tuner's .safetensors expects --output-units, found none"
      ),
      (
        "convert a.npy -o a.safetensors --format musubi --output-units raw",
        "convert to musubi-tuner's .safetensors expects --architecture, found none"
      ),
      (
        "convert a.npy -o a.npz --output-units scaled",
        "--output-units does not go with kohya's .npz, which holds raw values"
      ),
      (
        "convert a.npy -o a.bin --input-units half",
        "--input-units expects raw or scaled, found 'half'"
      ),
      ("convert a.bin -o a.npz --seed 1 --mean", "--seed does not go with --mean"),
      (
        "convert a.f32 -o a.bin --shape 4x64",
        "--shape expects channels, height and width, such as 4x64x64, found '4x64'"
      ),
      (
        "encode a.png -o a.npz --scaled",
        "--scaled or --unscaled does not go with kohya's .npz, which holds raw values"
      ),
      (
        "encode a.png -o a.latent --posterior moments",
        "--posterior moments does not go with ComfyUI's .latent"
      ),
      (
        "preview a.bin -o a.gif",
        "--output expects a name that ends in .png or .jpg, found 'a.gif'"
      ),
      ("info a b", "info expects no further operand, found 'b'"),
    ] as [(String, String?)])
  func `wrong usage is answered with a sentence with status 2`(line: String, sentence: String?)
    throws
  {
    let arguments = line.split(separator: " ").map(String.init)
    let run = try CommandLineRun.vaecodec(arguments, in: folder)
    #expect(run.status == 2, "\(run)")
    #expect(run.output.isEmpty && folder.names.isEmpty)
    #expect(run.errorLines.count == 2)
    if let sentence { #expect(run.errorLines.first == "vaecodec: " + sentence) }
    #expect(run.errorLines.last?.hasSuffix("--help' shows what is understood") == true)
  }
}
