// Functions of the elements of one array or of two, number by number.
#include <vector>

#include "bindings/arguments.h"
#include "bindings/methods.h"
#include "bindings/nests.h"
#include "kernels/kernels.h"

namespace tfjs_onednn::bindings {
namespace {

ElementType elementType(napi_typedarray_type type) {
  return type == napi_float32_array ? ElementType::float32 : type == napi_int32_array ? ElementType::int32 : ElementType::boolean;
}

void unary(const CallbackInfo &info) {
  const Span x = spanOf(info[1], "x");
  kernels().unary(enumerated(info[0], Unary::count, "unary"), numbers<float>(info[1], "x", x.length),
                  numbers<float>(info[2], "y", x.length), x.length, real(info[3]), real(info[4]));
}

void binary(const CallbackInfo &info) {
  const Binary operation = enumerated(info[0], Binary::count, "binary");
  const Span a = spanOf(info[1], "a"), b = spanOf(info[2], "b"), y = spanOf(info[3], "y");
  if (a.type != b.type || a.type == napi_uint8_array) fail("binary: both factors must be float32 or int32");
  const bool compares = operation >= Binary::Equal;
  if (y.type != (compares ? napi_uint8_array : a.type)) fail("binary: the result has the wrong type");
  const Nest nest = nestOf(info[4]);
  within(nest, 0, 0, a.length, "a");
  within(nest, 1, 0, b.length, "b");
  if (nest.rows(nest.rank) != y.length) fail("binary: the result has the wrong size");
  if (a.type == napi_float32_array) {
    kernels().binaryFloat(operation, static_cast<float *>(a.data), static_cast<float *>(b.data), y.data, nest);
    return;
  }
  if (!compares && operation != Binary::Add && operation != Binary::Sub && operation != Binary::Maximum &&
      operation != Binary::Minimum) {
    fail("binary: this operation has no integer form");
  }
  kernels().binaryInt(operation, static_cast<int32_t *>(a.data), static_cast<int32_t *>(b.data), y.data, nest);
}

void select(const CallbackInfo &info) {
  const int64_t outer = integer(info[4]), inner = integer(info[5]);
  const Span a = spanOf(info[1], "a"), b = spanOf(info[2], "b"), y = spanOf(info[3], "y");
  const auto *condition = numbers<uint8_t>(info[0], "condition", outer);
  if (a.type != b.type || a.type != y.type || y.elementSize() != 4) fail("select: element types differ");
  if (a.length != outer * inner || b.length != a.length || y.length != a.length) fail("select: sizes differ");
  kernels().select(condition, static_cast<uint32_t *>(a.data), static_cast<uint32_t *>(b.data), static_cast<uint32_t *>(y.data),
                   outer, inner);
}

void sumOf(const CallbackInfo &info) {
  const auto terms = info[0].As<Napi::Array>();
  const int64_t count = spanOf(info[1], "y").length;
  std::vector<const float *> pointers;
  for (uint32_t i = 0; i < terms.Length(); i++) pointers.push_back(numbers<float>(terms.Get(i), "term", count));
  if (pointers.empty()) fail("sumOf: there is no term");
  kernels().sumOf(pointers.data(), static_cast<int64_t>(pointers.size()), numbers<float>(info[1], "y", count), count);
}

void cast(const CallbackInfo &info) {
  const Span x = spanOf(info[0], "x"), y = spanOf(info[1], "y");
  if (x.length != y.length) fail("cast: sizes differ");
  kernels().cast(elementType(x.type), x.data, elementType(y.type), y.data, x.length);
}

void roundToBf16(const CallbackInfo &info) {
  const Span x = spanOf(info[0], "x");
  auto y = info[1].As<Napi::Uint16Array>();
  if (static_cast<int64_t>(y.ElementLength()) != x.length) fail("roundToBf16: sizes differ");
  kernels().roundToBf16(numbers<float>(info[0], "x", x.length), y.Data(), x.length);
}

} // namespace

void exportElementWise(Napi::Object exports) {
  method<unary>(exports, "unary");
  method<binary>(exports, "binary");
  method<select>(exports, "select");
  method<sumOf>(exports, "sumOf");
  method<cast>(exports, "cast");
  method<roundToBf16>(exports, "roundToBf16");
#define NAME(name) #name,
  exports.Set("unaryOperations", numbered(exports.Env(), {UNARY_OPERATIONS(NAME)}));
  exports.Set("binaryOperations",
              numbered(exports.Env(), {ARITHMETIC_OPERATIONS(NAME) FLOAT_OPERATIONS(NAME) COMPARISONS(NAME)}));
#undef NAME
}

} // namespace tfjs_onednn::bindings
