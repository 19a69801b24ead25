#include "CDefaultModel.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

// Aligned as a mapped file is, so that a reader may treat both alike.
_Alignas(4096) static const unsigned char weights[] = {
#embed "../../Weights/default/diffusion_pytorch_model.safetensors"
};

static const unsigned char config[] = {
#embed "../../Weights/default/config.json"
};

const unsigned char *vcd_default_model_weights(void) { return weights; }
size_t vcd_default_model_weights_byte_count(void) { return sizeof weights; }
const unsigned char *vcd_default_model_config(void) { return config; }
size_t vcd_default_model_config_byte_count(void) { return sizeof config; }
