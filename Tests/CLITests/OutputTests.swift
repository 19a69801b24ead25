import Glibc
import TestSupport
import Testing

/// What happens to outputs: existing files, places that cannot be written, full disks, closed pipes.
@Suite struct OutputTests {
  private let folder: TemporaryFolder
  private let picture = Fixtures.path("models/kl-sd/picture.png")
  private let old = Array("old".utf8)

  init() throws { folder = try TemporaryFolder() }

  private func encode(_ output: String, _ options: [String] = []) throws -> CommandLineRun {
    try .vaecodec(["encode", picture, "-o", output, "--format", "bin"] + options, in: folder)
  }

  // MARK: Existing files

  @Test func `an existing file is kept unless it may be replaced`() throws {
    try folder.write(old, to: "z.bin")
    let refused = try encode("z.bin")
    #expect(refused.status == 1)
    #expect(refused.errors == "vaecodec: z.bin exists; --force replaces it\n")
    #expect(try folder.bytes(of: "z.bin") == old)
    #expect(try encode("z.bin", ["--force"]).status == 0)
    #expect(try folder.bytes(of: "z.bin") != old)
    #expect(folder.names == ["z.bin"])
  }

  @Test func `a replaced file keeps its permissions`() throws {
    try folder.write(old, to: "z.bin")
    unsafe chmod(folder.path("z.bin"), 0o640)
    #expect(try encode("z.bin", ["--force"]).status == 0)
    var status = stat()
    #expect(unsafe stat(folder.path("z.bin"), &status) == 0 && status.st_mode & 0o777 == 0o640)
  }

  @Test func `a new file has the permissions that the umask leaves`() throws {
    let run = try CommandLineRun.shell(
      "for mask in 027 000; do umask $mask; "
        + "$vaecodec encode \"$1\" -o $mask.bin --quiet && stat -c %a $mask.bin; done",
      [picture], in: folder)
    #expect(run.text == "640\n666\n", "\(run)")
    #expect(folder.names == ["000.bin", "027.bin"])
  }

