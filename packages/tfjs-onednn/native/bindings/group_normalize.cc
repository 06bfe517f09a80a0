// Group normalisation and its gradients.
#include "bindings/arguments.h"
#include "bindings/methods.h"
#include "kernels/kernels.h"

namespace tfjs_onednn::bindings {
namespace {

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

} // namespace

void exportGroupNormalize(Napi::Object exports) {
  method<groupNormalize>(exports, "groupNormalize");
  method<groupNormalizeGrad>(exports, "groupNormalizeGrad");
}

} // namespace tfjs_onednn::bindings
