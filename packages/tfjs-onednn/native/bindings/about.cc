// What runs: versions, instruction set, threads.
#include "bindings/arguments.h"
#include "bindings/methods.h"
#include "kernels/kernels.h"
#include "kernels/parallel.h"
#include "primitives/primitives.h"

namespace tfjs_onednn::bindings {
namespace {

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

} // namespace

void exportAbout(Napi::Object exports) {
  method<about>(exports, "about");
  method<setThreads>(exports, "setThreads");
}

} // namespace tfjs_onednn::bindings
