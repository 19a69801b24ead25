import TestSupport
import Testing

@testable import VAE

/// Pickles: what plain tensors need, and nothing else.
@Suite struct PickleMachineTests {
  private typealias Build = PickleBuilder

  /// What ends the reading of `bytes`, in words.
  private func refusal(of bytes: [UInt8]) -> String? {
    do {
      let pickle = try PickleMachine.run(bytes)
      _ = try PyTorchNames(pickle, byteCount: bytes.count)
      return nil
    } catch PickleError.refused(let what) {
      return what
    } catch PickleError.malformed(let reason, _) {
      return reason
    } catch {
      return "an unknown error: \(error)"
    }
  }

  @Test(arguments: [
    ("os", "system"), ("posix", "system"), ("builtins", "eval"), ("builtins", "exec"),
    ("__builtin__", "getattr"), ("builtins", "__import__"), ("torch", "load"),
    ("torch.storage", "_load_from_bytes"), ("numpy.core.multiarray", "_reconstruct"),
    ("numpy._core.multiarray", "scalar"), ("subprocess", "Popen"), ("argparse", "Namespace"),
    ("pytorch_lightning.callbacks.model_checkpoint", "ModelCheckpoint"), ("torch", "QInt8Storage"),
    ("omegaconf.dictconfig", "DictConfig"), ("torch._utils", "_rebuild_sparse_tensor"),
    ("torch", "FloatStorage.__init__"), ("collections", "OrderedDict.fromkeys"), ("", ""),
  ])
  func `a name that is not on the list is refused by it`(module: String, name: String) {
    let called = Build.call(Build.global(module, name), Build.tuple(Build.text("touch x")))
    let stacked = Build.text(module) + Build.text(name) + [0x93, 0x29, 0x52]
    let instance = [0x28] + Build.text("x") + Array("i\(module)\n\(name)\n".utf8)
    for value in [called, stacked, instance] {
      let words = refusal(of: Build.pickle(Build.dictionary([("x", value)])))
      #expect(words == "its pickle asks for \(module).\(name), which is not run")
    }
  }

  @Test(arguments: [UInt8(0x81), 0x92, 0x6F, 0x50, 0x82, 0x84, 0x97, 0x98, 0x32, 0x00, 0xFF])
  func `an instruction that is not on the list is refused`(code: UInt8) {
    let words = refusal(of: [0x80, 4, code, 0x2E])
    #expect(words?.hasPrefix("its pickle has an instruction, 0x") == true, "\(words ?? "")")
  }

  @Test func `names of the list are called only as PyTorch calls them`() {
    let dictionary = Build.global("collections", "OrderedDict")
    let items = Build.tuple(Build.tuple(Build.tuple(Build.text("a"), Build.integer(1))))
    let storage = Build.storage("0", "Float", count: 1)
    let rebuild = Build.global("torch._utils", "_rebuild_tensor_v2")
    let cases = [
      Build.call(dictionary, items), Build.call(dictionary, Build.text("a")),
      Build.call(Build.text("a"), [0x29]),
      Build.call(Build.global("torch", "FloatStorage"), [0x29]),
      Build.call(Build.global("torch", "float16"), [0x29]), Build.call(rebuild, [0x29]),
      Build.call(rebuild, Build.tuple(storage, Build.integer(0))),
      Build.call(
        Build.global("torch._utils", "_rebuild_parameter"),
        Build.tuple(Build.integer(1), [0x88], [0x4E])),
      // Attributes of what is no dictionary.
      Build.integer(1) + [0x7D, 0x62], [0x7D] + Build.integer(1) + [0x62],
    ]
    for (index, value) in cases.enumerated() {
      #expect(refusal(of: Build.pickle(value)) != nil, "\(index)")
    }
  }

  @Test func `a persistent id is that of a storage`() {
    let type = Build.global("torch", "FloatStorage")
    let text = Build.text("storage")
    let cases = [
      Build.text("storage"), Build.integer(3), [0x4E], [0x29], Build.tuple(text, type),
      Build.tuple(Build.text("module"), type, Build.text("0"), Build.text("cpu"), Build.integer(1)),
      Build.tuple(text, Build.text("x"), Build.text("0"), Build.text("cpu"), Build.integer(1)),
      Build.tuple(text, type, Build.integer(0), Build.text("cpu"), Build.integer(1)),
      Build.tuple(text, type, Build.text("0"), Build.text("cpu"), Build.text("1")),
    ]
    for (index, id) in cases.enumerated() {
      #expect(refusal(of: Build.pickle(id + [0x51])) != nil, "\(index)")
    }
  }