  @Test func `a link stays and what it leads to is replaced`() throws {
    try folder.write(old, to: "target")
    unsafe symlink("target", folder.path("link.bin"))
    #expect(try encode("link.bin").errors == "vaecodec: link.bin exists; --force replaces it\n")
    #expect(try encode("link.bin", ["--force"]).status == 0)
    #expect(try folder.bytes(of: "target") != old)
    var status = stat()
    #expect(
      unsafe lstat(folder.path("link.bin"), &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
    #expect(folder.names == ["link.bin", "target"])
  }

  @Test func `a link that leads nowhere is left alone`() throws {
    unsafe symlink("nowhere", folder.path("link.bin"))
    let run = try encode("link.bin", ["--force"])
    #expect(run.status == 1)
    #expect(run.errors == "vaecodec: link.bin: a symbolic link that leads nowhere\n")
    #expect(folder.names == ["link.bin"])
  }

  @Test func `a folder takes a file of the input's name`() throws {
    unsafe mkdir(folder.path("z.bin"), 0o777)
    #expect(try encode("z.bin").status == 0)
    #expect(FileNames.sorted(in: folder.path("z.bin")) == ["picture.bin"])
    unsafe mkdir(folder.path("y"), 0o777)
    unsafe mkdir(folder.path("y/picture.bin"), 0o777)
    let run = try encode("y", ["--force"])
    #expect(run.status == 1 && run.errors == "vaecodec: y/picture.bin: is a directory\n", "\(run)")
  }

  @Test func `a device is written to, not replaced`() throws {
    #expect(try encode("/dev/null").status == 0)
    var status = stat()
    #expect(unsafe stat("/dev/null", &status) == 0 && status.st_mode & S_IFMT == S_IFCHR)
  }

  @Test func `a name may be as long as names can be`() throws {
    let name = String(repeating: "n", count: 255)
    let run = try encode(name)
    #expect(run.status == 0 && folder.names == [name], "\(run)")
    let longer = try encode(name + "n")
    #expect(longer.status == 1 && longer.errors.hasSuffix("n: file name too long\n"), "\(longer)")
  }

  // MARK: Places that cannot be written

  @Test(arguments: [
    ("missing/z.bin", "no such file or directory"), ("file/z.bin", "not a directory"),
    ("/proc/z.bin", nil), ("/dev/full", "no space left on device"),
  ])
  func `a place that cannot be written is an error of its name`(
    output: String, reason: String?
  ) throws {
    try folder.write(old, to: "file")
    let run = try encode(output)
    #expect(run.status == 1, "\(run)")
    #expect(run.errorLines.count == 1 && run.errors.hasPrefix("vaecodec: \(output): "), "\(run)")
    if let reason { #expect(run.errors == "vaecodec: \(output): \(reason)\n") }
    #expect(folder.names == ["file"])
  }

  @Test(arguments: ["encode \"$1\" -o z.bin --json", "encode --help", "--version"])
  func `standard output that is full is an error`(line: String) throws {
    let run = try CommandLineRun.shell("$vaecodec \(line) > /dev/full", [picture], in: folder)
    #expect(run.status == 1)
    #expect(run.errors == "vaecodec: standard output: no space left on device\n")
  }

  @Test func `a file that outgrows its limit leaves nothing behind`() throws {
    try folder.write(old, to: "old.bin")
    let run = try CommandLineRun.shell(
      "for name in z old; do (ulimit -f 0; exec $vaecodec encode \"$1\" -o $name.bin --force); done "
        + "2>&1 | cat", [picture], in: folder)
    #expect(
      run.text == "vaecodec: z.bin: file too large\nvaecodec: old.bin: file too large\n", "\(run)")
    #expect(folder.names == ["old.bin"])
    #expect(try folder.bytes(of: "old.bin") == old)
  }

  private static let canMount: Bool = {
    let script = "mkdir disk && mount -t tmpfs tmpfs disk && umount disk"
    guard let folder = try? TemporaryFolder() else { return false }
    return (try? CommandLineRun.shell(script, in: folder).status == 0) ?? false
  }()

  @Test(.enabled(if: canMount, "the system mounts nothing for these tests"))
  func `a full disk leaves nothing behind`() throws {
    let mounted = try CommandLineRun.shell(
      "mkdir disk && mount -t tmpfs -o size=4096 tmpfs disk", in: folder)
    try #require(mounted.status == 0, "\(mounted)")
    defer { unsafe umount(folder.path("disk")) }
    try folder.write(old, to: "disk/old.bin")
    for output in ["disk/z.bin", "disk/old.bin"] {
      let run = try encode(output, ["--force", "--lossless"])
      #expect(run.status == 1)
      #expect(run.errors == "vaecodec: \(output): no space left on device\n")
    }
    #expect(FileNames.sorted(in: folder.path("disk")) == ["old.bin"])
    #expect(try folder.bytes(of: "disk/old.bin") == old)
  }

  // MARK: Pipes

  @Test(arguments: [
    "encode \"$1\" -o -", "encode \"$1\" -o z.bin --json", "roundtrip \"$1\" \"$1\" \"$1\"",
    "info \"$1\"", "--help",
  ])
  func `a closed pipe ends quietly with status 1`(line: String) throws {
    // The writer waits until the reader is gone.
    let run = try CommandLineRun.shell(
      "{ { sleep 0.2; $vaecodec \(line); echo $? > status; } | true; }", [picture], in: folder)
    #expect(run.errors.isEmpty, "\(run)")
    #expect(try folder.bytes(of: "status") == Array("1\n".utf8))
    #expect(folder.names.allSatisfy { ["status", "z.bin"].contains($0) })
  }

  @Test func `standard streams that are closed are errors`() throws {
    let run = try CommandLineRun.shell(
      "$vaecodec encode \"$1\" -o - >&-; echo $? >&2; $vaecodec encode - -o z.bin <&-; echo $? >&2",
      [picture], in: folder)
    #expect(
      run.errorLines == [
        "vaecodec: standard output: bad file descriptor", "1",
        "vaecodec: standard input: bad file descriptor", "1",
      ], "\(run)")
    #expect(folder.names.isEmpty)
  }

  @Test func `a named pipe carries a latent`() throws {
    let run = try CommandLineRun.shell(
      "mkfifo pipe.bin && { $vaecodec encode \"$1\" -o pipe.bin & } && "
        + "$vaecodec decode pipe.bin -o p.png && wait && ls", [picture], in: folder)
    #expect(run.status == 0 && folder.names == ["p.png", "pipe.bin"], "\(run)")
  }

  @Test func `a named pipe whose reader goes away is an error of its name`() throws {
    let run = try CommandLineRun.shell(
      "mkfifo pipe && { head -c 1 pipe > /dev/null & } && "
        + "$vaecodec encode \"$1\" -o pipe --format npy --model \"$2\"",
      [Fixtures.path("metrics/large.png"), Fixtures.path("models/kl-one-level")], in: folder)
    #expect(run.status == 1 && run.errors == "vaecodec: pipe: broken pipe\n", "\(run)")
  }
}
