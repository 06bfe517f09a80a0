// How a product of matrices is described to oneDNN.
#pragma once
#include <algorithm>

#include "primitives/onednn.h"

namespace tfjs_onednn {

inline memory::desc matrixOf(int64_t batch, int64_t rows, int64_t columns, bool transposed, Type type) {
  const Dims strides = transposed ? Dims{rows * columns, 1, rows} : Dims{rows * columns, columns, 1};
  return memory::desc({batch, rows, columns}, type, strides);
}

// Dense factors of type `factors`, as tfjs lays them out; a float32 result.
inline dnnl::matmul::primitive_desc describeProduct(const Product &s, Type factors, bool bias, const dnnl::primitive_attr &attr) {
  const auto a = matrixOf(s.aBatch, s.m, s.k, s.transposeA, factors), b = matrixOf(s.bBatch, s.k, s.n, s.transposeB, factors);
  const auto y = matrixOf(std::max(s.aBatch, s.bBatch), s.m, s.n, false, Type::f32);
  const auto biases = bias ? memory::desc({1, 1, s.n}, Type::f32, Dims{s.n, s.n, 1}) : memory::desc();
#if DNNL_VERSION_MAJOR >= 3
  return bias ? dnnl::matmul::primitive_desc(cpu(), a, b, biases, y, attr)
              : dnnl::matmul::primitive_desc(cpu(), a, b, y, attr);
#else
  return bias ? dnnl::matmul::primitive_desc({a, b, biases, y}, attr, cpu())
              : dnnl::matmul::primitive_desc({a, b, y}, attr, cpu());
#endif
}

} // namespace tfjs_onednn
