import Testing

@testable import VAE

/// How outputs are cut into tiles.
@Suite struct ConvolutionTilingTests {
  @Test(arguments: [(1, 1), (1, 2049), (3, 2048), (45, 51), (100, 1000), (2, 5000), (4096, 3)])
  func `tiles cover every pixel once`(height: Int, width: Int) {
    let shape = TensorShape(height: height, width: width, channels: 8)
    for columnByteCount in [0, 12, 6144, 40_000, 1 << 25] {
      let tiling = ConvolutionTiling(output: shape, columnByteCount: columnByteCount)
      var isCovered = [Bool](repeating: false, count: shape.pixelCount)
      for index in 0..<tiling.count {
        let tile = tiling[index]
        #expect(tile.pixelCount > 0 && tile.pixelCount <= tiling.maximumPixelCount)
        // A tile is one piece in memory.
        #expect(tile.rows.count == 1 || tile.columns == 0..<width)
        for row in tile.rows {
          for column in tile.columns {
            #expect(!isCovered[row * width + column])
            isCovered[row * width + column] = true
          }
        }
      }
      #expect(isCovered.allSatisfy { $0 })
    }
  }

  @Test(arguments: [(1, 1), (5, 101), (16, 16), (128, 128), (3, 7)])
  func `rectangular tiles cover every pixel once`(height: Int, width: Int) {
    let shape = TensorShape(height: height, width: width, channels: 8)
    for (rows, columns) in [(6, 8), (9, 8), (1, 48), (200, 200)] {
      let tiling = ConvolutionTiling(output: shape, rowsPerTile: rows, columnsPerTile: columns)
      let tiles = (0..<tiling.count).map { tiling[$0] }
      #expect(tiles.reduce(0) { $0 + $1.pixelCount } == shape.pixelCount)
      #expect(tiles.allSatisfy { $0.rows.count <= rows && $0.columns.count <= columns })
      let corners = Set(tiles.map { $0.rows.lowerBound * width + $0.columns.lowerBound })
      #expect(corners.count == tiling.count)
    }
  }

  @Test(arguments: [12, 6144, 40_000, 1 << 20])
  func `the column matrix of a tile keeps to its limit`(columnByteCount: Int) {
    let shape = TensorShape(height: 64, width: 5000, channels: 8)
    let tiling = ConvolutionTiling(output: shape, columnByteCount: columnByteCount)
    #expect(
      tiling.maximumPixelCount * columnByteCount <= ConvolutionTiling.maximumColumnByteCount)
  }
}
