// Products of matrices.
#include <algorithm>

#include "prepared.h"
#include "primitives.h"
#include "product_description.h"

namespace tfjs_onednn {
namespace {

thread_local Workspace leftFactor, rightFactor;

} // namespace

void multiply(const Product &s, Precision precision, const float *a, const float *b, const float *bias, float *y,
              Activation activation, float alpha) {
  const int flags = static_cast<int>(activation) * 2 + (bias != nullptr);
  auto &product = prepared(keyOf('m', s, precision, flags, alpha), [&](Prepared &made) {
    const auto description = describeProduct(s, factorType(precision), bias != nullptr, attributes(activation, alpha));
    const auto plain = describeProduct(s, Type::f32, bias != nullptr, attributes(activation, alpha));
    made.declare(dnnl::matmul(description), description.scratchpad_desc());
    made.reads(DNNL_ARG_SRC, description.src_desc(), plain.src_desc(), leftFactor);
    made.reads(DNNL_ARG_WEIGHTS, description.weights_desc(), plain.weights_desc(), rightFactor);
    made.writes(DNNL_ARG_DST, description.dst_desc(), plain.dst_desc(), leftFactor);
    if (bias != nullptr) made.reads(DNNL_ARG_BIAS, description.bias_desc(), description.bias_desc(), rightFactor);
  });
  product.read(DNNL_ARG_SRC, a);
  product.read(DNNL_ARG_WEIGHTS, b);
  if (bias != nullptr) product.read(DNNL_ARG_BIAS, bias);
  product.runInto(DNNL_ARG_DST, y);
}

} // namespace tfjs_onednn
