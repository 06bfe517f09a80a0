// Reads the arguments of a call. Whatever does not fit throws, and says which argument it is and what was expected.
#pragma once
#include <cstdint>
#include <initializer_list>
#include <stdexcept>
#include <string>

#include <napi.h>

namespace tfjs_onednn::bindings {

using Napi::CallbackInfo;
using Napi::Value;

[[noreturn]] inline void fail(const std::string &message) { throw std::runtime_error(message); }

// A typed array's memory.
struct Span {
  napi_typedarray_type type = napi_float32_array;
  int64_t length = 0;
  void *data = nullptr;
  int elementSize() const { return type == napi_uint8_array ? 1 : 4; }
};

// A Float32Array, Int32Array or Uint8Array of any length.
Span spanOf(const Value &value, const char *name);

template <typename T> constexpr napi_typedarray_type typeOf();
template <> constexpr napi_typedarray_type typeOf<float>() { return napi_float32_array; }
template <> constexpr napi_typedarray_type typeOf<int32_t>() { return napi_int32_array; }
template <> constexpr napi_typedarray_type typeOf<uint8_t>() { return napi_uint8_array; }

// The numbers of an array that must have exactly `length` of them.
template <typename T> T *numbers(const Value &value, const char *name, int64_t length) {
  const Span span = spanOf(value, name);
  if (span.type != typeOf<T>()) fail(std::string(name) + ": the array has another element type than expected");
  if (span.length != length) {
    fail(std::string(name) + ": expected " + std::to_string(length) + " elements, got " + std::to_string(span.length));
  }
  return static_cast<T *>(span.data);
}

// The numbers of an Int32Array of any length, which is written to `length`.
const int32_t *integers(const Value &value, const char *name, int64_t &length);
// The numbers of a Float64Array that must have exactly `length` of them.
const double *doubles(const Value &value, const char *name, int64_t length);

inline int64_t integer(const Value &value) { return value.As<Napi::Number>().Int64Value(); }
inline float real(const Value &value) { return value.As<Napi::Number>().FloatValue(); }

void positive(std::initializer_list<int64_t> sizes, const char *name);

// The operation of this number; `count` is the end of its enumeration.
template <typename E> E enumerated(const Value &value, E count, const char *name) {
  const int64_t index = integer(value);
  if (index < 0 || index >= static_cast<int64_t>(count)) fail(std::string(name) + ": there is no operation " + std::to_string(index));
  return static_cast<E>(index);
}

// What `read` makes of an Int32Array of `fields` numbers.
template <typename Shape> Shape shapeOf(const Value &value, const char *name, int fields, Shape (*read)(const int32_t *)) {
  int64_t length = 0;
  const int32_t *values = integers(value, name, length);
  if (length != fields) fail(std::string(name) + ": wrong length");
  return read(values);
}

} // namespace tfjs_onednn::bindings
