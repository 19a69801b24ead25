import Testing

@testable import VAE

/// Which files of a folder are the model's.
@Suite struct WeightFileNameTests {
  private static let stem = "diffusion_pytorch_model"

  @Test(arguments: [
    (["\(stem).safetensors", "\(stem).fp16.safetensors"], ["\(stem).safetensors"]),
    (["\(stem).non_ema.safetensors", "\(stem).fp16.safetensors"], ["\(stem).fp16.safetensors"]),
    (["\(stem).non_ema.safetensors", "a.safetensors"], ["\(stem).non_ema.safetensors"]),
    (
      ["\(stem).safetensors", "\(stem).safetensors.index.json"], ["\(stem).safetensors.index.json"]
    ),
    // The plain file is the model that diffusers loads unless it is asked for a variant.
    (["\(stem).safetensors", "\(stem).safetensors.index.fp16.json"], ["\(stem).safetensors"]),
    (
      ["\(stem).safetensors.index.bf16.json", "\(stem).bf16-00001-of-00001.safetensors"],
      ["\(stem).safetensors.index.bf16.json"]
    ),
    (
      ["\(stem).safetensors.bf16.index.json", "\(stem)-00001-of-00001.bf16.safetensors"],
      ["\(stem).safetensors.bf16.index.json"]
    ),
    (
      ["\(stem).a.safetensors", "\(stem).b.safetensors"],
      ["\(stem).a.safetensors", "\(stem).b.safetensors"]
    ),
    (["a.safetensors", "config.json", "\(stem).bin"], []), ([], []),
  ])
  func `the plain name comes first, an index before a file`(names: [String], usual: [String]) {
    #expect(WeightFileName.usual(among: names, .safetensors) == usual)
    #expect(WeightFileName.usual(among: names.reversed(), .safetensors) == usual)
  }

  @Test(arguments: [
    (["\(stem).bin", "\(stem).fp16.bin", "model.ckpt"], ["\(stem).bin"]),
    (["\(stem).bin", "\(stem).bin.index.json"], ["\(stem).bin.index.json"]),
    (["\(stem).bin.index.fp16.json", "a.ckpt"], ["\(stem).bin.index.fp16.json"]),
    (["last.ckpt", "model.ckpt"], ["model.ckpt"]), (["a.pt", "\(stem).safetensors"], []),
  ])
  func `files of PyTorch go by the same rule`(names: [String], usual: [String]) {
    #expect(WeightFileName.usual(among: names, .pyTorch) == usual)
    #expect(WeightFileName.usual(among: names.reversed(), .pyTorch) == usual)
  }

  @Test func `an index is recognised by its name`() {
    for name in [
      "\(Self.stem).safetensors.index.json", "\(Self.stem).safetensors.index.bf16.json",
      "model.safetensors.index.json", "\(Self.stem).bin.index.json",
    ] {
      #expect(WeightFileName.isIndex(name) && !WeightFileName.isWeights(name))
    }
    for name in ["config.json", "model_index.json", "index.json", "a.safetensors"] {
      #expect(!WeightFileName.isIndex(name))
    }
  }
}
