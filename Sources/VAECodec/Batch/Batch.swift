import VAE

/// Files that are worked on one after the other, and the files that become of them.
///
/// A bad file leaves the others alone. What is done is reported as it happens and counted in the
/// end:
///
/// ```swift
/// let batch = try Batch(inputs: photos, to: .folder("latents/"), fileExtension: "bin")
/// let summary = try codec.encode(batch) { event in
///   if case .failed(_, let error) = event { print(error) }
/// }
/// print("\(summary.doneCount) of \(summary.itemCount) in \(summary.seconds) s")
/// ```
public struct Batch: Sendable {
  /// A file, and the file that it becomes.
  public struct Item: Sendable, Equatable {
    /// The path of the input; "-" for standard input.
    public let input: String
    /// The path of the output, "-" for standard output; nil where nothing is written.
    public let output: String?
    /// What the data set calls the input, if it is one.
    let key: String?
    /// The path of what the input is held against, or why there is nothing; nil where nothing is compared.
    public internal(set) var reference: Result<String, PairingError>?
    /// Which latent of the input it is, where it holds several that are all worked on.
    public internal(set) var part: String?
    /// Whether another part of the input comes before it, of which everything was said that is true of
    /// both.
    public internal(set) var isFurtherPart = false

    init(input: String, output: String?, key: String? = nil) {
      self.input = input
      self.output = output
      self.key = key
    }

    /// The item of one of `count` parts of the input, `part`, whose output has its number.
    func numbered(_ index: Int, of count: Int, _ part: String) -> Item {
      let numbered = output.map { output in
        let digits = String(index)
        let zeros = max(3, String(count - 1).count) - digits.count
        let dot = output.utf8.lastIndex(of: UInt8(ascii: ".")) ?? output.endIndex
        return output[..<dot] + "_" + String(repeating: "0", count: zeros) + digits + output[dot...]
      }
      var item = Item(input: input, output: numbered, key: key)
      item.part = part
      item.isFurtherPart = index > 0
      return item
    }

    /// The outputs of the item if it has so many parts.
    func outputs(count: Int) -> [String] {
      (0..<count).compactMap { (count == 1 ? self : numbered($0, of: count, "")).output }
    }

    /// What messages call the item.
    var name: String { part.map { "\(input), \($0)" } ?? input }
  }

  /// Where outputs go.
  public enum Destination: Sendable, Equatable {
    /// Nothing is written.
    case nowhere
    /// Into the folder of each input.
    case beside
    /// Into one file, "-" for standard output.
    case file(String)
    /// Into one folder, which is made as work begins; the one it lies in must be there.
    case folder(String)

    /// Where a user's text leads: to a folder if it ends in "/" or is one, else to a file.
    public init(_ text: String) {
      self = FileSystem.namesFolder(text) || FileSystem.isFolder(text) ? .folder(text) : .file(text)
    }
  }

  /// The files, in the order of the work.
  public let items: [Item]
  /// What happens with existing files, and after failures.
  public let policy: BatchPolicy
  /// The folder that is made as work begins; nil where there is none.
  let folder: String?
  /// How what was done in the folder is remembered; nil where it is not.
  let dataset: DatasetPolicy?
  /// What was passed over in folders; nil where none was looked through.
  public private(set) var omission: DatasetInputs.Omission?
  /// Ends the batch early when it is made.
  public var stopRequest: StopRequest?

  /// Pairs inputs with outputs, which are called as their inputs are, "stdin" for standard input.
  ///
  /// - Parameters:
  ///   - inputs: paths; "-" for standard input.
  ///   - destination: where the outputs go.
  ///   - fileExtension: of the outputs, without the dot; of no account for a single file.
  ///   - policy: what happens with existing files, and after failures.
  /// - Throws: `BatchError` where several inputs would become one file.
  public init(
    inputs: [String], to destination: Destination = .nowhere, fileExtension: String = "",
    policy: BatchPolicy = BatchPolicy()
  ) throws {
    self.policy = policy
    var folder: String?
    switch destination {
    case .nowhere: items = inputs.map { Item(input: $0, output: nil) }
    case .beside:
      items = inputs.map { input in
        let bytes = input.utf8
        let slash = bytes.lastIndex(of: FileSystem.separator).map(bytes.index(after:))
        let name = "\(Self.stem(of: input)).\(fileExtension)"
        return Item(input: input, output: input[..<(slash ?? input.startIndex)] + name)
      }
    case .file(let path):
      guard inputs.count <= 1 else {
        throw BatchError.oneFile(path, inputCount: inputs.count)
      }
      items = inputs.map { Item(input: $0, output: path) }
    case .folder(let path):
      let prefix = FileSystem.namesFolder(path) ? path : path + "/"
      folder = prefix
      items = inputs.map {
        Item(input: $0, output: "\(prefix)\(Self.stem(of: $0)).\(fileExtension)")
      }
    }
    self.folder = folder
    dataset = nil
    try checkOutputs()
  }

  init(
    items: [Item], policy: BatchPolicy, folder: String? = nil, dataset: DatasetPolicy? = nil,
    omission: DatasetInputs.Omission? = nil
  ) {
    (self.items, self.policy, self.folder, self.dataset) = (items, policy, folder, dataset)
    self.omission = omission
  }

  /// Whether the inputs are those of a data set: of folders, or of a list.
  public var isDataset: Bool { items.contains { $0.key != nil } }

  /// The same inputs, of which nothing is written.
  var withoutOutputs: Batch {
    Batch(
      items: items.map { Item(input: $0.input, output: nil, key: $0.key) }, policy: policy,
      omission: omission)
  }

  /// Checks that no output takes the place of another, or of what it is made of.
  ///
  /// - Throws: `BatchError.sameOutput` and `.overwritesInput`.
  func checkOutputs() throws {
    // By bytes: two names may be one string in two forms of Unicode, and two files.
    var inputOfOutput: [[UInt8]: String] = [:]
    for item in items {
      guard let output = item.output else { continue }
      if policy.replaces, output != "-", isInput(output, of: item) {
        throw BatchError.overwritesInput(output)
      }
      if let other = inputOfOutput.updateValue(item.input, forKey: output.pathBytes) {
        throw BatchError.sameOutput(first: other, second: item.input, output: output)
      }
    }
  }

  /// Whether `path` leads to the input or the reference of `item`.
  private func isInput(_ path: String, of item: Item) -> Bool {
    [item.input, try? item.reference?.get()].contains { other in
      other.map { FileSystem.areSame(path, $0) } ?? false
    }
  }

  /// Whether `path` leads to a file that the batch reads.
  package func reads(_ path: String) -> Bool { items.contains { isInput(path, of: $0) } }

  /// Whether `path` names a file that the batch writes.
  package func writes(_ path: String) -> Bool {
    items.contains { item in item.output.map { InputFile.areSame(path, $0) } ?? false }
  }

  private static func stem(of path: String) -> String {
    path == "-" ? "stdin" : FileName(path).stem
  }
}
