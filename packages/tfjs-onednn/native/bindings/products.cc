// Products of matrices.
#include <algorithm>

#include "bindings/arguments.h"
#include "bindings/factors.h"
#include "bindings/methods.h"
#include "kernels/kernels.h"
#include "primitives/primitives.h"

namespace tfjs_onednn::bindings {
namespace {

Product productOf(const Value &value) {
  const Product s = shapeOf<Product>(value, "product", 7, [](const int32_t *v) {
    return Product{v[0], v[1], v[2], v[3], v[4], v[5] != 0, v[6] != 0};
  });
  positive({s.aBatch, s.bBatch, s.m, s.n, s.k}, "product");
  if (s.aBatch != s.bBatch && s.aBatch != 1 && s.bBatch != 1) fail("product: batches do not fit");
  return s;
}

void multiply(const CallbackInfo &info) {
  const Product s = productOf(info[4]);
  const float *bias = info[2].IsNull() ? nullptr : numbers<float>(info[2], "bias", s.n);
  const auto activation = static_cast<Activation>(integer(info[5]));
  const auto *a = numbers<float>(info[0], "a", s.aBatch * s.m * s.k);
  const Factor b = factorOf(info[1], "b", s.bBatch * s.k * s.n);
  auto *y = numbers<float>(info[3], "y", std::max(s.aBatch, s.bBatch) * s.m * s.n);
  if (b.type == Precision::f32 && s.m <= 2 && !s.transposeB && (!s.transposeA || s.m == 1) && bias == nullptr && activation == Activation::none) {
    const int64_t batch = std::max(s.aBatch, s.bBatch);
    for (int64_t i = 0; i < batch; i++) {
      kernels().fewRows(a + (s.aBatch == 1 ? 0 : i) * s.m * s.k,
                        static_cast<const float *>(b.data) + (s.bBatch == 1 ? 0 : i) * s.k * s.n, y + i * s.m * s.n, s.m, s.n, s.k);
    }
    return;
  }
  multiply(s, a, b, bias, y, activation, real(info[6]));
}

Value secondsOfProduct(const CallbackInfo &info) {
  return Napi::Number::New(info.Env(), secondsOfProduct(productOf(info[0]), static_cast<int>(integer(info[1]))));
}

} // namespace

void exportProducts(Napi::Object exports) {
  method<multiply>(exports, "multiply");
  method<secondsOfProduct>(exports, "secondsOfProduct");
}

} // namespace tfjs_onednn::bindings
