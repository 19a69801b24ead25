import Testing

@testable import VAE

/// How outputs are cut into chunks.
@Suite struct ChunkGridTests {
  @Test(arguments: [(1, 1), (1, 2049), (3, 2048), (45, 51), (100, 1000), (2, 5000), (4096, 3)])
  func `chunks cover every pixel once`(height: Int, width: Int) {
    let shape = TensorShape(height: height, width: width, channels: 8)
    for columnByteCount in [0, 12, 6144, 40_000, 1 << 25] {
      let grid = ChunkGrid(output: shape, columnByteCount: columnByteCount)
      var isCovered = [Bool](repeating: false, count: shape.pixelCount)
      for index in 0..<grid.count {
        let chunk = grid[index]
        #expect(chunk.pixelCount > 0 && chunk.pixelCount <= grid[0].pixelCount)
        // A chunk is one piece in memory.
        #expect(chunk.rows.count == 1 || chunk.columns == 0..<width)
        for row in chunk.rows {
          for column in chunk.columns {
            #expect(!isCovered[row * width + column])
            isCovered[row * width + column] = true
          }
        }
      }
      #expect(isCovered.allSatisfy { $0 })
    }
  }

  @Test(arguments: [(1, 1), (5, 101), (16, 16), (128, 128), (3, 7)])
  func `rectangular chunks cover every pixel once`(height: Int, width: Int) {
    let shape = TensorShape(height: height, width: width, channels: 8)
    for (rows, columns) in [(6, 8), (9, 8), (1, 48), (200, 200)] {
      let grid = ChunkGrid(output: shape, rowsPerChunk: rows, columnsPerChunk: columns)
      let chunks = (0..<grid.count).map { grid[$0] }
      #expect(chunks.reduce(0) { $0 + $1.pixelCount } == shape.pixelCount)
      #expect(chunks.allSatisfy { $0.rows.count <= rows && $0.columns.count <= columns })
      let corners = Set(chunks.map { $0.rows.lowerBound * width + $0.columns.lowerBound })
      #expect(corners.count == grid.count)
    }
  }

  @Test(arguments: [12, 6144, 40_000, 1 << 20])
  func `the column matrix of a chunk keeps to its limit`(columnByteCount: Int) {
    let shape = TensorShape(height: 64, width: 5000, channels: 8)
    let grid = ChunkGrid(output: shape, columnByteCount: columnByteCount)
    #expect(
      grid[0].pixelCount * columnByteCount <= ChunkGrid.maximumColumnByteCount)
  }
}
