import Glibc
import TestSupport
import Testing
import VAE

@testable import VAECodec

/// The parts of the loss of a variational autoencoder, their gradients, and what follows them.
@Suite struct LikelihoodTests {
  private static let scales = [0.05, 0.7, 4, 60, 3000]

  @Test(arguments: Likelihood.allCases)
  func `the probabilities of all samples add up to 1`(likelihood: Likelihood) {
    for scale in Self.scales {
      for centre in [-40, 0, 3.25, 127.5, 254.9, 300] {
        let sum = (0...UInt8.max).reduce(0) {
          $0 + exp(likelihood.term(of: $1, centre: centre, scale: scale).logarithm)
        }
        #expect(abs(sum - 1) <= 1e-12, "centre \(centre), scale \(scale): \(sum)")
      }
    }
  }

  /// The density at the sample where the distribution is broad, and its tail where it is narrow.
  @Test func `the probabilities are those of the distributions`() {
    let normal = Likelihood.gaussian.term(of: 130, centre: 100, scale: 40).logarithm
    #expect(abs(normal - (-0.5 * 0.75 * 0.75 - log(40 * (2 * .pi).squareRoot()))) <= 1e-4)
    let laplace = Likelihood.laplace.term(of: 70, centre: 100, scale: 40).logarithm
    #expect(abs(laplace - (-0.75 - log(80.0))) <= 1e-4)
    // ln Q(x) of far tails, by scipy.stats.norm.logsf.
    for (place, expected) in [(24.5, -304.244271), (25.5, -329.284149), (100.0, -5005.524209)] {
      let found = Likelihood.gaussian.term(of: 255, centre: 254.5 - place, scale: 1).logarithm
      #expect(abs(found / expected - 1) <= 1e-6, "\(place): \(found)")
    }
  }

  @Test(arguments: Likelihood.allCases)
  func `a sample's slopes are those of differences`(likelihood: Likelihood) {
    let step = 1e-5
    for scale in Self.scales {
      for (sample, centre) in [
        (UInt8(0), 3.0), (0, -20), (255, 250), (255, 270), (17, 17.1), (100, 90.2), (90, 100.7),
      ] {
        func logarithm(_ centre: Double, _ logScale: Double) -> Double {
          likelihood.term(of: sample, centre: centre, scale: exp(logScale)).logarithm
        }
        let term = likelihood.term(of: sample, centre: centre, scale: scale)
        let byCentre =
          (logarithm(centre + step * scale, log(scale))
            - logarithm(centre - step * scale, log(scale)))
          / (2 * step * scale)
        let byScale =
          (logarithm(centre, log(scale) + step) - logarithm(centre, log(scale) - step)) / (2 * step)
        let name = "\(sample) at \(centre), scale \(scale)"
        #expect(
          abs(term.centreSlope - byCentre) <= 1e-6 * abs(byCentre) + 1e-7 / scale,
          "\(name): \(term.centreSlope) for \(byCentre)")
        #expect(
          abs(term.scaleSlope - byScale) <= 1e-6 * abs(byScale) + 1e-8,
          "\(name): \(term.scaleSlope) for \(byScale)")
      }
    }
  }

  @Test(arguments: Likelihood.allCases)
  func `a picture's gradient is that of differences`(likelihood: Likelihood) {
    var random = SeededGenerator(seed: 31)
    let samples = (0..<12).map { _ in UInt8.random(in: 0...255, using: &random) }
    let decoded = random.floats(12, in: -1.2...1.2)
    let loss = Reconstruction(samples, decodedAs: decoded, likelihood, scale: 12)
    for index in samples.indices {
      func value(_ step: Float) -> Double {
        var moved = decoded
        moved[index] += step
        return Reconstruction(samples, decodedAs: moved, likelihood, scale: 12).value
      }
      let difference = (value(0x1p-9) - value(-0x1p-9)) / 0x1p-8
      #expect(abs(Double(loss.gradient[index]) - difference) <= 2e-3 * abs(difference) + 1e-3)
    }
  }

  @Test func `the divergence is 0 at the prior, and its gradient that of differences`() {
    #expect(Divergence(of: [0, 0, 0, 0]).value == 0)
    // 0.5 · (4 + e - 1 - 1)
    #expect(abs(Divergence(of: [2, 1]).value - 0.5 * (2 + M_E)) <= 1e-12)
    let moments: [Float] = [0.5, -2, 3, 0, 1.25, -3, 21, -31]
    let found = Divergence(of: moments)
    for index in moments.indices {
      func value(_ step: Float) -> Double {
        var moved = moments
        moved[index] += step
        return Divergence(of: moved).value
      }
      let difference = (value(0x1p-8) - value(-0x1p-8)) / 0x1p-7
      #expect(abs(Double(found.gradient[index]) - difference) <= 1e-4 * max(1, abs(difference)))
    }
    #expect(found.gradient.suffix(2) == [0, 0])
  }

  @Test func `a long gradient is clipped, a short one is not`() {
    var gradient: [Float] = [3, -4]
    #expect(gradient.clip(toLength: 6) == 5)
    #expect(gradient == [3, -4])
    #expect(gradient.clip(toLength: 1) == 5)
    #expect(relativeError(gradient, [0.6, -0.8] as [Float]) <= 1e-6)
    var broken: [Float] = [1, .nan]
    #expect(broken.clip(toLength: 1).isNaN)
  }

  @Test func `rates rise to the first and fall to 0`() {
    let schedule = CosineSchedule(rate: 2, steps: 14, warmUp: 4)
    #expect((0..<5).map { schedule[$0] } == [0, 0.5, 1, 1.5, 2])
    #expect(abs(schedule[9] - 1) <= 1e-12 && abs(schedule[14]) <= 1e-12)
  }

  @Test func `an average moves by a part of the way`() {
    var average = MovingAverage([0, 8])
    average.add([4, 0], keeping: 0.75)
    #expect(average.values == [1, 6])
  }

  @Test func `an optimiser goes on where it was`() {
    var settings = AdamOptimizer.Settings()
    settings.decay = 0.1
    var values: [Float] = [1, -2]
    var whole = AdamOptimizer(count: 2, settings)
    whole.update(&values, against: [0.5, 3], rate: 0.1)
    var resumed = AdamOptimizer(whole.state, settings)
    var again = values
    whole.update(&values, against: [-1, 2], rate: 0.1)
    resumed.update(&again, against: [-1, 2], rate: 0.1)
    #expect(values == again && whole.state == resumed.state)
    // The decay alone, where there is no gradient.
    var still: [Float] = [2]
    var decaying = AdamOptimizer(count: 1, settings)
    decaying.update(&still, against: [0], rate: 0.5)
    #expect(abs(still[0] - 1.9) <= 1e-6)
  }
}
