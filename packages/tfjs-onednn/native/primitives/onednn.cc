#include "primitives/onednn.h"
#include <string>

namespace tfjs_onednn {

dnnl::engine &cpu() {
  static dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  return engine;
}

dnnl::stream &stream() {
  static thread_local dnnl::stream stream(cpu());
  return stream;
}

dnnl::primitive_attr attributes(Activation activation, float alpha) {
  dnnl::primitive_attr attr;
  attr.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  dnnl::post_ops after;
  const auto append = [&](dnnl::algorithm algorithm, float a, float b) {
#if DNNL_VERSION_MAJOR >= 3
    after.append_eltwise(algorithm, a, b);
#else
    after.append_eltwise(1.f, algorithm, a, b);
#endif
  };
  switch (activation) {
  case Activation::none:
    return attr;
  case Activation::relu:
    append(dnnl::algorithm::eltwise_relu, 0.f, 0.f);
    break;
  case Activation::relu6:
#if DNNL_VERSION_MAJOR >= 3
    append(dnnl::algorithm::eltwise_clip, 0.f, 6.f);
#else
    append(dnnl::algorithm::eltwise_bounded_relu, 6.f, 0.f);
#endif
    break;
  case Activation::elu:
    append(dnnl::algorithm::eltwise_elu, 1.f, 0.f);
    break;
  case Activation::sigmoid:
    append(dnnl::algorithm::eltwise_logistic, 0.f, 0.f);
    break;
  case Activation::leakyRelu:
    append(dnnl::algorithm::eltwise_relu, alpha, 0.f);
    break;
  }
  attr.set_post_ops(after);
  return attr;
}

bool multipliesBf16() {
  const int has = static_cast<int>(dnnl::get_effective_cpu_isa()), wanted = static_cast<int>(dnnl::cpu_isa::avx512_core_bf16);
  return (has & wanted) == wanted;
}

const char *libraryVersion() {
  static const std::string version = [] {
    const dnnl_version_t *v = dnnl_version();
    return std::to_string(v->major) + "." + std::to_string(v->minor) + "." + std::to_string(v->patch);
  }();
  return version.c_str();
}

} // namespace tfjs_onednn
