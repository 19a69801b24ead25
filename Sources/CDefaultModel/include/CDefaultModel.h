#pragma once

#include <stddef.h>

/// The bytes of the default model's weights file, compiled in from Weights/default.
const unsigned char *vcd_default_model_weights(void);
/// The number of bytes of the weights file.
size_t vcd_default_model_weights_byte_count(void);
/// The bytes of the default model's config.json.
const unsigned char *vcd_default_model_config(void);
/// The number of bytes of the config.json.
size_t vcd_default_model_config_byte_count(void);
