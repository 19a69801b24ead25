/// The layers of a network with what each takes, and what share of the machine's limits it reaches.
///
/// Effective GFLOP/s count a layer's multiplications as they are defined, so that kernels that save
/// some go beyond the peak.
struct LayerTable: CustomStringConvertible {
  let description: String

  /// The table of `layers` on `machine`.
  init(title: String, _ layers: [NetworkBenchmark.Layer], _ machine: Machine) {
    var rows = [
      ["layer", "output", "kernel", "ms", "spread", "GFLOP/s", "of peak", "GB/s", "of copy"]
    ]
    func row(_ names: [String], seconds: Double, spread: String, work: Int, bytes: Int) {
      let rate = Double(work) / seconds
      let traffic = Double(bytes) / seconds
      rows.append(
        names + [
          Text.fixed(seconds * 1e3, 2), spread, Text.fixed(rate * 2 / 1e9, 0),
          percent(rate / machine.multiplyAddsPerSecond), Text.fixed(traffic / 1e9, 1),
          percent(traffic / machine.copiedBytesPerSecond),
        ])
    }
    func percent(_ part: Double) -> String { Text.fixed(part * 100, 0) + " %" }
    for layer in layers {
      row(
        [layer.timing.name, layer.timing.shape, layer.timing.method], seconds: layer.sample.median,
        spread: percent(layer.sample.spread), work: layer.timing.multiplyAdds,
        bytes: layer.timing.byteCount)
    }
    row(
      ["all", "", ""], seconds: layers.reduce(0) { $0 + $1.sample.median }, spread: "",
      work: layers.reduce(0) { $0 + $1.timing.multiplyAdds },
      bytes: layers.reduce(0) { $0 + $1.timing.byteCount })
    description = "\n\(title)\n" + Text.table(rows, numbers: 6)
  }
}
