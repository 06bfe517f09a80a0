// RoIAlign and its gradient.
#include <vector>

#include "bindings/arguments.h"
#include "bindings/methods.h"
#include "kernels/kernels.h"

namespace tfjs_onednn::bindings {
namespace {

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

} // namespace

void exportRoiAlign(Napi::Object exports) {
  method<roiAlign>(exports, "roiAlign");
  method<roiAlignGrad>(exports, "roiAlignGrad");
}

} // namespace tfjs_onednn::bindings
