import CKernels
import VAE

/// Times the C kernels by themselves, one thread, on what fits the second-level cache: what the layers
/// could reach if nothing else stood in the way.
@safe struct KernelBenchmark: ~Copyable {
  /// What one kernel took.
  struct Row {
    let name: String
    let sample: Sample
    /// Multiply-adds of a call; 0 where the kernel moves more than it computes.
    let multiplyAdds: Int
    /// Bytes that a call reads and writes.
    let byteCount: Int
  }

  private let kernels: vck_kernels
  private let matrix: vck_matrix_kernel
  private let memory: Arena
  private let runs: Int

  /// Floats of each of the three areas that kernels work on.
  private static let areaCount = 4 << 20
  private static let floatByteCount = MemoryLayout<Float>.stride
  /// Tiles that are transformed and multiplied together, as in the layers.
  private static let tiles = 24

  /// A benchmark of `kernels`, each measured `runs` times.
  ///
  /// - Throws: `OutOfMemory`.
  init(_ kernels: Kernels, runs: Int) throws {
    unsafe self.kernels = kernels.table.pointee
    var next = unsafe vck_matrix_kernels()
    while let matrix = unsafe next?.pointee,
      unsafe matrix.pointee.features != self.kernels.features
    {
      unsafe next = next?.advanced(by: 1)
    }
    guard let matrix = unsafe next?.pointee else {
      preconditionFailure("\(kernels.instructionSet.rawValue) has no multiplication")
    }
    unsafe self.matrix = matrix.pointee
    self.runs = runs
    memory = try Arena(byteCount: 3 * Self.areaCount * Self.floatByteCount)
    for area in 0..<3 {
      let floats = unsafe self.area(area)
      for index in 0..<Self.areaCount {
        unsafe floats[index] = Float(index % 251) / 125 - 1
      }
    }
  }

  private func area(_ index: Int) -> UnsafeMutablePointer<Float> {
    unsafe memory.floats(
      at: index * Self.areaCount * Self.floatByteCount, count: Self.areaCount)
  }

  /// All kernels that layers spend their time in.
  func rows() -> [Row] {
    var rows = [64, 128, 512].map { multiplication(channels: $0) }
    unsafe rows += transforms(kernels.winograd.0, "F(4x4,2x2)")
    unsafe rows += transforms(kernels.winograd.1, "F(4x4,3x3)")
    unsafe rows += transforms(kernels.winograd.2, "F(6x6,3x3)")
    return rows + [prologue(), epilogue()]
  }

  /// Medians of calls that repeat until they take some milliseconds.
  private func row(
    _ name: String, multiplyAdds: Int, floats: Int, _ call: () -> Void
  ) -> Row {
    let once = Sample.best(of: 3, call)
    let repeats = max(1, Int(0.005 / once))
    let seconds = (0..<runs).map { _ in
      Sample.measure { for _ in 0..<repeats { call() } } / Double(repeats)
    }
    return Row(
      name: name, sample: Sample(seconds), multiplyAdds: multiplyAdds,
      byteCount: floats * Self.floatByteCount)
  }

  private func multiplication(channels: Int) -> Row {
    let panels = unsafe channels / matrix.nr
    let count = Self.tiles * channels
    return row(
      "multiply, \(Self.tiles) x \(channels) x \(channels)", multiplyAdds: count * channels,
      floats: 2 * count + channels * channels
    ) {
      unsafe matrix.multiply(
        area(0), channels, area(1), channels, area(2), channels * matrix.nr, Self.tiles, channels,
        panels, 0)
    }
  }

  private func transforms(_ form: vck_winograd, _ name: String) -> [Row] {
    let channels = 128
    let (tile, kernel, panel) = unsafe (form.tile, form.kernel, matrix.nr)
    let side = tile + kernel - 1
    let (points, stride) = (side * side, Self.tiles * channels + 16)
    let rowStride = (Self.tiles * tile + kernel - 1) * channels
    let pixels = tile * tile * channels
    let panelCount = channels * panel
    return [
      row(
        "\(name) input, \(Self.tiles) tiles of \(channels)", multiplyAdds: 0,
        floats: side * rowStride + points * Self.tiles * channels
      ) {
        unsafe form.input(
          area(0), stride, channels, area(1), rowStride, channels, Self.tiles, channels)
      },
      row(
        "\(name) output, \(Self.tiles) tiles of \(channels)", multiplyAdds: 0,
        floats: Self.tiles * (points * channels + pixels)
      ) {
        for index in 0..<Self.tiles {
          unsafe form.output(
            area(0) + index * pixels, nil, tile * channels, channels, tile, tile,
            area(1) + index * channels, stride, channels)
        }
      },
      row(
        "\(name) kernels, \(panel) of \(channels)", multiplyAdds: 0,
        floats: panelCount * (kernel * kernel + points)
      ) {
        unsafe form.kernels(area(0), area(1), channels, panel, panelCount + 16)
      },
    ]
  }

  private func prologue() -> Row {
    let (pixels, channels) = (512, 128)
    return row("group norm and SiLU", multiplyAdds: 0, floats: 2 * pixels * channels) {
      unsafe kernels.prologue(
        area(0), area(1), pixels, channels, area(2), area(2) + channels,
        vck_activation(kind: VCK_ACTIVATION_SILU, a: 0, b: 0))
    }
  }

  private func epilogue() -> Row {
    let (pixels, channels) = (512, 128)
    var sums = [Double](repeating: 0, count: 2 * channels)
    return row("bias and sums", multiplyAdds: 0, floats: 2 * pixels * channels) {
      _ = unsafe kernels.epilogue(
        area(0), pixels, channels, nil, vck_activation(kind: VCK_ACTIVATION_IDENTITY, a: 0, b: 0),
        &sums)
    }
  }
}

/// The kernels with what each takes, and what share of one core's limits it reaches.
struct KernelTable: CustomStringConvertible {
  let description: String

  /// The table of `rows` on `machine`.
  init(_ rows: [KernelBenchmark.Row], _ machine: Machine) {
    var lines = [["kernel", "us", "spread", "GFLOP/s", "of peak", "GB/s"]]
    let peak = machine.multiplyAddsPerSecond / Double(machine.threads)
    for row in rows {
      let seconds = row.sample.median
      let rate = Double(row.multiplyAdds) / seconds
      lines.append([
        row.name, Text.fixed(seconds * 1e6, 1), Text.fixed(row.sample.spread * 100, 0) + " %",
        row.multiplyAdds > 0 ? Text.fixed(rate * 2 / 1e9, 0) : "",
        row.multiplyAdds > 0 ? Text.fixed(rate / peak * 100, 0) + " %" : "",
        Text.fixed(Double(row.byteCount) / seconds / 1e9, 1),
      ])
    }
    description = "\nkernels, one thread\n" + Text.table(lines, numbers: 5)
  }
}
