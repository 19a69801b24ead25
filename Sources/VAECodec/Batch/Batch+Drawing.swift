/// A picture that was made of a latent that no file holds.
public struct MadePicture: BatchResult {
  /// The picture.
  public let image: Image
  /// Bytes of its file; 0 where none was written.
  public let byteCount: Int
  /// How long the parts of the work took.
  public let seconds: FileSeconds
}

extension Batch {
  /// Pictures that are all made of one input.
  ///
  /// - Parameters:
  ///   - parts: what messages call each of them; no two are alike.
  ///   - names: the names of their files, without an extension; no two are alike.
  ///   - input: what they are made of.
  ///   - destination: where the files go: nowhere, into a folder, or the only one into a file.
  ///   - fileExtension: of files in a folder.
  ///   - policy: what happens with existing files.
  /// - Throws: `BatchError` where a file would be the input, or several would be one.
  public init(
    parts: [String], named names: [String], of input: String, to destination: Destination,
    fileExtension: String, policy: BatchPolicy
  ) throws {
    precondition(parts.count == names.count, "\(parts.count) pictures and \(names.count) names")
    let named = try Batch(
      inputs: names, to: destination, fileExtension: fileExtension, policy: policy)
    self.init(
      items: zip(parts, named.items).map { part, place in
        var item = Item(input: input, output: place.output)
        item.part = part
        return item
      }, policy: policy, folder: named.folder)
    try checkOutputs()
  }

  /// Makes a picture for each item and writes it.
  ///
  /// - Parameters:
  ///   - threads: pictures that are made at the same time.
  ///   - make: the picture of the item of a number.
  /// - Throws: as `run`.
  func makePictures(
    threads: Int, _ writing: PictureWriting, report: (BatchEvent<MadePicture>) throws -> Void,
    make: @escaping (_ item: Item, _ index: Int, BatchWorker) throws -> Image
  ) throws -> BatchSummary {
    let numbers = Dictionary(
      uniqueKeysWithValues: items.enumerated().map { ($0.element.name, $0.offset) })
    return try run(
      threads: threads, record: nil,
      { item, worker in
        var seconds = FileSeconds()
        let image = try seconds.measure(\.decode) {
          guard let number = numbers[item.name] else {
            preconditionFailure("\(item.name) is no item of the batch")
          }
          return try make(item, number, worker)
        }
        let byteCount = try seconds.measure(\.write) {
          try writing.write(image, to: item.output, replacing: policy.replaces, worker.output)
        }
        return MadePicture(image: image, byteCount: byteCount, seconds: seconds)
      }, checkExisting: { _, output in throw FileError.exists(path: output) }, report: report)
  }
}

extension Codec {
  /// Decodes latents that are drawn for the items of a batch, the first with `seed`, the next with the number
  /// after it, and so on.
  ///
  /// - Parameters:
  ///   - batch: the pictures' files; those without an output are decoded all the same.
  ///   - sampler: where the latents are drawn from.
  ///   - seed: of the first.
  ///   - writing: how the pictures are written.
  ///   - maximumPixelCount: larger pictures are refused.
  ///   - progress: called with the part of an item's decoding that is done, in 0...1.
  ///   - report: called with what became of each item.
  /// - Throws: as `Batch.run`.
  public func sample(
    _ batch: Batch, from sampler: LatentSampler, seed: UInt64,
    writing: PictureWriting = PictureWriting(),
    maximumPixelCount: Int = Image.defaultMaximumPixelCount,
    progress: @escaping @Sendable (Batch.Item, Double) throws -> Void = { _, _ in },
    report: (BatchEvent<MadePicture>) throws -> Void
  ) throws -> BatchSummary {
    try batch.makePictures(threads: resources.resolvedThreads, writing, report: report) {
      item, index, worker in
      try onThreads(worker.threads).decode(
        sampler.latent(seed: seed &+ UInt64(index)), maximumPixelCount: maximumPixelCount,
        progress: worker.stopping { try progress(item, $0) })
    }
  }

  /// Makes the frames of an interpolation, one for each item of a batch.
  ///
  /// - Parameters:
  ///   - batch: the pictures' files; those without an output are made all the same.
  ///   - interpolation: what is shown.
  ///   - writing: how the pictures are written.
  ///   - maximumPixelCount: larger pictures are refused.
  ///   - progress: called with the part of an item's work that is done, in 0...1.
  ///   - report: called with what became of each item.
  /// - Throws: as `Batch.run`.
  /// - Precondition: there are as many items as frames.
  public func interpolate(
    _ batch: Batch, _ interpolation: Interpolation, writing: PictureWriting = PictureWriting(),
    maximumPixelCount: Int = Image.defaultMaximumPixelCount,
    progress: @escaping @Sendable (Batch.Item, Double) throws -> Void = { _, _ in },
    report: (BatchEvent<MadePicture>) throws -> Void
  ) throws -> BatchSummary {
    precondition(
      batch.items.count == interpolation.frames.count,
      "\(batch.items.count) items for \(interpolation.frames.count) frames")
    return try batch.makePictures(threads: resources.resolvedThreads, writing, report: report) {
      item, index, worker in
      try onThreads(worker.threads).picture(
        of: interpolation.frames[index], in: interpolation, maximumPixelCount: maximumPixelCount,
        progress: worker.stopping { try progress(item, $0) })
    }
  }
}
