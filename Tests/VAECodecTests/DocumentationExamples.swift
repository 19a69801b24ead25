import VAECodec

// The examples of the pages, each between its page's name and the end: `DocumentationTests` holds them
// against the pages and runs them.

// begin README.md
func reencode(_ source: String, to destination: String) throws -> Comparison {
  let codec = try Codec()  // or Codec(model: .path("sdxl-vae"))
  let image = try Image(contentsOf: source)
  let latent = try codec.encode(image) { fraction in print("\(Int(fraction * 100)) %") }
  let bytes = try latent.serialized()
  let picture = try codec.decode(Latent(decoding: bytes))
  try OutputFile.write(picture.pngData(), to: destination)
  return try Comparison(image, picture)
}
// end

// begin README.md
func cache(_ photos: [String], in folder: String) throws -> BatchSummary {
  let batch = try Batch(
    inputs: photos, to: .folder(folder), fileExtension: "npz",
    policy: BatchPolicy(existingFiles: .skip))
  return try Codec().encode(batch) { event in
    if case .failed(_, let error) = event { print(error) }
  }
}
// end

// begin PicturesToLatents.md
func measure(_ picture: String, model: Codec.Model) throws -> Double? {
  let codec = try Codec(model: model)
  for assumption in codec.assumptions { print("note: \(assumption)") }
  let image = try Image(contentsOf: picture)
  let decoded = try codec.decode(codec.encode(image))
  return try Comparison(image, decoded).psnr
}
// end

// begin PicturesToLatents.md
func store(_ picture: String, in file: String) throws {
  let latent = try Codec().encode(Image(contentsOf: picture))
  let bytes = try latent.serialized(quality: 50)
  try OutputFile.write(bytes, to: file, replacing: true)
}

func restore(_ file: String, to picture: String) throws {
  let latent = try Latent(contentsOf: file)
  let image = try Codec().decode(latent)
  try OutputFile.write(image.pngData(), to: picture, replacing: true)
}
// end

// begin PicturesToLatents.md
func samples(of picture: String, _ count: UInt64, _ codec: Codec) throws -> [Latent] {
  let moments = try codec.encode(Image(contentsOf: picture), posterior: .moments)
  return try (0..<count).map { seed in try moments.sampled(seed: seed) }
}
// end

// begin PicturesToLatents.md
func fits(_ picture: String, in byteCount: Int) throws -> Bool {
  let codec = try Codec(resources: Resources(threads: 2, maximumMemory: byteCount))
  let header = try Image.Header(contentsOf: picture)
  let plan = try codec.plan(encodingWidth: header.width, height: header.height)
  return plan.temporaryFileByteCount == 0
}
// end

// begin LatentsOfOtherPrograms.md
func latents(in path: String) throws -> [Latent] {
  let file = try LatentFile(decoding: InputFile.bytes(at: path))
  return try file.entries.map { entry in try file.latent(key: entry.key) }
}
// end

// begin LatentsOfOtherPrograms.md
func scaledValues(of path: String, as family: LatentFamily) throws -> [Float] {
  let latent = try Latent(contentsOf: path, units: .raw)
  return try latent.placed(in: LatentSpace(family)).values(in: .scaled)
}
// end

// begin LatentsOfOtherPrograms.md
func export(_ latent: Latent, to path: String) throws {
  guard let format = LatentFileFormat(fileName: path), format.isWritten else { return }
  for loss in latent.losses(as: format) { print("note: \(path) does not keep \(loss)") }
  try OutputFile.write(latent.encoded(as: format), to: path, replacing: true)
}
// end

// begin LatentsOfOtherPrograms.md
func exportCache(_ files: [String], to folder: String) throws -> BatchSummary {
  let batch = try Batch(inputs: files, to: .folder(folder), fileExtension: "npz")
  return try batch.convert { event in
    if case .failed(_, let error) = event { print(error) }
  }
}
// end

// begin RefiningLatents.md
func refined(_ picture: String, at quality: Quality) throws -> RefinedLatent? {
  guard let refinement = Latent.Refinement(steps: 20, loss: .l2) else { return nil }
  let image = try Image(contentsOf: picture)
  return try Codec().encode(image, refinedBy: refinement, keptAt: quality) { fraction in
    print("\(Int(fraction * 100)) %")
  }
}
// end

// begin RefiningLatents.md
func sensitivity(of latent: Latent, _ codec: Codec, draws: Int = 4) throws -> [Float] {
  let factor = codec.latentSpace.spatialFactor
  let pixels = latent.width * latent.height * factor * factor
  var squares = [Float](repeating: 0, count: latent.width * latent.height)
  for _ in 0..<draws {
    let signs = (0..<3 * pixels).map { _ in Bool.random() ? Float(1) : -1 }
    let gradient = try codec.decoderGradient(at: latent, of: signs).latentGradient
    for (index, slope) in gradient.enumerated() {
      squares[index % squares.count] += slope * slope / Float(draws)
    }
  }
  return squares.map { $0.squareRoot() }
}
// end

// begin TrainingAModel.md
func trained(on folder: String, to model: String) throws -> Codec {
  var settings = TrainingSettings()
  settings.beta = 4
  let pictures = try TrainingPictures(at: [folder], side: settings.side)
  var trainer = try Trainer(.new(ModelDesign()), pictures, settings)
  try trainer.run { record in print(record.step, record.psnr) }
  try trainer.model().write(to: model)
  return try Codec(model: .path(model))
}
// end
