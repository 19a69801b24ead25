/// Finds the word that a misspelled one was meant to be.
enum Spelling {
  /// The one of `candidates` that `word` abbreviates or that is fewest slips away from it; nil where
  /// none is near: one slip, and another for every four letters of `word`, or there is a tie.
  static func nearest(to word: String, among candidates: [String]) -> String? {
    let limit = 1 + word.count / 4
    let ranked = candidates.map { candidate in
      let abbreviates = word.count > 1 && candidate.hasPrefix(word)
      return (candidate: candidate, slips: abbreviates ? 1 : slips(word, candidate))
    }
    guard let best = ranked.min(by: { $0.slips < $1.slips }),
      best.slips <= limit, best.slips < word.count,
      ranked.filter({ $0.slips == best.slips }).count == 1
    else { return nil }
    return best.candidate
  }

  /// How many letters have to be added, dropped, changed or swapped with the next to turn `word` into
  /// `other`: the optimal string alignment distance.
  private static func slips(_ word: String, _ other: String) -> Int {
    let (rows, columns) = (Array(word), Array(other))
    var beforeLast: [Int] = []
    var last = Array(0...columns.count)
    for row in rows.indices {
      var current = [row + 1]
      for column in columns.indices {
        var count = min(
          last[column + 1] + 1, current[column] + 1,
          last[column] + (rows[row] == columns[column] ? 0 : 1))
        if row > 0, column > 0, rows[row] == columns[column - 1], rows[row - 1] == columns[column] {
          count = min(count, beforeLast[column - 1] + 1)
        }
        current.append(count)
      }
      (beforeLast, last) = (last, current)
    }
    return last[columns.count]
  }
}
