import TestSupport
import Testing
import VAE

@testable import VAECodec

/// Latent files that were damaged or made to do harm: one line each, status 1 and no picture.
@Suite struct HostileLatentTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Decodes the files of the folder in one go; each must be refused in a line of its own.
  private func expectAllRefused(_ names: [String]) throws {
    let run = try CommandLineRun.vaecodec(["decode"] + names + ["-o", "out/"], in: folder)
    #expect(run.status == 1, "\(run)")
    let summary = "\(names.count) files: 0 done, \(names.count) failed, "
    #expect(names.count == 1 ? run.output.isEmpty : run.text.hasPrefix(summary), "\(run.text)")
    let beginnings = run.errorLines.map {
      $0.split(separator: " ").prefix(2).joined(separator: " ")
    }
    #expect(beginnings == names.map { "vaecodec: \($0):" }, "\(run)")
    #expect(FileNames.sorted(in: folder.path("out")).isEmpty)
    #expect(run.peakByteCount < 500_000_000)
  }

  @Test(arguments: ["bin", "npy", "npz", "latent", "safetensors"])
  func `a latent that is cut short is refused`(suffix: String) throws {
    let bytes = try encoded(suffix)
    let names = try stride(from: 0, to: bytes.count, by: max(1, bytes.count / 100)).map { count in
      try folder.write(Array(bytes.prefix(count)), to: "cut\(count).\(suffix)")
      return "cut\(count).\(suffix)"
    }
    try expectAllRefused(names)
  }

  @Test func `a latent.bin with a changed byte is refused`() throws {
    let bytes = try encoded("bin")
    let names = try stride(from: 0, to: bytes.count, by: max(1, bytes.count / 100)).map { index in
      var changed = bytes
      changed[index] ^= 0x10
      try folder.write(changed, to: "changed\(index).bin")
      return "changed\(index).bin"
    }
    try expectAllRefused(names)
  }

  private func encoded(_ suffix: String) throws -> [UInt8] {
    let run = try CommandLineRun.vaecodec(
      [
        "encode", Fixtures.path("models/kl-sd/picture-8x8.png"), "-o", "-", "--format", suffix,
      ], in: folder)
    #expect(run.status == 0, "\(run)")
    return run.output
  }

  @Test func `a latent.bin that claims what it does not hold is refused`() throws {
    let values = LatentBytes.values(count: 4)
    let opaque = LatentBytes.alpha(byteCount: 1000)
    let files: [(name: String, bytes: [UInt8], sentence: String)] = [
      (
        "large", LatentBytes.file(picture: (65535, 65535), latent: (8192, 8192), values: values),
        "65535x65535 pixels are more than the limit of 268435456; --max-pixels raises it"
      ),
      (
        "allowed", LatentBytes.file(picture: (16384, 16384), latent: (2048, 2048), values: values),
        "DATA at byte 109: 16 bytes of values, expected 67108864"
      ),
      (
        "overflow",
        LatentBytes.file(
          factor: 256, picture: (.max, .max), latent: (1 << 24, 1 << 24), values: values,
          alpha: opaque),
        "PICT at byte 77: a picture of 4294967295x4294967295 is too large"
      ),
      (
        "bomb",
        LatentBytes.file(
          factor: 256, picture: (256, 256), latent: (1, 1), values: values, alpha: opaque),
        "alph at byte 159: the alpha plane is damaged"
      ),
      (
        "empty", LatentBytes.file(picture: (0, 8), latent: (0, 1), values: values),
        "PICT at byte 77: a picture of 0x8 has no latent of 0x1"
      ),
      (
        "no channels",
        LatentBytes.file(channels: 0, picture: (8, 8), latent: (1, 1), values: values),
        "SPAC at byte 35: 0 channels and a factor of 8 are impossible"
      ),
    ]
    for file in files {
      try folder.write(file.bytes, to: "\(file.name).bin")
      let run = try CommandLineRun.vaecodec(
        ["decode", "\(file.name).bin", "-o", "p.png", "--any-model"], in: folder)
      #expect(run.status == 1, "\(run)")
      #expect(run.errors == "vaecodec: \(file.name).bin: \(file.sentence)\n")
      #expect(!folder.names.contains("p.png"))
      #expect(run.peakByteCount < 200_000_000)
    }
  }

  @Test(arguments: [
    "(1, 4, 99999999999, 99999999999)", "(1, 4, 4294967296, 4294967296)", "(1, 4, 65536, 65536)",
    "(9223372036854775807, 2, 2)", "(4, -1, 1)", "()", "(0, 0, 0)", "(1, 1, 1, 1, 4)",
    "(1, 4, 1, 1", "99999999999999999999", "(" + String(repeating: "1,", count: 4000) + ")",
  ])
  func `an array of an impossible shape is refused`(shape: String) throws {
    let header = "{'descr': '<f4', 'fortran_order': False, 'shape': \(shape), }\n"
    let count = UInt16(header.utf8.count)
    let bytes =
      [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(count & 0xFF), UInt8(count >> 8)]
      + Array(header.utf8) + [UInt8](repeating: 0, count: 16)
    try folder.write(bytes, to: "z.npy")
    try expectAllRefused(["z.npy"])
  }

  @Test(arguments: ["int8", "not-finite", "object", "structured"])
  func `an array that is no latent is refused`(name: String) throws {
    try folder.write(Fixtures.bytes(at: Fixtures.path("npy/\(name).npy")), to: "z.npy")
    try expectAllRefused(["z.npy"])
  }

  @Test func `files of other programs without a latent are refused`() throws {
    let names = [
      "pickled.npz", "other.npz", "wrong-size.npz", "short-mask.npz", "integers.npz", "bomb.npz",
      "comfyui-video.latent", "comfyui-integers.latent",
      "two-tensors.safetensors", "musubi-video.safetensors", "musubi-image.safetensors",
    ]
    for name in names { try folder.copy("latents/\(name)", to: name) }
    try expectAllRefused(names)
  }

  @Test(arguments: ["info", "preview", "convert"])
  func `an archive that would unpack to far more than its array is not unpacked`(
    command: String
  ) throws {
    try folder.copy("latents/bomb.npz", to: "z.npz")
    let output = command == "info" ? [] : ["-o", command == "preview" ? "p.png" : "p.npy"]
    let run = try CommandLineRun.vaecodec([command, "z.npz"] + output, in: folder)
    #expect(run.status == 1 && run.errorLines.count == 1, "\(run)")
    #expect(run.errors.hasPrefix("vaecodec: z.npz: member `latents.npy` at byte 0: "), "\(run)")
    #expect(folder.names == ["z.npz"])
    #expect(run.peakByteCount < 32 << 20)
  }

  @Test func `a folder, an empty file and a picture are no latents`() throws {
    try folder.write([], to: "empty.bin")
    try folder.write(Fixtures.bytes(at: Fixtures.path("pictures/rgb8.png")), to: "picture.bin")
    let run = try CommandLineRun.shell(
      "$vaecodec decode empty.bin picture.bin missing -o out/", in: folder)
    #expect(run.status == 1)
    #expect(
      run.errorLines == [
        "vaecodec: empty.bin: the file is empty",
        "vaecodec: picture.bin: not a latent file: it is a picture; encode makes a latent of it",
        "vaecodec: missing: no such file or directory",
      ])
    let empty = try CommandLineRun.shell(
      "mkdir folder; $vaecodec decode folder -o made", in: folder)
    #expect(empty.status == 2 && empty.errors.hasPrefix("vaecodec: folder: no latent is there\n"))
  }

  @Test func `standard input is called by its name`() throws {
    let run = try CommandLineRun.vaecodec(["decode", "-", "-o", "p.png"], in: folder)
    #expect(run.status == 1 && run.errors == "vaecodec: standard input: the file is empty\n")
  }

  @Test func `a file of more bytes than are read is refused unread`() throws {
    _ = try folder.writeSparse([], byteCount: 1 << 40, to: "z.bin")
    for line in [
      ["info", "z.bin"], ["decode", "z.bin", "-o", "p.png"], ["encode", "z.bin", "-o", "y.bin"],
    ] {
      let run = try CommandLineRun.vaecodec(line, in: folder)
      #expect(run.status == 1)
      #expect(
        run.errors
          == "vaecodec: z.bin: the file has more than 2147483648 bytes, the most that are read\n")
      #expect(run.peakByteCount < 200_000_000)
    }
  }
}

