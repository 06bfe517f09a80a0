// Products of matrices.
#include <algorithm>

#include "primitives/prepared.h"
#include "primitives/primitives.h"
#include "primitives/product_description.h"

namespace tfjs_onednn {
namespace {

thread_local Workspace leftFactor, rightFactor;

// `bType`: how b lies; `precision`: the type in which the primitive reads both.
void multiplyIn(const Product &s, Precision precision, const float *a, const void *b, Precision bType, const float *bias, float *y,
                Activation activation, float alpha) {
  const int flags = (static_cast<int>(activation) * 2 + (bias != nullptr)) * 2 + static_cast<int>(bType);
  auto &product = prepared(keyOf('m', s, precision, flags, alpha), [&](Prepared &made) {
    const auto describe = [&](Type factors) {
      return describeProduct(s, factors, bias != nullptr, attributes(activation, alpha));
    };
    const auto description = describe(factorType(precision));
    made.declare(dnnl::matmul(description), description.scratchpad_desc());
    made.reads(DNNL_ARG_SRC, description.src_desc(), describe(Type::f32).src_desc(), leftFactor);
    made.reads(DNNL_ARG_WEIGHTS, description.weights_desc(), describe(factorType(bType)).weights_desc(), rightFactor);
    made.writes(DNNL_ARG_DST, description.dst_desc(), description.dst_desc(), leftFactor);
    if (bias != nullptr) made.reads(DNNL_ARG_BIAS, description.bias_desc(), description.bias_desc(), rightFactor);
  });
  product.read(DNNL_ARG_SRC, a);
  product.read(DNNL_ARG_WEIGHTS, b);
  if (bias != nullptr) product.read(DNNL_ARG_BIAS, bias);
  product.runInto(DNNL_ARG_DST, y);
}

} // namespace

void multiply(const Product &s, const float *a, const Factor &b, const float *bias, float *y, Activation activation, float alpha) {
  multiplyIn(s, b.type, a, b.data, b.type, bias, y, activation, alpha);
}

void multiplyFloats(const Product &s, Precision precision, const float *a, const float *b, float *y) {
  multiplyIn(s, precision, a, b, Precision::f32, nullptr, y, Activation::none, 0.f);
}

} // namespace tfjs_onednn