  @Test(
    arguments: [
      [0x58, 0xFF, 0xFF, 0xFF, 0x7F], [0x58, 0xFF, 0xFF, 0xFF, 0xFF],
      [0x54, 0xFF, 0xFF, 0xFF, 0xFF],
      [0x8D] + [UInt8](repeating: 0xFF, count: 8), [0x8E, 0, 0, 0, 0, 0, 0, 0, 0x80],
      [0x96] + [UInt8](repeating: 0xFF, count: 7) + [0x7F], [0x8B, 0xFF, 0xFF, 0xFF, 0x7F],
      [0x8A, 0xFF], [0x95] + [UInt8](repeating: 0xFF, count: 8), [0x72, 0xFF, 0xFF, 0xFF, 0xFF],
      [0x6A, 0xFF, 0xFF, 0xFF, 0xFF], [0x71, 0], [0x68, 0], [0x63], [0x49], [0x46], [0x47], [],
      [0x30], [0x31], [0x74], [0x75], [0x73], [0x65], [0x61], [0x85], [0x86], [0x87], [0x52],
      [0x62],
      [0x51], [0x93], [0x94], [0x28], [0x7D, 0x28, 0x4E, 0x75], [0x5D, 0x28, 0x30], [0x4E, 0x4E],
      [0x80, 6], [0x29, 0x4E, 0x61], [0x28, 0x7D, 0x28, 0x75],
    ] as [[UInt8]])
  func `what claims more than there is ends at once`(instructions: [UInt8]) {
    #expect(refusal(of: [0x80, 2] + instructions + [0x2E]) != nil)
    #expect(refusal(of: [0x80, 2] + instructions) != nil)
  }

  @Test func `bytes after the end are refused`() {
    #expect(refusal(of: [0x80, 2, 0x7D, 0x2E]) == nil)
    #expect(refusal(of: [0x80, 2, 0x7D, 0x2E, 0x00]) != nil)
  }

  @Test(.timeLimit(.minutes(1)))
  func `a million levels take neither the stack nor long`() {
    let count = 1_000_000
    let lists = [UInt8](repeating: 0x5D, count: count) + [UInt8](repeating: 0x61, count: count - 1)
    #expect(refusal(of: Build.pickle(lists))?.contains("nested") == true)
    let tuples = [0x29] + [UInt8](repeating: 0x85, count: count)
    #expect(refusal(of: Build.pickle(tuples))?.contains("nested") == true)
    let marks = [UInt8](repeating: 0x28, count: count) + [UInt8](repeating: 0x74, count: count)
    #expect(refusal(of: Build.pickle(marks))?.contains("nested") == true)
    let parts = (0..<count).flatMap { _ -> [UInt8] in [0x7D] + Build.text("a") }
    #expect(
      refusal(of: Build.pickle(parts + [0x4E] + [UInt8](repeating: 0x73, count: count)))?
        .contains("nested") == true)
    #expect(refusal(of: [UInt8](repeating: 0x28, count: count)) != nil)
  }

  @Test func `a list in itself ends`() {
    // ] memo 0, get 0, append; and the same of a dictionary.
    #expect(refusal(of: Build.pickle([0x5D, 0x71, 0, 0x68, 0, 0x61]))?.contains("nested") == true)
    let dictionary = [0x7D, 0x71, 0] + Build.text("a") + [0x68, 0, 0x73]
    #expect(refusal(of: Build.pickle(dictionary))?.contains("nested") == true)
  }

  @Test(.timeLimit(.minutes(1)))
  func `values that are named again and again do not multiply`() {
    // Each level is a dictionary that has the one before under ten names: 10^12 tensors.
    let storage = Build.storage("0", "Float", count: 1)
    var value = Build.dictionary([("a", Build.tensor(storage, shape: [1], strides: [1]))])
    value += [0x71, 0]
    for level in 0..<12 {
      value += [0x7D, 0x28] + (0..<10).flatMap { Build.text("\($0)") + [0x68, UInt8(level)] }
      value += [0x75, 0x71, UInt8(level + 1)]
    }
    // All but the last are popped.
    let kept = [0x28] + value.dropLast(2) + [0x71, 12, 0x31, 0x68, 12]
    #expect(refusal(of: Build.pickle(kept))?.contains("in one another") == true)
  }

  @Test(.timeLimit(.minutes(1)))
  func `a long tuple of extents is not copied for each tensor`() {
    let storage = Build.storage("0", "Float", count: 1) + [0x71, 0]
    let long = [0x28] + [UInt8](repeating: 0x4E, count: 100_000) + [0x74, 0x71, 1]
    let value = storage + long + Build.tensor([0x68, 0], shape: [1], strides: [1])
    let hostile = Build.call(
      Build.global("torch._utils", "_rebuild_tensor_v2"),
      Build.tuple([0x68, 0], Build.integer(0), [0x68, 1], [0x68, 1], [0x89], [0x7D]))
    #expect(refusal(of: Build.pickle([0x28] + value + hostile + [0x74])) != nil)
  }

  @Test func `a pickle of more than 16 MiB is refused before it is run`() {
    let bytes = [UInt8](repeating: 0x4E, count: PickleMachine.maximumByteCount + 1)
    #expect(refusal(of: bytes)?.contains("at most are read") == true)
  }

  @Test func `every truncation and every changed byte of a pickle ends`() throws {
    let storage = Build.storage("0", "Half", count: 6)
    let bytes = Build.pickle(
      Build.dictionary([
        ("a.b", Build.tensor(storage, shape: [2, 3], strides: [3, 1])),
        ("c", Build.dictionary([("d", Build.integer(-5)), ("e", Build.tuple([0x4E], [0x88]))])),
      ]))
    #expect(refusal(of: bytes) == nil)
    for count in bytes.indices {
      #expect(refusal(of: Array(bytes.prefix(count))) != nil, "\(count) bytes")
    }
    for index in bytes.indices {
      for bit in 0..<8 {
        var damaged = bytes
        damaged[index] ^= 1 << bit
        // Whatever it says, it says it or ends.
        #expect(refusal(of: damaged)?.hasPrefix("an unknown error") != true, "byte \(index)")
      }
    }
  }
}
