// What moves numbers and leaves them as they are.
#include <cstring>

#include "bindings/arguments.h"
#include "bindings/methods.h"
#include "bindings/nests.h"
#include "kernels/kernels.h"

namespace tfjs_onednn::bindings {
namespace {

void copy(const CallbackInfo &info) {
  const Span x = spanOf(info[0], "x"), y = spanOf(info[2], "y");
  const int64_t xOffset = integer(info[1]), yOffset = integer(info[3]);
  if (x.elementSize() != y.elementSize()) fail("copy: element sizes differ");
  const Nest nest = nestOf(info[4]);
  within(nest, 0, xOffset, x.length, "x");
  within(nest, 1, yOffset, y.length, "y");
  const int size = x.elementSize();
  kernels().copy(size, static_cast<uint8_t *>(x.data) + xOffset * size, static_cast<uint8_t *>(y.data) + yOffset * size, nest);
}

void fill(const CallbackInfo &info) {
  const Span y = spanOf(info[0], "y");
  uint32_t pattern = 0;
  if (y.type == napi_float32_array) {
    const float value = real(info[1]);
    std::memcpy(&pattern, &value, 4);
  } else {
    const int32_t value = info[1].As<Napi::Number>().Int32Value();
    if (y.type == napi_uint8_array) {
      std::memset(y.data, value, y.length);
      return;
    }
    std::memcpy(&pattern, &value, 4);
  }
  kernels().fill(pattern, static_cast<uint32_t *>(y.data), y.length);
}

void gather(const CallbackInfo &info) {
  const Span x = spanOf(info[0], "x"), y = spanOf(info[2], "y");
  const int64_t outer = integer(info[3]), rows = integer(info[4]), inner = integer(info[5]);
  positive({outer, rows, inner}, "gather");
  int64_t picked = 0;
  const int32_t *indices = integers(info[1], "indices", picked);
  if (x.type != y.type || x.elementSize() != 4) fail("gather: element types differ");
  if (x.length != outer * rows * inner || y.length != outer * picked * inner) fail("gather: wrong sizes");
  for (int64_t i = 0; i < picked; i++) {
    if (indices[i] < 0 || indices[i] >= rows) {
      fail("GatherV2: the index value " + std::to_string(indices[i]) + " is not in [0, " + std::to_string(rows - 1) + "]");
    }
  }
  kernels().gather(static_cast<uint32_t *>(x.data), indices, static_cast<uint32_t *>(y.data), outer, rows, picked, inner);
}

void segmentSum(const CallbackInfo &info) {
  int64_t rows = 0;
  const int32_t *segments = integers(info[1], "segments", rows);
  const int64_t segmentCount = integer(info[3]), inner = integer(info[4]);
  positive({segmentCount, inner}, "segmentSum");
  kernels().segmentSum(numbers<float>(info[0], "x", rows * inner), segments,
                       numbers<float>(info[2], "y", segmentCount * inner), rows, segmentCount, inner);
}

} // namespace

void exportLayout(Napi::Object exports) {
  method<copy>(exports, "copy");
  method<fill>(exports, "fill");
  method<gather>(exports, "gather");
  method<segmentSum>(exports, "segmentSum");
}

} // namespace tfjs_onednn::bindings
