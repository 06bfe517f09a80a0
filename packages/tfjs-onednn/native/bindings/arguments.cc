#include "bindings/arguments.h"

namespace tfjs_onednn::bindings {

Span spanOf(const Value &value, const char *name) {
  Span span;
  size_t length = 0;
  if (napi_get_typedarray_info(value.Env(), value, &span.type, &length, &span.data, nullptr, nullptr) != napi_ok ||
      (span.type != napi_float32_array && span.type != napi_int32_array && span.type != napi_uint8_array)) {
    fail(std::string(name) + ": expected a Float32Array, Int32Array or Uint8Array");
  }
  span.length = static_cast<int64_t>(length);
  return span;
}

const int32_t *integers(const Value &value, const char *name, int64_t &length) {
  const Span span = spanOf(value, name);
  if (span.type != napi_int32_array) fail(std::string(name) + ": expected an Int32Array");
  length = span.length;
  return static_cast<const int32_t *>(span.data);
}

const double *doubles(const Value &value, const char *name, int64_t length) {
  napi_typedarray_type type = napi_int8_array;
  size_t count = 0;
  void *data = nullptr;
  if (napi_get_typedarray_info(value.Env(), value, &type, &count, &data, nullptr, nullptr) != napi_ok ||
      type != napi_float64_array || static_cast<int64_t>(count) != length) {
    fail(std::string(name) + ": expected a Float64Array of " + std::to_string(length) + " elements");
  }
  return static_cast<const double *>(data);
}

void positive(std::initializer_list<int64_t> sizes, const char *name) {
  for (const int64_t size : sizes) {
    if (size <= 0) fail(std::string(name) + ": sizes must be positive, got " + std::to_string(size));
  }
}

} // namespace tfjs_onednn::bindings
