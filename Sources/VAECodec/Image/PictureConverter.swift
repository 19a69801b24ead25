import VAE

/// A program that makes a PNG of a picture of a kind that is not read.
public struct PictureConverter: Sendable, Equatable {
  /// What stands in `arguments` for the two files.
  private static let input = "IN"
  private static let output = "OUT"

  /// The customary extension of the kind, without the dot.
  private let fileExtension: String
  private let arguments: [String]

  private init(_ fileExtension: String, _ arguments: String) {
    self.fileExtension = fileExtension
    self.arguments = arguments.split(separator: " ").map(String.init)
  }

  /// The program for pictures of `kind`; nil where there is none to name.
  init?(_ kind: FileKind) {
    switch kind {
    case .webP: self.init("webp", "dwebp IN -o OUT")
    case .avif: self.init("avif", "avifdec IN OUT")
    case .heif: self.init("heic", "heif-convert IN OUT")
    case .jpegXL: self.init("jxl", "djxl IN OUT")
    case .appleCrushedPNG:
      self.init("png", "xcrun pngcrush -revert-iphone-optimizations IN OUT")
    case .gif: self.init("gif", "convert IN[0] OUT")
    case .tiff, .bigTIFF: self.init("tif", "convert IN[0] OUT")
    case .photoshop: self.init("psd", "convert IN[0] OUT")
    case .ico: self.init("ico", "convert IN[0] OUT")
    case .jpeg2000: self.init("jp2", "convert IN OUT")
    case .bmp: self.init("bmp", "convert IN OUT")
    case .qoi: self.init("qoi", "convert IN OUT")
    case .openEXR: self.init("exr", "convert IN OUT")
    case .pgm: self.init("pgm", "convert IN OUT")
    case .ppm: self.init("ppm", "convert IN OUT")
    case .svg: self.init("svg", "convert IN OUT")
    case .pdf: self.init("pdf", "convert IN[0] OUT")
    default: return nil
    }
  }

  /// The line for a shell that makes a PNG beside the picture at `path`.
  public func command(for path: String) -> String {
    let stem = path == "-" ? "picture" : path.droppingExtension
    let input = path == "-" ? "picture.\(fileExtension)" : path
    let output = stem + ".png" == input ? stem + ".converted.png" : stem + ".png"
    return line(input: input, output: output) { $0.quotedForShell }
  }

  /// The line for a shell that does so for all pictures of the kind in a folder.
  public var folderCommand: String {
    let end = fileExtension == "png" ? ".converted.png" : ".png"
    let command = line(input: "${f}", output: "${f%.*}" + end) { "\"\($0)\"" }
    return "for f in *.\(fileExtension); do \(command); done"
  }

  private func line(input: String, output: String, quoted: (String) -> String) -> String {
    arguments.map { word in
      if word == Self.output { return quoted(output) }
      guard word.hasPrefix(Self.input) else { return word }
      // What follows the name chooses one of several pictures in the file.
      return quoted(input + word.dropFirst(Self.input.count))
    }.joined(separator: " ")
  }
}

extension String {
  /// The path without the extension of its last component.
  fileprivate var droppingExtension: String {
    guard let name = FileName(self).fileExtension else { return self }
    return String(dropLast(name.count + 1))
  }

  /// The string as one word of a shell's line, which it would not read as an option.
  fileprivate var quotedForShell: String {
    let word = hasPrefix("-") ? "./" + self : self
    let isPlain = word.allSatisfy {
      $0.isASCII && ($0.isLetter || $0.isNumber || "/._-+,@%=:".contains($0))
    }
    return isPlain && !word.isEmpty ? word : "'" + word.replacing("'", with: "'\\''") + "'"
  }
}
