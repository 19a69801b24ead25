// swift-tools-version: 6.2
import PackageDescription

let swiftSettings: [SwiftSetting] = [.swiftLanguageMode(.v6), .strictMemorySafety()]

let package = Package(
  name: "vaecodec",
  products: [
    .executable(name: "vaecodec", targets: ["VAECodecCLI"]),
    .executable(name: "vaecodec-bench", targets: ["VAECodecBench"]),
    .executable(name: "vaecodec-textbook", targets: ["VAECodecTextbook"]),
    .library(name: "VAECodec", targets: ["VAECodec"]),
  ],
  targets: [
    .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
    .systemLibrary(name: "CJPEG", pkgConfig: "libjpeg", providers: [.apt(["libjpeg-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .target(name: "CImageIO", dependencies: ["CPNG", "CJPEG"]),
    .target(
      name: "CKernels", exclude: ["kernels_template.h", "matrix_template.h", "winograd_template.h"]),
    .target(name: "CDefaultModel"),
    .target(
      name: "VAE", dependencies: ["CKernels", "COpenBLAS", "CZlib"], swiftSettings: swiftSettings),
    .target(
      name: "VAECodec", dependencies: ["VAE", "CImageIO", "CDefaultModel", "CZlib"],
      exclude: ["LatentFiles/Bin/FORMAT.md"], swiftSettings: swiftSettings),
    .executableTarget(
      name: "VAECodecCLI", dependencies: ["VAECodec"], swiftSettings: swiftSettings),
    .executableTarget(
      name: "VAECodecTextbook", dependencies: ["VAECodec"], swiftSettings: swiftSettings),
    .executableTarget(
      name: "VAECodecBench", dependencies: ["CKernels", "VAE", "VAECodec", "TestSupport"],
      swiftSettings: swiftSettings),
    .target(
      name: "TestSupport", dependencies: ["VAECodec", "VAE"], path: "Tests/TestSupport",
      swiftSettings: swiftSettings),
    .testTarget(
      name: "VAETests", dependencies: ["VAE", "TestSupport"], swiftSettings: swiftSettings),
    .testTarget(
      name: "VAECodecTests", dependencies: ["VAECodec", "TestSupport"], swiftSettings: swiftSettings
    ),
    .testTarget(
      name: "CLITests", dependencies: ["VAECodecCLI", "TestSupport"], swiftSettings: swiftSettings),
  ],
  cLanguageStandard: .gnu11
)

// libFuzzer brings its own main, so the program is there only where `make fuzz` asks for it.
if Context.environment["VAECODEC_FUZZ"] != nil {
  package.targets.append(
    .executableTarget(
      name: "Fuzz", dependencies: ["VAECodec", "VAE", "CZlib"], path: "Tests/Fuzz",
      swiftSettings: swiftSettings))
}
