// How functions reach JavaScript.
#pragma once
#include <new>
#include <string>
#include <type_traits>
#include <vector>

#include <dnnl.hpp>
#include <napi.h>

namespace tfjs_onednn::bindings {

// Calls a function that returns nothing or a value. Whatever it throws, oneDNN's own errors included, becomes a JavaScript
// exception.
template <auto function> Napi::Value guarded(const Napi::CallbackInfo &info) {
  try {
    if constexpr (std::is_void_v<decltype(function(info))>) {
      function(info);
      return info.Env().Undefined();
    } else {
      return function(info);
    }
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

template <auto function> void method(Napi::Object exports, const char *name) {
  exports.Set(name, Napi::Function::New(exports.Env(), guarded<function>, name));
}

// { first: 0, second: 1, ... }
inline Napi::Object numbered(Napi::Env env, const std::vector<const char *> &names) {
  auto numbers = Napi::Object::New(env);
  for (size_t i = 0; i < names.size(); i++) numbers.Set(names[i], static_cast<double>(i));
  return numbers;
}

} // namespace tfjs_onednn::bindings
