#include "bindings/factors.h"

#include <string>

#include "bindings/arguments.h"

namespace tfjs_onednn::bindings {

Factor factorOf(const Value &value, const char *name, int64_t length) {
  napi_typedarray_type type = napi_int8_array;
  size_t count = 0;
  void *data = nullptr;
  napi_get_typedarray_info(value.Env(), value, &type, &count, &data, nullptr, nullptr);
  if (type != napi_uint16_array) return {numbers<float>(value, name, length), Precision::f32};
  if (!multipliesBf16()) fail(std::string(name) + ": this processor has no instructions for bf16");
  if (static_cast<int64_t>(count) != length) {
    fail(std::string(name) + ": expected " + std::to_string(length) + " elements, got " + std::to_string(count));
  }
  return {data, Precision::bf16};
}

} // namespace tfjs_onednn::bindings
