// Nests of loops over two operands, as JavaScript gives them: [rank, shape..., strides of the first..., of the second...].
#pragma once
#include "bindings/arguments.h"
#include "kernels/kernels.h"

namespace tfjs_onednn::bindings {

// Dimensions of size 1 are dropped, neighbours that both operands walk evenly are joined.
Nest nestOf(const Value &layout);

// Throws unless the loops of this operand (0 or 1), from `offset`, stay within an array of `length` elements.
void within(const Nest &nest, int operand, int64_t offset, int64_t length, const char *name);

} // namespace tfjs_onednn::bindings
