import FoundationEssentials
import VAECodec
let a = CommandLine.arguments
let codec = try Codec(model: a.count > 4 && a[4] != "-" ? .path(a[4]) : .bundled, resources: Resources(threads: a.count > 5 ? Int(a[5]) : nil))
let clock = ContinuousClock()
if a[1] == "encode" {
  let image = try Image(decoding: [UInt8](Data(contentsOf: URL(filePath: a[2]))))
  let t = clock.now
  let l = try codec.encode(image)
  print("encode", clock.now - t)
  try Data(a[3].hasSuffix("npy") ? l.numpyData() : l.serialized()).write(to: URL(filePath: a[3]))
} else {
  let l = try Latent(decoding: [UInt8](Data(contentsOf: URL(filePath: a[2]))))
  let t = clock.now
  let i = try codec.decode(l)
  print("decode", clock.now - t)
  try Data(i.pngData()).write(to: URL(filePath: a[3]))
}
print(try String(decoding: Data(contentsOf: URL(filePath: "/proc/self/status")), as: UTF8.self).split(separator: "\n").first { $0.hasPrefix("VmHWM") } ?? "")
