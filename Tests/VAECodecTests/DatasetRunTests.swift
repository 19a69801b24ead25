import Glibc
import Synchronization
import TestSupport
import Testing
import VAE

@testable import VAECodec

/// A data set whose output folder remembers what was done, with work that only copies.
@Suite struct DatasetRunTests {
  private struct Copied: BatchResult { let byteCount: Int }

  private struct Run {
    var summary: BatchSummary
    /// The inputs that were worked on.
    var worked: [String]
    var errors: [String]
  }

  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for number in 0..<10 {
      try folder.write(Array("picture \(number)".utf8), to: "in/\(number % 3)/\(number).png")
    }
  }

  private func path(of number: Int) -> String { folder.path("in/\(number % 3)/\(number).png") }

  /// Copies all inputs.
  private func run(
    _ settings: [String: String] = [:], threads: Int = 2, policy: BatchPolicy = BatchPolicy(),
    _ dataset: DatasetPolicy = DatasetPolicy(), stopping request: StopRequest? = nil,
    failing: Set<String> = [], work: @escaping (String) throws -> Void = { _ in }
  ) throws -> Run {
    struct Refusal: Error {}
    var batch = try Batch(
      DatasetInputs(at: [folder.path("in")], .pictures), to: .folder(folder.path("out")),
      fileExtension: "bin", policy: policy, dataset: dataset)
    batch.stopRequest = request
    let worked = Mutex<[String]>([])
    var errors: [String] = []
    let summary = try batch.run(
      threads: threads, record: RunRecord(command: "copy", settings)
    ) { item, worker -> Copied in
      let name = FileName(item.input).last
      worked.withLock { $0.append(name) }
      try work(name)
      if failing.contains(name) { throw Refusal() }
      let bytes = try InputFile.bytes(at: item.input)
      try worker.output.write(bytes, to: item.output ?? "", replacing: false)
      return Copied(byteCount: bytes.count)
    } checkExisting: { item, output in
      guard try InputFile.bytes(at: output) == InputFile.bytes(at: item.input) else {
        throw BatchError.otherOutput(output, differences: ["other bytes"])
      }
    } report: { event in
      if case .failed(_, let error) = event { errors.append("\(error)") }
    }
    return Run(summary: summary, worked: worked.withLock { $0.sorted() }, errors: errors)
  }

  private func expectAll(
    at place: SourceLocation = #_sourceLocation
  ) throws {
    for number in 0..<10 {
      let name = "out/\(number % 3)/\(number).png.bin"
      #expect(
        try folder.bytes(of: name) == Array("picture \(number)".utf8), sourceLocation: place)
    }
    #expect(FileSystem.fileNames(in: folder.path("out/.vaecodec/tmp")) == [".", ".."])
  }

  @Test(arguments: [1, 3])
  func `what is done is not done again`(threads: Int) throws {
    #expect(try run(threads: threads).summary.doneCount == 10)
    try expectAll()
    let again = try run(threads: threads)
    #expect(again.worked.isEmpty && again.summary.skippedCount == 10)
    try expectAll()
  }

  @Test func `an input that was changed is done again, and no other`() throws {
    _ = try run()
    try folder.write(Array("another".utf8), to: "in/1/4.png")
    let again = try run()
    #expect(again.worked == ["4.png"] && again.summary.skippedCount == 9)
    #expect(try folder.bytes(of: "out/1/4.png.bin") == Array("another".utf8))
    #expect(try run(DatasetPolicy(check: .exists)).worked.isEmpty)
  }

  private func run(_ dataset: DatasetPolicy) throws -> Run { try run([:], dataset) }

  @Test(arguments: ["gone", "cut", "journal", "lines"])
  func `what is not whole is made again, and what lacks a line is looked at`(damage: String) throws
  {
    _ = try run()
    let journal = "out/.vaecodec/items-00000-of-00001.jsonl"
    switch damage {
    case "gone": _ = unsafe unlink(folder.path("out/0/3.png.bin"))
    case "cut": try folder.write([1], to: "out/0/3.png.bin")
    case "journal":
      try folder.write([], to: journal)
      try folder.write([1], to: "out/0/3.png.bin")
    default:
      let bytes = try folder.bytes(of: journal)
      try folder.write(Array(bytes.prefix(bytes.count / 2)), to: journal)
    }
    let again = try run()
    #expect(again.worked == (damage == "lines" ? [] : ["3.png"]))
    #expect(again.errors.isEmpty)
    try expectAll()
    #expect(try run().worked.isEmpty)
  }

  @Test func `a file of somebody else is kept`() throws {
    try folder.write(Array("mine".utf8), to: "out/0/3.png.bin")
    for _ in 0..<2 {
      let first = try run()
      #expect(first.summary.failedCount == 1 && first.errors[0].contains("3.png.bin"))
      #expect(try folder.bytes(of: "out/0/3.png.bin") == Array("mine".utf8))
    }
    #expect(try run(policy: BatchPolicy(existingFiles: .replace)).summary.doneCount == 10)
    try expectAll()
  }

  @Test func `other settings in the same folder are refused`() throws {
    _ = try run(["quality": "75"])
    let error = #expect(throws: DatasetError.self) { try run(["quality": "50"]) }
    #expect("\(try #require(error))".contains("quality 75, now 50"))
    #expect(
      try run(["quality": "50"], policy: BatchPolicy(existingFiles: .replace)).worked.count == 10)
    #expect(try run(["quality": "50"]).worked.isEmpty)
  }

  @Test func `a failure is noted, told and tried again`() throws {
    let first = try run(failing: ["2.png", "5.png"])
    #expect(first.summary.doneCount == 8 && first.errors.count == 2)
    #expect(!FileSystem.exists(folder.path("out/2/5.png.bin")))
    let kept = try run(DatasetPolicy(retriesFailed: false))
    #expect(kept.worked.isEmpty && kept.summary.failedCount == 2)
    #expect(kept.errors.allSatisfy { $0.contains("failed before: Refusal()") })
    #expect(try run().worked == ["2.png", "5.png"])
    try expectAll()
  }

  @Test func `more failures than are allowed end the run`() throws {
    let failing = Set((0..<10).map { "\($0).png" })
    let limited = try run(
      threads: 1, policy: BatchPolicy(maximumFailures: .count(2)), failing: failing)
    #expect(limited.summary.failedCount == 3 && limited.summary.leftCount == 7)
    let shared = try run(
      threads: 1, policy: BatchPolicy(maximumFailures: .share(0.5)), failing: failing)
    #expect(shared.summary.failedCount == 6)
  }

  @Test func `a request to stop finishes what is in hand`() throws {
    let request = StopRequest()
    let first = try run(stopping: request) { name in if name == "3.png" { request.make() } }
    #expect(first.summary.failedCount == 0 && first.summary.leftCount > 0)
    #expect(first.summary.doneCount == first.worked.count)
    let second = try run()
    #expect(second.worked.count == 10 - first.worked.count)
    try expectAll()
  }

  @Test func `parts of a data set are worked on apart, and one by one process`() throws {
    let parts = try (0..<3).map { index in
      try run(DatasetPolicy(shard: DatasetPart(index: index, count: 3)))
    }
    #expect(parts.flatMap(\.worked).sorted() == (0..<10).map { "\($0).png" })
    try expectAll()
    #expect(try run().worked.isEmpty)
    let other = try DatasetFolder(
      at: folder.path("out"), RunRecord(command: "copy", [:]), DatasetPolicy(), replaces: false)
    let error = #expect(throws: DatasetError.self) { try run() }
    #expect(try "\(#require(error))".contains("process \(getpid()) on "))
    #expect(try run(DatasetPolicy(shard: DatasetPart(index: 0, count: 3))).worked.isEmpty)
    withExtendedLifetime(other) {}
  }

  @Test func `what a process that is gone left behind goes, and what another has stays`() throws {
    let host = ThisProcess.host
    try folder.write([0], to: "out/.vaecodec/tmp/\(host)-4194305/.vaecodec.x")
    try folder.write([0], to: "out/.vaecodec/tmp/elsewhere-1/.vaecodec.x")
    _ = try run()
    #expect(
      FileSystem.fileNames(in: folder.path("out/.vaecodec/tmp")) == [".", "..", "elsewhere-1"])
  }

  @Test func `inputs that would become one file are all named before anything is made`() throws {
    let list = try folder.write(
      Array("in/0/0.png\n/in/0/0.png\nin/1/../0/0.png\nin/0/3.png\n".utf8), to: "list")
    let error = #expect(throws: DatasetError.self) {
      try Batch(
        DatasetInputs(InputList(list), .pictures), to: .folder(folder.path("out")),
        fileExtension: "bin")
    }
    #expect(
      "\(try #require(error))".hasPrefix("2 inputs would become files that others become too"))
    #expect(!FileSystem.exists(folder.path("out")))
  }

  @Test func `what is no ordinary file fails and is not waited for`() throws {
    #expect(unsafe mkfifo(folder.path("in/0/pipe.png").systemPath, 0o600) == 0)
    #expect(unsafe symlink("/dev/zero", folder.path("in/0/zero.png").systemPath) == 0)
    let found = try run()
    #expect(found.summary.failedCount == 2)
    #expect(found.errors.allSatisfy { $0.hasSuffix("no ordinary file") })
  }
}
