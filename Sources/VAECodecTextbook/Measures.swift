import Glibc
import VAECodec

/// Prints a line at once, where standard output is a pipe as well.
func say(_ line: String) {
  // Who does not listen does not miss it.
  try? OutputFile.write(Array((line + "\n").utf8), to: "-")
}

/// A number as people read it.
func text(_ number: Double, _ digits: Int = 2) -> String {
  guard digits > 0 else { return "\(Int(number.rounded()))" }
  let power = pow(10, Double(digits))
  let parts = "\((number * power).rounded() / power)".split(separator: ".")
  let fraction = parts.count > 1 ? String(parts[1].prefix(digits)) : ""
  return parts[0] + "." + fraction + String(repeating: "0", count: digits - fraction.count)
}

/// The mean squared difference of samples, in levels of 8 bits.
func squaredError(_ image: Image, _ reference: Image) -> Double {
  let (found, wanted) = (image.levels, reference.levels)
  return zip(found, wanted).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / Double(found.count)
}

/// The peak signal-to-noise ratio of all pictures together, in dB.
func psnr(of images: [Image], _ references: [Image]) -> Double {
  let error = zip(images, references).reduce(0) { $0 + squaredError($1.0, $1.1) }
  return 10 * log10(255 * 255 * Double(images.count) / error)
}

/// The same of the samples that are missing in `spoilt`.
func psnr(of images: [Image], _ references: [Image], where spoilt: [Image]) -> Double {
  var (sum, count) = (0.0, 0.0)
  for (index, image) in images.enumerated() {
    let (found, wanted) = (image.levels, references[index].levels)
    for (sample, level) in spoilt[index].levels.enumerated()
    where level == Double(Corruption.missingLevel) {
      sum += (found[sample] - wanted[sample]) * (found[sample] - wanted[sample])
      count += 1
    }
  }
  return 10 * log10(255 * 255 * count / sum)
}

/// The probability that a positive score is above a negative one, equal ones counting half.
func areaUnderCurve(positive: [Double], negative: [Double]) -> Double {
  let wins = positive.reduce(0.0) { sum, score in
    sum + negative.reduce(0.0) { $0 + ($1 < score ? 1 : $1 == score ? 0.5 : 0) }
  }
  return wins / Double(positive.count * negative.count)
}

extension Image {
  /// The samples in levels of 8 bits.
  var levels: [Double] {
    switch color {
    case .bits8(let samples): samples.map(Double.init)
    case .bits16(let samples): samples.map { Double($0) / 257 }
    }
  }
}
