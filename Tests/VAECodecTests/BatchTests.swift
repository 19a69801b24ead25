import Synchronization
import TestSupport
import Testing

@testable import VAECodec

/// Batches of files as calls of the library.
@Suite struct BatchTests {
  private let folder: TemporaryFolder
  private let pictures = ["pictures/rgb8.png", "pictures/grey8.png"].map(Fixtures.path)

  init() throws { folder = try TemporaryFolder() }

  private func outBatch(
    _ inputs: [String], existing: BatchPolicy.ExistingFiles = .keep, stops: Bool = false,
    _ fileExtension: String = "bin"
  ) throws -> Batch {
    try Batch(
      inputs: inputs, to: .folder(folder.path("out")), fileExtension: fileExtension,
      policy: BatchPolicy(existingFiles: existing, stopsAtFailure: stops))
  }

  // MARK: Names

  @Test(arguments: [
    (Batch.Destination.nowhere, [nil, nil, nil] as [String?]),
    (.beside, ["a/one.bin", "two.x.bin", "stdin.bin"]),
    (.folder("out"), ["out/one.bin", "out/two.x.bin", "out/stdin.bin"]),
    (.folder("out/"), ["out/one.bin", "out/two.x.bin", "out/stdin.bin"]),
  ])
  func `outputs are called as their inputs are`(
    destination: Batch.Destination, outputs: [String?]
  ) throws {
    let inputs = ["a/one.png", "two.x.jpeg", "-"]
    let batch = try Batch(inputs: inputs, to: destination, fileExtension: "bin")
    #expect(batch.items.map(\.input) == inputs)
    #expect(batch.items.map(\.output) == outputs)
  }

  @Test func `a text leads to a folder if it says so or is one`() throws {
    #expect(Batch.Destination("out/") == .folder("out/"))
    #expect(Batch.Destination(folder.path) == .folder(folder.path))
    #expect(Batch.Destination("out.bin") == .file("out.bin"))
    #expect(Batch.Destination("-") == .file("-"))
    let one = try Batch(inputs: ["a.png"], to: .file("b.bin"), fileExtension: "npy")
    #expect(one.items == [Batch.Item(input: "a.png", output: "b.bin")])
  }

