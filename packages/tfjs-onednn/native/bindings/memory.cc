// Memory of tensors.
#include <cstdlib>
#include <new>
#ifdef __linux__
#include <sys/mman.h>
#endif

#include "bindings/arguments.h"
#include "bindings/methods.h"

namespace tfjs_onednn::bindings {
namespace {

void release(napi_env, void *data, void *) { std::free(data); }

// What V8 thinks it could win by looking for garbage: it does so again and again while memory outside its heap grows.
void count(const Napi::Env &env, int64_t bytes) {
  int64_t counted = 0;
  napi_adjust_external_memory(env, bytes, &counted);
}

// V8 does not count the buffer: the pool keeps it, and looking for garbage would not free it.
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
  count(info.Env(), -bytes);
  return Value(info.Env(), buffer);
}

// Buffers of so many bytes in all are the pool's no longer: V8 counts them again, as what it can free.
void letGo(const CallbackInfo &info) { count(info.Env(), integer(info[0])); }

} // namespace

void exportMemory(Napi::Object exports) {
  method<allocate>(exports, "allocate");
  method<letGo>(exports, "letGo");
}

} // namespace tfjs_onednn::bindings
