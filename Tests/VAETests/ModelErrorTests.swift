import Testing
import VAE

/// What is said about the files of a model.
@Suite struct ModelErrorTests {
  private static let sentences: [(any ModelFileError, String)] = [
    (UnreadableFile(path: "p", reason: "r"), "p: r"),
    (WeightsError.notSafetensors(path: "p", found: "f"), "p: not a safetensors file: f"),
    (WeightsError.malformedHeader(path: "p", reason: "r"), "p: malformed safetensors header: r"),
    (WeightsError.malformedTensor(path: "p", name: "n\u{7}", reason: "r"), "p: tensor `n?`: r"),
    (WeightsError.missingTensor(path: "p", name: "n"), "p: tensor `n` is missing"),
    (
      WeightsError.wrongShape(path: "p", name: "n", found: [1], expected: [2, 3]),
      "p: tensor `n` has shape [1], expected [2, 3]"
    ),
    (
      WeightsError.wrongType(path: "p", name: "n", found: "I64"),
      "p: tensor `n` has elements of type I64, expected floats"
    ),
    (
      WeightsError.ambiguousTensor(path: "p", names: ["a", "b\n"]),
      "p: `a` and `b?` are the same tensor of the network"
    ),
    (FamilyError.malformedConfig(path: "p", reason: "r"), "p: malformed configuration: r"),
    (FamilyError.unsupported(path: "p", what: "w"), "p: w"),
    (
      FamilyError.unsupportedClass(path: "p", name: "", supported: ["a", "b", "c"]),
      "p: class (none) is not supported, only a, b and c are"
    ),
    (
      FamilyError.unsupportedClass(path: "p", name: "n\n", supported: ["a", "b"]),
      "p: class n? is not supported, only a and b are"
    ),
    (CheckpointError.noModel(path: "p", reason: "r"), "p: r"),
    (CheckpointError.outside(path: "p", name: "../n"), "p: `../n` leads out of the folder"),
    (CheckpointError.notCached(repository: "o/n", reason: "r", advice: "a"), "o/n: r; a"),
  ]

  @Test(arguments: sentences)
  func `an error is one sentence`(error: any ModelFileError, sentence: String) {
    #expect(error.description == sentence)
  }

  @Test func `names from files reach a terminal harmless and short`() {
    #expect("a\u{1B}[2Jb\n\u{7F}é".escapedForTerminal == "a?[2Jb???")
    let long = String(repeating: "x", count: 81).escapedForTerminal
    #expect(long.count == 80 && long.hasSuffix("x..."))
    #expect(String(repeating: "x", count: 80).escapedForTerminal.count == 80)
  }
}
