// Pooling and resizing.
#include "bindings/arguments.h"
#include "bindings/methods.h"
#include "kernels/kernels.h"

namespace tfjs_onednn::bindings {
namespace {

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

} // namespace

void exportWindows(Napi::Object exports) {
  method<pool>(exports, "pool");
  method<maxPoolGrad>(exports, "maxPoolGrad");
  method<avgPoolGrad>(exports, "avgPoolGrad");
  method<resize>(exports, "resize");
}

} // namespace tfjs_onednn::bindings
