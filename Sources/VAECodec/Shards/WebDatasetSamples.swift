import VAE

/// The samples of a tar archive, one after the other, as webdataset groups its members.
///
/// What other readers let pass in silence is an error here: a key whose files do not follow each other, which
/// they take for two samples, and a field that a sample has twice. After an error there is no going on.
public final class WebDatasetSamples {
  private let reader: TarReader
  /// Members that belong to no sample, since their names have no dot or begin with one.
  public private(set) var otherCount = 0
  /// The names of the first of them.
  public private(set) var otherNames: [String] = []
  /// Keys that came, as bytes: accents that a string holds for equal are two names.
  private var keys: Set<[UInt8]> = []
  /// The first member of the next sample.
  private var pending: (name: WebDatasetName, member: TarMember)?
  /// Samples with more bytes, headers counted, are refused.
  private let maximumByteCount: Int

  private static let maximumOtherNames = 10

  /// The samples of the archive of `reader`, from where it is.
  public convenience init(_ reader: TarReader) {
    self.init(reader, maximumByteCount: InputFile.maximumByteCount)
  }

  init(_ reader: TarReader, maximumByteCount: Int) {
    (self.reader, self.maximumByteCount) = (reader, maximumByteCount)
  }

  /// What is strange at the end of the archive, once it was reached.
  public var warning: TarWarning? { reader.warning }

  /// The next sample; nil at the end.
  ///
  /// - Throws: what `TarReader` throws, and `ShardError.scatteredKey`, `.repeatedField` and `.tooLong` (in an
  ///   `InputError` where there is a path).
  public func next() throws -> WebDatasetSample? {
    guard let (first, member) = try pending ?? nextMember() else { return nil }
    pending = nil
    guard keys.insert(first.key.pathBytes).inserted else {
      throw reader.named(ShardError.scatteredKey(first.key, offset: member.offset))
    }
    var fields = [try field(first, member)]
    var names: Set = [first.field.lowercased().pathBytes]
    var byteCount = TarHeader.blockByteCount + member.byteCount
    while let (name, member) = try nextMember() {
      guard name.key.utf8.elementsEqual(first.key.utf8) else {
        pending = (name, member)
        break
      }
      guard names.insert(name.field.lowercased().pathBytes).inserted else {
        throw reader.named(
          ShardError.repeatedField(name.field, key: first.key, offset: member.offset))
      }
      byteCount += TarHeader.blockByteCount + member.byteCount
      guard byteCount <= maximumByteCount else {
        throw reader.named(
          ShardError.tooLong(
            part: "sample \(ShardError.quoted(first.key))", offset: member.offset,
            byteCount: byteCount, maximum: maximumByteCount))
      }
      fields.append(try field(name, member))
    }
    return WebDatasetSample(key: first.key, fields: fields)
  }

  private func field(_ name: WebDatasetName, _ member: TarMember) throws -> WebDatasetSample.Field {
    WebDatasetSample.Field(
      name: name.field, dataOffset: member.dataOffset, bytes: try reader.contents())
  }

  /// The next member that belongs to a sample.
  private func nextMember() throws -> (name: WebDatasetName, member: TarMember)? {
    while let member = try reader.next() {
      if let name = WebDatasetName(member.name) { return (name, member) }
      otherCount += 1
      if otherNames.count < Self.maximumOtherNames { otherNames.append(member.name) }
    }
    return nil
  }
}
