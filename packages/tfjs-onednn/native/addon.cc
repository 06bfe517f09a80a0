// What JavaScript sees. Every function checks the sizes of its arrays before it touches them, and turns whatever goes
// wrong, oneDNN's own errors included, into a JavaScript exception.
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>
#ifdef __linux__
#include <sys/mman.h>
#endif

#include <dnnl.hpp>
#include <napi.h>

#include "kernels.h"
#include "parallel.h"
#include "primitives.h"

namespace tfjs_onednn {

// The set that oneDNN uses itself, so that its ONEDNN_MAX_CPU_ISA limits both.
const Kernels &kernels() {
#ifdef TFJS_ONEDNN_X86
  static const Kernels &chosen = []() -> const Kernels & {
    const int instructions = static_cast<int>(dnnl::get_effective_cpu_isa());
    const auto has = [&](dnnl::cpu_isa set) { return (instructions & static_cast<int>(set)) == static_cast<int>(set); };
    if (has(dnnl::cpu_isa::avx512_core)) return avx512Kernels();
    if (has(dnnl::cpu_isa::avx2) && __builtin_cpu_supports("fma")) return avx2Kernels();
    return baseKernels();
  }();
  return chosen;
#else
  return baseKernels();
#endif
}

namespace {

using Napi::CallbackInfo;
using Napi::Value;

[[noreturn]] void fail(const std::string &message) { throw std::runtime_error(message); }

// A typed array's memory.
struct Span {
  napi_typedarray_type type = napi_float32_array;
  int64_t length = 0;
  void *data = nullptr;
  int elementSize() const { return type == napi_uint8_array ? 1 : 4; }
};

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

template <typename T> constexpr napi_typedarray_type typeOf();
template <> constexpr napi_typedarray_type typeOf<float>() { return napi_float32_array; }
template <> constexpr napi_typedarray_type typeOf<int32_t>() { return napi_int32_array; }
template <> constexpr napi_typedarray_type typeOf<uint8_t>() { return napi_uint8_array; }

// The numbers of an array that must have exactly `length` of them (at least that many where `length` is negative).
template <typename T> T *numbers(const Value &value, const char *name, int64_t length) {
  const Span span = spanOf(value, name);
  if (span.type != typeOf<T>()) fail(std::string(name) + ": the array has another element type than expected");
  if (span.length != length) {
    fail(std::string(name) + ": expected " + std::to_string(length) + " elements, got " + std::to_string(span.length));
  }
  return static_cast<T *>(span.data);
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

int64_t integer(const Value &value) { return value.As<Napi::Number>().Int64Value(); }
float real(const Value &value) { return value.As<Napi::Number>().FloatValue(); }

void positive(std::initializer_list<int64_t> sizes, const char *name) {
  for (const int64_t size : sizes) {
    if (size <= 0) fail(std::string(name) + ": sizes must be positive, got " + std::to_string(size));
  }
}

template <typename E> E enumerated(const Value &value, E count, const char *name) {
  const int64_t index = integer(value);
  if (index < 0 || index >= static_cast<int64_t>(count)) fail(std::string(name) + ": there is no operation " + std::to_string(index));
  return static_cast<E>(index);
}

ElementType elementType(napi_typedarray_type type) {
  return type == napi_float32_array ? ElementType::float32 : type == napi_int32_array ? ElementType::int32 : ElementType::boolean;
}

// Wraps a function so that C++ exceptions become JavaScript ones.
template <void (*function)(const CallbackInfo &)> Value guarded(const CallbackInfo &info) {
  try {
    function(info);
    return info.Env().Undefined();
  } catch (const Napi::Error &) {
    throw;
  } catch (const dnnl::error &error) {
    throw Napi::Error::New(info.Env(), std::string("oneDNN: ") + error.what());
  } catch (const std::bad_alloc &) {
    throw Napi::RangeError::New(info.Env(), "oneDNN backend: out of memory");
  } catch (const std::exception &error) {
    throw Napi::Error::New(info.Env(), std::string("oneDNN backend: ") + error.what());
  }
}

template <Value (*function)(const CallbackInfo &)> Value guardedValue(const CallbackInfo &info) {
  try {
    return function(info);
  } catch (const Napi::Error &) {
    throw;
  } catch (const dnnl::error &error) {
    throw Napi::Error::New(info.Env(), std::string("oneDNN: ") + error.what());
  } catch (const std::bad_alloc &) {
    throw Napi::RangeError::New(info.Env(), "oneDNN backend: out of memory");
  } catch (const std::exception &error) {
    throw Napi::Error::New(info.Env(), std::string("oneDNN backend: ") + error.what());
  }
}

// Loops of `operands` operands over [rank, shape..., strides of the first..., ...]: dimensions of size 1 are dropped,
// neighbours that all operands walk evenly are joined.
Nest nestOf(const Value &value, int operands) {
  int64_t length = 0;
  const int32_t *layout = integers(value, "layout", length);
  if (length < 1 || layout[0] < 0 || length != 1 + layout[0] * (1 + operands)) fail("layout: wrong length");
  const int rank = layout[0];
  const int32_t *shape = layout + 1;
  Nest nest;
  for (int d = 0; d < rank; d++) {
    if (shape[d] <= 0) fail("layout: sizes must be positive");
    if (shape[d] == 1) continue;
    const int last = nest.rank - 1;
    bool joins = nest.rank > 0;
    for (int o = 0; o < operands && joins; o++) {
      joins = nest.strides[o][last] == static_cast<int64_t>(shape[d]) * layout[1 + rank * (1 + o) + d];
    }
    if (!joins) {
      if (nest.rank == maximalRank) fail("layout: too many dimensions");
      nest.rank++;
    }
    const int to = nest.rank - 1;
    nest.shape[to] = joins ? nest.shape[to] * shape[d] : shape[d];
    for (int o = 0; o < operands; o++) nest.strides[o][to] = layout[1 + rank * (1 + o) + d];
  }
  if (nest.rank == 0) {
    nest.rank = 1;
    nest.shape[0] = 1;
    for (int o = 0; o < operands; o++) nest.strides[o][0] = 1;
  }
  return nest;
}

// The loops of operand o, from `offset`, stay within an array of `length` elements.
void within(const Nest &nest, int o, int64_t offset, int64_t length, const char *name) {
  int64_t low = offset, high = offset;
  for (int d = 0; d < nest.rank; d++) {
    const int64_t reach = (nest.shape[d] - 1) * nest.strides[o][d];
    (reach < 0 ? low : high) += reach;
  }
  if (low < 0 || high >= length) fail(std::string(name) + ": the layout leaves the array");
}

int64_t sizeOf(const Nest &nest) {
  int64_t size = 1;
  for (int d = 0; d < nest.rank; d++) size *= nest.shape[d];
  return size;
}

// --- memory --------------------------------------------------------------------------------------------------------

void release(napi_env, void *data, void *) { std::free(data); }

Value allocate(const CallbackInfo &info) {
  const int64_t bytes = integer(info[0]);
  constexpr int64_t page = 2 << 20;
  positive({bytes}, "allocate");
  const bool large = bytes >= 2 * page;
  const int64_t unit = large ? page : 64;
  void *data = std::aligned_alloc(unit, (bytes + unit - 1) / unit * unit);
  if (data == nullptr) throw std::bad_alloc();
#if defined(__linux__) && defined(MADV_HUGEPAGE)
  if (large) madvise(data, bytes, MADV_HUGEPAGE);
#endif
  napi_value buffer = nullptr;
  if (napi_create_external_arraybuffer(info.Env(), data, bytes, release, nullptr, &buffer) != napi_ok) {
    std::free(data);
    fail("this JavaScript engine has no external array buffers");
  }
  return Value(info.Env(), buffer);
}

// --- element-wise and reductions -----------------------------------------------------------------------------------

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
  const Nest nest = nestOf(info[4], 2);
  within(nest, 0, 0, a.length, "a");
  within(nest, 1, 0, b.length, "b");
  if (sizeOf(nest) != y.length) fail("binary: the result has the wrong size");
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

void reduce(const CallbackInfo &info) {
  const int64_t outer = integer(info[3]), middle = integer(info[4]), inner = integer(info[5]);
  positive({outer, middle, inner}, "reduce");
  kernels().reduce(enumerated(info[0], Reduction::count, "reduce"), numbers<float>(info[1], "x", outer * middle * inner),
                   numbers<float>(info[2], "y", outer * inner), outer, middle, inner);
}

void softmax(const CallbackInfo &info) {
  const int64_t rows = integer(info[2]), columns = integer(info[3]);
  positive({rows, columns}, "softmax");
  kernels().softmax(numbers<float>(info[0], "x", rows * columns), numbers<float>(info[1], "y", rows * columns), rows, columns);
}

void sumOf(const CallbackInfo &info) {
  const auto terms = info[0].As<Napi::Array>();
  const int64_t count = spanOf(info[1], "y").length;
  std::vector<const float *> pointers;
  for (uint32_t i = 0; i < terms.Length(); i++) pointers.push_back(numbers<float>(terms.Get(i), "term", count));
  if (pointers.empty()) fail("sumOf: there is no term");
  kernels().sumOf(pointers.data(), static_cast<int64_t>(pointers.size()), numbers<float>(info[1], "y", count), count);
}

Value sumOfSquares(const CallbackInfo &info) {
  const auto terms = info[0].As<Napi::Array>();
  std::vector<Run> runs;
  for (uint32_t i = 0; i < terms.Length(); i++) {
    const Value term = terms.Get(i);
    const int64_t length = spanOf(term, "term").length;
    runs.push_back({numbers<float>(term, "term", length), length});
  }
  return Napi::Number::New(info.Env(), kernels().sumOfSquares(runs.data(), static_cast<int64_t>(runs.size())));
}

void cast(const CallbackInfo &info) {
  const Span x = spanOf(info[0], "x"), y = spanOf(info[1], "y");
  if (x.length != y.length) fail("cast: sizes differ");
  kernels().cast(elementType(x.type), x.data, elementType(y.type), y.data, x.length);
}

// --- layout --------------------------------------------------------------------------------------------------------

void copy(const CallbackInfo &info) {
  const Span x = spanOf(info[0], "x"), y = spanOf(info[2], "y");
  const int64_t xOffset = integer(info[1]), yOffset = integer(info[3]);
  if (x.elementSize() != y.elementSize()) fail("copy: element sizes differ");
  const Nest nest = nestOf(info[4], 2);
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

// --- windows -------------------------------------------------------------------------------------------------------

template <typename Shape> Shape shapeOf(const Value &value, const char *name, int fields, Shape (*read)(const int32_t *)) {
  int64_t length = 0;
  const int32_t *values = integers(value, name, length);
  if (length != fields) fail(std::string(name) + ": wrong length");
  return read(values);
}

Window windowOf(const Value &value) {
  const Window w = shapeOf<Window>(value, "window", 14, [](const int32_t *v) {
    return Window{v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7], v[8], v[9], v[10], v[11], v[12], v[13]};
  });
  positive({w.batch, w.inHeight, w.inWidth, w.channels, w.outHeight, w.outWidth, w.height, w.width, w.strideHeight,
            w.strideWidth, w.dilationHeight, w.dilationWidth},
           "window");
  return w;
}

void pool(const CallbackInfo &info) {
  const Window w = windowOf(info[3]);
  const int64_t inSize = w.batch * w.inHeight * w.inWidth * w.channels, outSize = w.batch * w.outHeight * w.outWidth * w.channels;
  const std::string kind = info[0].As<Napi::String>();
  const auto *x = numbers<float>(info[1], "x", inSize);
  auto *y = numbers<float>(info[2], "y", outSize);
  if (kind == "max") return kernels().maxPool(x, y, w);
  if (kind == "avg") return kernels().avgPool(x, y, w);
  fail("pool: there is no " + kind);
}

void maxPoolGrad(const CallbackInfo &info) {
  const Window w = windowOf(info[3]);
  const int64_t inSize = w.batch * w.inHeight * w.inWidth * w.channels, outSize = w.batch * w.outHeight * w.outWidth * w.channels;
  kernels().maxPoolGrad(numbers<float>(info[0], "x", inSize), numbers<float>(info[1], "dy", outSize),
                        numbers<float>(info[2], "dx", inSize), w);
}

void avgPoolGrad(const CallbackInfo &info) {
  const Window w = windowOf(info[2]);
  const int64_t inSize = w.batch * w.inHeight * w.inWidth * w.channels, outSize = w.batch * w.outHeight * w.outWidth * w.channels;
  kernels().avgPoolGrad(numbers<float>(info[0], "dy", outSize), numbers<float>(info[1], "dx", inSize), w);
}

void resize(const CallbackInfo &info) {
  const Resize r = shapeOf<Resize>(info[3], "resize", 8, [](const int32_t *v) {
    return Resize{v[0], v[1], v[2], v[3], v[4], v[5], v[6] != 0, v[7] != 0};
  });
  positive({r.batch, r.inHeight, r.inWidth, r.channels, r.outHeight, r.outWidth}, "resize");
  const int64_t inSize = r.batch * r.inHeight * r.inWidth * r.channels, outSize = r.batch * r.outHeight * r.outWidth * r.channels;
  const std::string kind = info[0].As<Napi::String>();
  const bool backward = kind == "bilinearGrad" || kind == "nearestGrad";
  const auto *x = numbers<float>(info[1], "from", backward ? outSize : inSize);
  auto *y = numbers<float>(info[2], "to", backward ? inSize : outSize);
  if (kind == "bilinear") return kernels().resizeBilinear(x, y, r);
  if (kind == "bilinearGrad") return kernels().resizeBilinearGrad(x, y, r);
  if (kind == "nearest") return kernels().resizeNearest(x, y, r);
  if (kind == "nearestGrad") return kernels().resizeNearestGrad(x, y, r);
  fail("resize: there is no " + kind);
}

// --- fused kernels -------------------------------------------------------------------------------------------------

// [images, pixels, channels, groups, relu] and epsilon.
GroupNorm groupNormOf(const Value &value, const Value &epsilon) {
  GroupNorm g = shapeOf<GroupNorm>(value, "groupNorm", 5, [](const int32_t *v) {
    return GroupNorm{v[0], v[1], v[2], v[3], v[4] != 0, 0};
  });
  positive({g.images, g.pixels, g.channels, g.groups}, "groupNorm");
  if (g.channels % g.groups != 0) fail("groupNorm: the groups do not divide the channels");
  g.epsilon = epsilon.As<Napi::Number>().DoubleValue();
  return g;
}

void groupNormalize(const CallbackInfo &info) {
  const GroupNorm g = groupNormOf(info[6], info[7]);
  const int64_t size = g.images * g.pixels * g.channels, statistics = g.images * g.groups;
  kernels().groupNormalize(numbers<float>(info[0], "x", size), numbers<float>(info[1], "scale", g.channels),
                           numbers<float>(info[2], "shift", g.channels), numbers<float>(info[3], "y", size),
                           numbers<float>(info[4], "mean", statistics), numbers<float>(info[5], "rstd", statistics), g);
}

void groupNormalizeGrad(const CallbackInfo &info) {
  const GroupNorm g = groupNormOf(info[9], info[10]);
  const int64_t size = g.images * g.pixels * g.channels, statistics = g.images * g.groups;
  kernels().groupNormalizeGrad(
      numbers<float>(info[0], "dy", size), numbers<float>(info[1], "x", size), numbers<float>(info[2], "scale", g.channels),
      numbers<float>(info[3], "shift", g.channels), numbers<float>(info[4], "mean", statistics),
      numbers<float>(info[5], "rstd", statistics), numbers<float>(info[6], "dx", size),
      numbers<float>(info[7], "dscale", g.channels), numbers<float>(info[8], "dshift", g.channels), g);
}

void sgd(const CallbackInfo &info) {
  const int64_t count = spanOf(info[0], "parameter").length;
  kernels().sgd(numbers<float>(info[0], "parameter", count), numbers<float>(info[1], "velocity", count),
                numbers<float>(info[2], "gradient", count), numbers<float>(info[3], "newParameter", count),
                numbers<float>(info[4], "newVelocity", count), count, {real(info[5]), real(info[6]), real(info[7]), real(info[8])});
}

// maps: one array per level. sizes: boxes, side, samples, channels, then height and width of each level.
struct RoiCall {
  RoiAlign align;
  std::vector<RoiLevel> levels;
};

RoiCall roiCallOf(const Value &maps, const Value &rows, const Value &columns, const Value &levelOfBox, const Value &sizes,
                  bool backward) {
  int64_t length = 0;
  const int32_t *v = integers(sizes, "roiAlign", length);
  const auto arrays = maps.As<Napi::Array>();
  const int64_t levels = arrays.Length();
  if (levels == 0 || length != 4 + 2 * levels) fail("roiAlign: wrong length");
  RoiCall call;
  RoiAlign &r = call.align;
  r.boxes = v[0], r.side = v[1], r.samples = v[2], r.channels = v[3], r.levelCount = levels;
  positive({r.boxes, r.side, r.samples, r.channels}, "roiAlign");
  for (int64_t i = 0; i < levels; i++) {
    const int64_t height = v[4 + 2 * i], width = v[5 + 2 * i];
    positive({height, width}, "roiAlign");
    float *map = numbers<float>(arrays.Get(static_cast<uint32_t>(i)), "level", height * width * r.channels);
    call.levels.push_back({height, width, map, backward ? map : nullptr});
  }
  r.rows = doubles(rows, "rows", r.boxes * r.side * r.samples);
  r.columns = doubles(columns, "columns", r.boxes * r.side * r.samples);
  r.levelOfBox = numbers<int32_t>(levelOfBox, "levelOfBox", r.boxes);
  for (int64_t box = 0; box < r.boxes; box++) {
    if (r.levelOfBox[box] < 0 || r.levelOfBox[box] >= levels) {
      fail("roiAlign: there is no level " + std::to_string(r.levelOfBox[box]));
    }
  }
  return call;
}

void roiAlign(const CallbackInfo &info) {
  RoiCall call = roiCallOf(info[0], info[1], info[2], info[3], info[5], false);
  RoiAlign &r = call.align;
  r.levels = call.levels.data();
  kernels().roiAlign(r, numbers<float>(info[4], "y", r.boxes * r.side * r.side * r.channels));
}

void roiAlignGrad(const CallbackInfo &info) {
  RoiCall call = roiCallOf(info[0], info[1], info[2], info[3], info[5], true);
  RoiAlign &r = call.align;
  r.levels = call.levels.data();
  kernels().roiAlignGrad(r, numbers<float>(info[4], "dy", r.boxes * r.side * r.side * r.channels));
}

// --- oneDNN --------------------------------------------------------------------------------------------------------

// A kernel or right factor, as float32 or as bf16 numbers.
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

void roundToBf16(const CallbackInfo &info) {
  const Span x = spanOf(info[0], "x");
  auto y = info[1].As<Napi::Uint16Array>();
  if (static_cast<int64_t>(y.ElementLength()) != x.length) fail("roundToBf16: sizes differ");
  kernels().roundToBf16(numbers<float>(info[0], "x", x.length), y.Data(), x.length);
}

struct ConvolutionSizes {
  int64_t x, kernel, y;
};

Convolution convolutionOf(const Value &value, ConvolutionSizes &sizes) {
  const Convolution s = shapeOf<Convolution>(value, "convolution", 18, [](const int32_t *v) {
    return Convolution{v[0], v[1],  v[2],  v[3],  v[4],  v[5],  v[6],  v[7],  v[8],
                       v[9], v[10], v[11], v[12], v[13], v[14], v[15], v[16], v[17]};
  });
  positive({s.batch, s.inHeight, s.inWidth, s.inChannels, s.outHeight, s.outWidth, s.outChannels, s.height, s.width,
            s.strideHeight, s.strideWidth, s.dilationHeight, s.dilationWidth, s.groups},
           "convolution");
  if (s.groups != 1 && (s.groups != s.inChannels || s.outChannels % s.groups != 0)) fail("convolution: wrong groups");
  sizes = {s.batch * s.inHeight * s.inWidth * s.inChannels, s.height * s.width * (s.inChannels / s.groups) * s.outChannels,
           s.batch * s.outHeight * s.outWidth * s.outChannels};
  return s;
}

void convolve(const CallbackInfo &info) {
  ConvolutionSizes sizes;
  const Convolution s = convolutionOf(info[4], sizes);
  const float *bias = info[2].IsNull() ? nullptr : numbers<float>(info[2], "bias", s.outChannels);
  convolve(s, numbers<float>(info[0], "x", sizes.x), factorOf(info[1], "kernel", sizes.kernel), bias,
           numbers<float>(info[3], "y", sizes.y), static_cast<Activation>(integer(info[5])), real(info[6]));
}

void convolveBackwardInput(const CallbackInfo &info) {
  ConvolutionSizes sizes;
  const Convolution s = convolutionOf(info[3], sizes);
  convolveBackwardInput(s, numbers<float>(info[0], "dy", sizes.y), factorOf(info[1], "kernel", sizes.kernel),
                        numbers<float>(info[2], "dx", sizes.x));
}

void convolveBackwardKernel(const CallbackInfo &info) {
  ConvolutionSizes sizes;
  const Convolution s = convolutionOf(info[3], sizes);
  const Precision precision = info[4].As<Napi::Boolean>() ? Precision::bf16 : Precision::f32;
  if (precision == Precision::bf16 && !multipliesBf16()) fail("this processor has no instructions for bf16");
  convolveBackwardKernel(s, precision, numbers<float>(info[0], "x", sizes.x), numbers<float>(info[1], "dy", sizes.y),
                         numbers<float>(info[2], "dkernel", sizes.kernel));
}

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

Value secondsOfPrimitive(const CallbackInfo &info) {
  ConvolutionSizes sizes;
  const Convolution s = convolutionOf(info[1], sizes);
  const std::string pass = info[0].As<Napi::String>();
  const Pass which = pass == "forward" ? Pass::forward : pass == "input" ? Pass::input : Pass::kernel;
  return Napi::Number::New(info.Env(), secondsOfPrimitive(s, which, static_cast<int>(integer(info[2]))));
}

Value secondsOfProduct(const CallbackInfo &info) {
  return Napi::Number::New(info.Env(), secondsOfProduct(productOf(info[0]), static_cast<int>(integer(info[1]))));
}

Value about(const CallbackInfo &info) {
  auto about = Napi::Object::New(info.Env());
  about.Set("version", libraryVersion());
  about.Set("instructions", kernels().name);
  about.Set("threads", threadCount());
  about.Set("bf16", multipliesBf16());
  about.Set("primitives", static_cast<double>(cachedPrimitives()));
  return about;
}

void setThreads(const CallbackInfo &info) {
  const int64_t threads = integer(info[0]);
  positive({threads}, "setThreads");
#ifdef _OPENMP
  omp_set_num_threads(static_cast<int>(threads));
#endif
}

Napi::Object namesOf(Napi::Env env, const std::vector<const char *> &names) {
  auto numbers = Napi::Object::New(env);
  for (size_t i = 0; i < names.size(); i++) numbers.Set(names[i], static_cast<double>(i));
  return numbers;
}

Napi::Object start(Napi::Env env, Napi::Object exports) {
#define METHOD(name) exports.Set(#name, Napi::Function::New(env, guarded<name>, #name));
  METHOD(unary)
  METHOD(binary)
  METHOD(select)
  METHOD(reduce)
  METHOD(softmax)
  METHOD(sumOf)
  METHOD(cast)
  METHOD(copy)
  METHOD(fill)
  METHOD(gather)
  METHOD(segmentSum)
  METHOD(pool)
  METHOD(maxPoolGrad)
  METHOD(avgPoolGrad)
  METHOD(resize)
  METHOD(groupNormalize)
  METHOD(groupNormalizeGrad)
  METHOD(sgd)
  METHOD(roiAlign)
  METHOD(roiAlignGrad)
  METHOD(convolve)
  METHOD(convolveBackwardInput)
  METHOD(convolveBackwardKernel)
  METHOD(multiply)
  METHOD(roundToBf16)
  METHOD(setThreads)
#undef METHOD
#define METHOD(name) exports.Set(#name, Napi::Function::New(env, guardedValue<name>, #name));
  METHOD(allocate)
  METHOD(sumOfSquares)
  METHOD(secondsOfPrimitive)
  METHOD(secondsOfProduct)
  METHOD(about)
#undef METHOD
#define NAME(name) #name,
  exports.Set("unaryOperations", namesOf(env, {UNARY_OPERATIONS(NAME)}));
  exports.Set("binaryOperations", namesOf(env, {ARITHMETIC_OPERATIONS(NAME) FLOAT_OPERATIONS(NAME) COMPARISONS(NAME)}));
  exports.Set("reductions", namesOf(env, {REDUCTIONS(NAME)}));
#undef NAME
  return exports;
}

} // namespace
} // namespace tfjs_onednn

static Napi::Object startAddon(Napi::Env env, Napi::Object exports) { return tfjs_onednn::start(env, exports); }
NODE_API_MODULE(tfjs_onednn, startAddon)
