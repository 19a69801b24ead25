/// The printed scale of a `DifferenceMap`: its colours, what levels they stand for, and the unit.
enum DifferenceScale {
  /// The levels that are written below their colours.
  static let ticks = Array(stride(from: 0, through: DifferenceMap.largestShownLevel, by: 16))
  /// What is written at the last tick, whose colour larger differences have too.
  static let lastTick = "\(DifferenceMap.largestShownLevel) or more"
  /// What the numbers are.
  static let unit = "levels of 255"

  private static let levelWidth = 3
  private static let barHeight = 8

  /// The width of the scale in pixels, drawn at `scale`.
  static func width(_ scale: Int) -> Int {
    (DifferenceMap.largestShownLevel * levelWidth + lastTick.count * BitmapFont.advance) * scale
  }

  /// The height of the scale in pixels, drawn at `scale`.
  static func height(_ scale: Int) -> Int { (barHeight + 6 + 2 * BitmapFont.height) * scale }

  /// Draws the scale with its upper left corner at `x` and `y`.
  static func draw(on canvas: inout Canvas, x: Int, y: Int, _ scale: Int, _ ink: Canvas.Color) {
    let step = levelWidth * scale
    for (level, color) in DifferenceMap.colors.enumerated() {
      canvas.fill(x: x + level * step, y: y, width: step, height: barHeight * scale, color)
    }
    let tickTop = y + barHeight * scale
    for tick in ticks {
      canvas.fill(x: x + tick * step, y: tickTop, width: scale, height: 2 * scale, ink)
      canvas.write(
        tick == ticks.last ? lastTick : "\(tick)", x: x + tick * step, y: tickTop + 4 * scale,
        scale: scale, ink)
    }
    canvas.write(
      unit, x: x, y: tickTop + (6 + BitmapFont.height) * scale, scale: scale, ink)
  }
}