  @Test func `inputs that would become one file are refused`() {
    #expect(
      throws: BatchError.sameOutput(first: "a/c.png", second: "b/c.jpg", output: "out/c.bin")
    ) {
      try Batch(inputs: ["a/c.png", "b/c.jpg"], to: .folder("out"), fileExtension: "bin")
    }
    #expect(throws: BatchError.oneFile("z.bin", inputCount: 2)) {
      try Batch(inputs: ["a.png", "b.png"], to: .file("z.bin"))
    }
    let error = BatchError.oneFile("z.bin", inputCount: 2)
    #expect("\(error)" == "'z.bin' is one file for 2 inputs, expected a folder")
  }

  // MARK: Policy

  @Test(arguments: [BatchPolicy.ExistingFiles.keep, .replace, .skip])
  func `an existing file is kept, replaced or passed over`(
    policy: BatchPolicy.ExistingFiles
  ) throws {
    let codec = try Codec()
    let old =
      policy == .skip ? try codec.encode(Image(contentsOf: pictures[0])).serialized() : [7]
    try folder.write(old, to: "out/rgb8.bin")
    var events: [String] = []
    let summary = try codec.encode(outBatch(pictures, existing: policy)) { event in
      switch event {
      case .done(let item, let file):
        let bytes = try folder.bytes(of: "out/\(name(item)).bin")
        #expect(bytes.count == file.byteCount)
        events.append("done \(name(item))")
      case .skipped(let item): events.append("skipped \(name(item))")
      case .failed(let item, let error):
        #expect(error as? FileError == .exists(path: item.output ?? ""))
        events.append("failed \(name(item))")
      }
    }
    let first = [.keep: "failed", .replace: "done", .skip: "skipped"][policy] ?? ""
    #expect(events == ["\(first) rgb8", "done grey8"])
    let kept = try folder.bytes(of: "out/rgb8.bin")
    #expect((kept == old) == (policy != .replace))
    #expect(summary.doneCount == (policy == .replace ? 2 : 1) && summary.itemCount == 2)
    #expect(summary.skippedCount == (policy == .skip ? 1 : 0))
    #expect(summary.failedCount == (policy == .keep ? 1 : 0))
    #expect(summary.byteCount > 0 && summary.seconds > 0 && summary.means.count == 0)
  }

  private func name(_ item: Batch.Item) -> String { FileName(item.input).stem }

  @Test(arguments: [false, true])
  func `a bad file leaves the others alone unless it is to stop them`(stops: Bool) throws {
    let bad = try folder.write(Array("not a picture".utf8), to: "bad.png")
    let inputs = [pictures[0], bad, "/nowhere.png", pictures[1]]
    var errors: [any Error] = []
    let summary = try Codec().encode(outBatch(inputs, stops: stops)) { event in
      if case .failed(_, let error) = event { errors.append(error) }
    }
    #expect(summary.doneCount == (stops ? 1 : 2))
    #expect(summary.failedCount == (stops ? 1 : 2))
    let first = try #require(errors.first as? InputError)
    #expect(first.path == bad)
    #expect(
      first.reason as? ImageFileError == .unrecognizedFormat(firstBytes: Array("not a pi".utf8)))
    #expect(
      "\(first)" == "\(bad): the file begins with bytes 6e 6f 74 20 61 20 70 69, expected a PNG or "
        + "JPEG picture")
    if !stops { #expect(errors.last is FileError) }
  }

  @Test func `a report that throws of what is done makes it a failure`() throws {
    struct Refusal: Error, Equatable {}
    var reasons: [any Error] = []
    let summary = try Codec().encode(outBatch(pictures)) { event in
      switch event {
      case .done: throw Refusal()
      case .failed(_, let error): reasons.append((error as? InputError)?.reason ?? error)
      case .skipped: break
      }
    }
    #expect(summary.failedCount == 2 && summary.doneCount == 0 && summary.byteCount == 0)
    #expect(reasons.allSatisfy { $0 is Refusal })
  }

  @Test func `a reader who is gone and a task that is cancelled end the batch`() async throws {
    var count = 0
    #expect(throws: FileError.brokenPipe) {
      try outBatch(pictures).run { _ -> PlannedFile in
        count += 1
        throw FileError.brokenPipe
      } checkExisting: { _, _ in
      } report: { _ in
      }
    }
    #expect(count == 1)
    let batch = try outBatch(pictures)
    let task = Task {
      unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
      return try batch.convert { _ in }
    }
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  // MARK: Work

  @Test func `a batch writes what the single calls give`() throws {
    let codec = try Codec()
    let fractions = Mutex<[String: Double]>([:])
    _ = try codec.encode(
      outBatch(pictures),
      progress: { item, fraction in fractions.withLock { $0[item.input] = fraction } }
    ) { _ in }
    let last = fractions.withLock { $0 }
    #expect(last.values.allSatisfy { $0 == 1 } && last.count == 2)
    let image = try Image(contentsOf: pictures[0])
    let bytes = try codec.encode(image).serialized()
    #expect(try folder.bytes(of: "out/rgb8.bin") == bytes)
    let latents = ["rgb8", "grey8"].map { folder.path("out/\($0).bin") }
    _ = try codec.decode(outBatch(latents, "png")) { _ in }
    let picture = try codec.decode(Latent(decoding: bytes)).pngData()
    #expect(try folder.bytes(of: "out/rgb8.png") == picture)
    _ = try outBatch(latents, "npy").convert { _ in }
    let array = try Latent(decoding: bytes).encoded(as: .npy)
    #expect(try folder.bytes(of: "out/rgb8.npy") == array)
    _ = try outBatch(latents, existing: .replace, "png").preview { _ in }
    let preview = try Latent(decoding: bytes).preview().image.pngData()
    #expect(try folder.bytes(of: "out/rgb8.png") == preview)
  }

  @Test func `units that nothing says are assumed and the file has them`() throws {
    let latent = try Latent(
      channels: 4, height: 2, width: 2, values: [Float](repeating: 1, count: 16), units: .raw)
    let array = try folder.write(latent.encoded(as: .npy), to: "z.npy")
    #expect(try LatentReading().latent(at: array).assumedUnits == .raw)
    #expect(try LatentReading(units: .scaled).latent(at: array).assumedUnits == nil)
    let error = #expect(throws: InputError.self) {
      try LatentReading(rawExtents: [4, 2, 3]).latent(at: array)
    }
    #expect(error?.path == array && error?.reason is ContainerError)
  }

  @Test func `a plan reads its inputs and writes nothing`() throws {
    var plans: [PlannedFile] = []
    let summary = try Codec().planEncoding(outBatch(pictures)) { event in
      if case .done(_, let file) = event { plans.append(file) }
    }
    #expect(summary.doneCount == 2 && summary.byteCount == 0 && folder.names.isEmpty)
    let image = try Image(contentsOf: pictures[0])
    #expect(plans.first?.width == image.width && plans.first?.height == image.height)
  }

  @Test func `round trips have means and a worst one`() throws {
    let bounds = QualityBounds(minimumPSNR: 199)
    var results: [RoundTrip] = []
    var misses = 0
    let batch = try Batch(inputs: pictures)
    let summary = try Codec().roundTrip(batch) { event in
      switch event {
      case .done(_, let file):
        results.append(file.result)
        try bounds.check(file.result.comparison)
      case .failed(_, let error):
        misses += ((error as? InputError)?.reason as? QualityError)?.misses.count ?? 0
      case .skipped: break
      }
    }
    #expect(misses == 2 && summary.failedCount == 2 && summary.means.count == 2)
    let psnrs = results.compactMap(\.comparison.psnr)
    #expect(summary.means.psnr == (psnrs[0] + psnrs[1]) / 2)
    #expect(summary.worst?.comparison.psnr == psnrs.min())
    #expect(summary.means.bitsPerPixel == results.map(\.bitsPerPixel).reduce(0, +) / 2)
  }
}
