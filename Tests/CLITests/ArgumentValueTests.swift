import Testing

@testable import VAECodecCLI

/// What the commands declare of their options' values, and what they take.
@Suite struct ArgumentValueTests {
  @Test(arguments: Program.spec.commands.map(\.name))
  func `a command takes the words that an option declares, and no other`(name: String) throws {
    let command = try #require(Program.commands.first { $0.spec.name == name })
    for option in command.spec.options {
      guard case .words(let words) = option.value else { continue }
      for word in words {
        #expect(try error(command, option, word) != option.spelling, "\(option.spelling) \(word)")
        #expect(option.help.contains(word), "the help of \(option.spelling) has no \(word)")
      }
      for word in ["", "no such word", words[0] + "x"] {
        #expect(try error(command, option, word) == option.spelling, "\(option.spelling) \(word)")
      }
    }
  }

  @Test func `an option is declared to take a path where its help shows one`() {
    let options = Program.spec.commands.flatMap(\.options)
    for option in options where ["FILE", "FOLDER", "PATH", "MODEL"].contains(option.placeholder) {
      #expect(option.value == .path, "\(option.spelling)")
    }
    #expect(options.contains { $0.value == .path })
  }

  /// The option whose value `command` refuses where `option` is `word`; nil if it refuses none.
  private func error(
    _ command: any Command.Type, _ option: OptionSpec, _ word: String
  ) throws -> String? {
    let output = command.spec.options.contains { $0.name == "output" } ? ["-o", "out/"] : []
    let operands = command.spec.operands.map { _ in "a.png" }
    for companion in Self.companions(command) {
      let line =
        [command.spec.name] + operands + output + ["\(option.spelling)=\(word)"] + companion
      guard case .run(let arguments) = try ArgumentParser(program: Program.spec).parse(line) else {
        return nil
      }
      do {
        _ = try command.init(arguments)
      } catch UsageError.invalidValue(let name, _, _) {
        return name
      } catch UsageError.missingOption where Self.companions(command).last != companion {
        continue
      } catch is UsageError {
        return nil
      }
      return nil
    }
    return nil
  }

  /// Options that others go only with: that say where samples come from, or which model goes on learning.
  private static func companions(_ command: any Command.Type) -> [[String]] {
    let names = command.spec.options.map(\.name)
    if names.contains("around") { return [[], ["--size=64x64"], ["--around=a.png"]] }
    return names.contains("only") ? [[], ["--from=default"]] : [[]]
  }
}
