// The update of stochastic gradient descent.
#include "bindings/arguments.h"
#include "bindings/methods.h"
#include "kernels/kernels.h"

namespace tfjs_onednn::bindings {
namespace {

// rounded: an Uint16Array for the new parameter as bf16 numbers, or null.
uint16_t *roundedOf(const Value &value, int64_t count) {
  if (value.IsNull()) return nullptr;
  if (!value.IsTypedArray()) fail("rounded: expected an Uint16Array or null");
  const auto numbers = value.As<Napi::TypedArray>();
  if (numbers.TypedArrayType() != napi_uint16_array) fail("rounded: expected an Uint16Array or null");
  if (static_cast<int64_t>(numbers.ElementLength()) != count) fail("rounded: sizes differ");
  return value.As<Napi::Uint16Array>().Data();
}

void sgd(const CallbackInfo &info) {
  const int64_t count = spanOf(info[0], "parameter").length;
  kernels().sgd(numbers<float>(info[0], "parameter", count), numbers<float>(info[1], "velocity", count),
                numbers<float>(info[2], "gradient", count), numbers<float>(info[3], "newParameter", count),
                numbers<float>(info[4], "newVelocity", count), roundedOf(info[5], count), count,
                {real(info[6]), real(info[7]), real(info[8]), real(info[9])});
}

} // namespace

void exportSgd(Napi::Object exports) {
  method<sgd>(exports, "sgd");
}

} // namespace tfjs_onednn::bindings
