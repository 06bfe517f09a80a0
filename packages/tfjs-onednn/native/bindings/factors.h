// Kernels of convolutions and right factors of products.
#pragma once
#include "bindings/arguments.h"
#include "primitives/primitives.h"

namespace tfjs_onednn::bindings {

// `length` numbers of float32, or of bf16 in an Uint16Array.
Factor factorOf(const Value &value, const char *name, int64_t length);

} // namespace tfjs_onednn::bindings
