import FoundationEssentials
import VAE

/// How requests are answered.
public struct ServeSettings: Sendable {
  /// How pictures become latents; NumPy arrays unless it says otherwise.
  public var encoding: EncodeSettings
  /// How latents become pictures, PNG unless it says otherwise.
  public var decoding: DecodeSettings
  /// Requests of more bytes are refused before they are read.
  public var maximumByteCount: Int

  /// Settings; what is left out is as usual.
  public init(
    encoding: EncodeSettings = EncodeSettings(writing: LatentWriting(format: .npy)),
    decoding: DecodeSettings = DecodeSettings(), maximumByteCount: Int = 1 << 30
  ) {
    self.encoding = encoding
    self.decoding = decoding
    self.maximumByteCount = maximumByteCount
  }
}

extension Codec {
  /// A request that is in memory.
  private struct Request: Sendable {
    let id: RequestID?
    /// The bytes, or why there are none.
    let content: Result<[UInt8], any Error>
  }

  private struct Greeting: Encodable {
    let vaecodec: String
    let `protocol` = 1
    let model: String
    let latent: [Int]
    let threads: Int
  }

  /// The longest line before a request.
  private static let maximumHeaderByteCount = 1 << 16

  /// Answers requests that come from one open file on another, until the first one ends.
  ///
  /// A request is a line of JSON with `bytes`, after which so many bytes of a picture or a latent file follow, or with
  /// `path`; a reply is a line of JSON with `bytes` and so many bytes after it. Pictures become latents, latents
  /// pictures. Replies come in the order of the requests, and no more than two requests for each thread are read
  /// ahead of them.
  ///
  /// - Parameters:
  ///   - version: what the first line says of the program.
  ///   - input: a file that is open for reading.
  ///   - output: one that is open for writing.
  ///   - settings: how requests are answered.
  ///   - request: ends the work early: what was read is answered.
  ///   - words: the code and the text of an error for a reply.
  /// - Throws: `FileError.brokenPipe` where nobody reads the replies, `StreamError` where the stream of requests cannot
  ///   be followed; whole requests before that are answered.
  public func serve(
    version: String, from input: Int32, to output: Int32,
    _ settings: ServeSettings = ServeSettings(),
    stopping request: StopRequest = StopRequest(),
    words: @escaping @Sendable (any Error) -> (code: String, text: String)
  ) throws {
    let threads = resources.resolvedThreads
    let greeting = Greeting(
      vaecodec: version, model: model.name,
      latent: [latentSpace.channels, latentSpace.spatialFactor], threads: threads)
    try OutputFile.write(
      Array(JSONEncoder().encode(greeting)) + [UInt8(ascii: "\n")], to: output,
      path: OutputFile.standardOutput)
    let stop = OrderedWork.Stop()
    let stream = InputStream(input, named: "-") { stop.isSet || request.isMade }
    var broken: (any Error)?
    try OrderedWork(threads: threads).run(stop: stop) {
      do {
        return try Self.next(in: stream, settings)
      } catch {
        broken = error
        return nil
      }
    } _: { request in
      onThreads(1).reply(to: request, settings, words)
    } receive: { header, bytes in
      try OutputFile.write(header.line + bytes, to: output, path: OutputFile.standardOutput)
      return true
    } waiting: {
      true
    }
    if let broken { throw InputError(path: "-", reason: broken) }
  }

  private static func next(in stream: InputStream, _ settings: ServeSettings) throws -> Request? {
    guard let line = try stream.line(maximum: maximumHeaderByteCount) else { return nil }
    let header = try RequestHeader(line)
    if let path = header.path {
      return Request(id: header.id, content: Result { try InputFile.bytes(at: path) })
    }
    let count = header.bytes ?? 0
    guard count <= settings.maximumByteCount else {
      throw FileError.tooLong(path: "a request", maximum: settings.maximumByteCount)
    }
    return Request(id: header.id, content: .success(try stream.bytes(count)))
  }

  private func reply(
    to request: Request, _ settings: ServeSettings,
    _ words: (any Error) -> (code: String, text: String)
  ) -> (ReplyHeader, [UInt8]) {
    let start = ContinuousClock.now
    var header = ReplyHeader(id: request.id)
    do {
      let content = try request.content.get()
      let bytes =
        Latent.recognises(content)
        ? try picture(of: content, settings.decoding, &header)
        : try latent(of: content, settings.encoding, &header)
      header.bytes = bytes.count
      header.ms = Int((ContinuousClock.now - start) / .milliseconds(1))
      return (header, bytes)
    } catch {
      header = ReplyHeader(id: request.id, status: "error")
      (header.code, header.error) = words(error)
      return (header, [])
    }
  }

  private func latent(
    of picture: [UInt8], _ settings: EncodeSettings, _ header: inout ReplyHeader
  ) throws -> [UInt8] {
    let image = try Image(decoding: picture, maximumPixelCount: settings.maximumPixelCount)
    let latent = try encode(image, posterior: settings.posterior, matte: settings.matte)
    let (bytes, file) = try settings.writing.encoded(
      latent, usualQuality: settings.usualQuality, for: nil)
    (header.kind, header.format) = ("latent", file.format.identifier)
    header.shape = [latent.channels, latent.height, latent.width]
    (header.width, header.height) = (image.width, image.height)
    return bytes
  }

  private func picture(
    of file: [UInt8], _ settings: DecodeSettings, _ header: inout ReplyHeader
  ) throws -> [UInt8] {
    let reading = settings.reading.expecting(channels: latentSpace.channels)
    let opened = OpenedLatentFile(
      file: try reading.file(of: file), byteCount: file.count, seconds: 0, key: reading.key)
    let stored = try latent(of: opened, reading, ignoringSpace: settings.ignoresSpace).0.latent
    let latent = try settings.sampleSeed.map { try stored.sampled(seed: $0) } ?? stored
    let image = try decode(
      latent, ignoringSpace: settings.ignoresSpace, maximumPixelCount: reading.maximumPixelCount)
    let format = settings.writing.format ?? .png
    (header.kind, header.format) = ("picture", format.rawValue)
    (header.width, header.height) = (image.width, image.height)
    return try settings.writing.bytes(
      of: image, matte: latent.picture?.matte ?? .white, as: format)
  }
}