/// The bytes of latent.bin files that no program would write; the checksums are right.
enum LatentBytes {
  /// The payload of DATA: zeros as f32.
  static func values(count: Int) -> [UInt8] {
    [0] + [UInt8](repeating: 0, count: 8) + [0] + [UInt8](repeating: 0, count: 4 * count)
  }

  /// The payload of an alpha plane of `byteCount` zeros, 8 bits each.
  static func alpha(byteCount: Int) -> [UInt8] {
    [8] + Deflate.compressed([UInt8](repeating: 0, count: byteCount))
  }

  static func file(
    channels: UInt32 = 4, factor: UInt32 = 8, picture: (UInt32, UInt32),
    latent: (UInt32, UInt32), values: [UInt8], alpha: [UInt8]? = nil
  ) -> [UInt8] {
    var space = ByteWriter()
    space.write([2] + Array("sd".utf8))
    space.write(channels)
    space.write(factor)
    space.write([1, 0])
    space.write(UInt64(0))
    var size = ByteWriter()
    for extent in [picture.0, picture.1, latent.0, latent.1] { size.write(extent) }
    size.write([8, 1, 0, 255, 255, 255])
    var file = ByteWriter()
    file.write(LatentFormat.magic)
    file.write(UInt16(LatentFormat.version))
    file.write(UInt16(0))
    let sections = [("SPAC", space.bytes), ("PICT", size.bytes), ("DATA", values)]
    for (name, payload) in sections + (alpha.map { [("alph", $0)] } ?? []) + [("ENDS", [])] {
      var head = ByteWriter()
      head.write(Array(name.utf8))
      head.write(UInt64(payload.count))
      file.write(head.bytes)
      file.write(payload)
      file.write(Deflate.checksum(head.bytes, payload))
    }
    return file.bytes
  }
}
