extension WeightStore {
  /// The extents of the kernel of the convolution `name`, or nil if there is none.
  func kernelShape(of name: String) -> [Int]? {
    shape(of: "\(name).weight").flatMap { $0.count == 4 ? $0 : nil }
  }
}
