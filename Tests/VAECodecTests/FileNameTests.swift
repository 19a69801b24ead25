import Testing

@testable import VAECodec

/// The parts of a path's last component.
@Suite struct FileNameTests {
  @Test(
    arguments: [
      ("a.png", "a", "png"), ("b/a.tar.GZ", "a.tar", "gz"), ("png", "png", nil),
      ("b.png/a", "a", nil), (".png", ".png", nil), ("b/.a.npy", ".a", "npy"), ("a.", "a", ""),
      ("b/a.png/", "a", "png"), ("", "", nil), ("/", "", nil),
    ] as [(String, String, String?)])
  func `an extension comes after the last dot`(path: String, stem: String, suffix: String?) {
    let name = FileName(path)
    #expect(name.stem == stem && name.fileExtension == suffix)
  }

  @Test func `a name asks for a format by its extension alone`() {
    #expect(LatentFileFormat(fileName: "b/a.NPY") == .npy)
    for name in ["npy", ".npy", "b.npy/a", "a.raw", "a.musubi"] {
      #expect(LatentFileFormat(fileName: name) == nil, "\(name)")
    }
  }
}
