// What all users of oneDNN's primitives share: the processor as its engine, its memory descriptions, attributes.
#pragma once
#include <dnnl.hpp>

#ifndef DNNL_VERSION_MAJOR
#include <dnnl_version.h>
#endif

#include "primitives/primitives.h"

namespace tfjs_onednn {

using dnnl::memory;
using Dims = memory::dims;
using Tag = memory::format_tag;
using Type = memory::data_type;

dnnl::engine &cpu();
dnnl::stream &stream();

// Memory whose place is set before each call.
inline memory unbound(const memory::desc &description) { return memory(description, cpu(), nullptr); }

// The type in which a primitive reads its factors; sums and results are always float32.
inline Type factorType(Precision precision) { return precision == Precision::bf16 ? Type::bf16 : Type::f32; }

// A caller's scratchpad, and the activation after the sums.
dnnl::primitive_attr attributes(Activation activation, float alpha);

} // namespace tfjs_onednn
