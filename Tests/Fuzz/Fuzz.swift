import Glibc

/// The parser that the environment's FUZZ_TARGET names.
private let target = unsafe getenv("FUZZ_TARGET").flatMap {
  FuzzTarget(rawValue: unsafe String(cString: $0))
}

/// What libFuzzer calls with each input.
@c(LLVMFuzzerTestOneInput)
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard let target else {
    let names = FuzzTarget.allCases.map(\.rawValue).joined(separator: ", ")
    print("FUZZ_TARGET names none of \(names)")
    exit(2)
  }
  target.parse(unsafe Array(UnsafeBufferPointer(start: start, count: count)))
  return 0
}
