// Memory of tensors.
#include <cstdlib>

#include "bindings/arguments.h"
#include "bindings/methods.h"
#include "memory/pages.h"

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
  positive({bytes}, "allocate");
  void *data = allocatePages(bytes);
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
