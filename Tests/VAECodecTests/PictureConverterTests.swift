import Testing
import VAE

@testable import VAECodec

/// The lines that convert pictures which are not read.
@Suite struct PictureConverterTests {
  @Test(
    arguments: [
      (.webP, "a/b.webp", "dwebp a/b.webp -o a/b.png"),
      (.webP, "it's.webp", "dwebp 'it'\\''s.webp' -o 'it'\\''s.png'"),
      (.avif, "two words.avif", "avifdec 'two words.avif' 'two words.png'"),
      (.heif, "-f.heic", "heif-convert ./-f.heic ./-f.png"),
      (.jpegXL, "photo", "djxl photo photo.png"),
      (.gif, "a.gif", "convert 'a.gif[0]' a.png"),
      (.tiff, "misnamed.png", "convert 'misnamed.png[0]' misnamed.converted.png"),
      (.bmp, "-", "convert picture.bmp picture.png"),
      (.qoi, ".hidden", "convert .hidden .hidden.png"),
      (
        .appleCrushedPNG, "icon.png",
        "xcrun pngcrush -revert-iphone-optimizations icon.png icon.converted.png"
      ),
    ] as [(FileKind, String, String)])
  func `a line converts a picture`(kind: FileKind, path: String, line: String) throws {
    #expect(try #require(PictureConverter(kind)).command(for: path) == line)
  }

  @Test func `a line converts a folder`() {
    #expect(
      PictureConverter(.webP)?.folderCommand
        == #"for f in *.webp; do dwebp "${f}" -o "${f%.*}.png"; done"#)
    #expect(
      PictureConverter(.gif)?.folderCommand
        == #"for f in *.gif; do convert "${f}[0]" "${f%.*}.png"; done"#)
    let crushed = PictureConverter(.appleCrushedPNG)?.folderCommand
    #expect(crushed?.contains(#""${f%.*}.converted.png"; done"#) == true)
  }

  @Test(arguments: [FileKind.png, .jpeg, .safetensors, .json, .mp4])
  func `there is none for what is no picture, or needs none`(kind: FileKind) {
    #expect(PictureConverter(kind) == nil)
  }
}
