// The update of stochastic gradient descent.
#include "bindings/arguments.h"
#include "bindings/methods.h"
#include "kernels/kernels.h"

namespace tfjs_onednn::bindings {
namespace {

void sgd(const CallbackInfo &info) {
  const int64_t count = spanOf(info[0], "parameter").length;
  kernels().sgd(numbers<float>(info[0], "parameter", count), numbers<float>(info[1], "velocity", count),
                numbers<float>(info[2], "gradient", count), numbers<float>(info[3], "newParameter", count),
                numbers<float>(info[4], "newVelocity", count), count, {real(info[5]), real(info[6]), real(info[7]), real(info[8])});
}

} // namespace

void exportSgd(Napi::Object exports) {
  method<sgd>(exports, "sgd");
}

} // namespace tfjs_onednn::bindings
