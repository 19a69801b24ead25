import VAECodec
