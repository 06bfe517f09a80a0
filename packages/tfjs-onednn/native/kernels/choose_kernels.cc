// Chooses the fastest set of kernels that this processor runs.
#include <dnnl.hpp>

#include "kernels/kernels.h"

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

} // namespace tfjs_onednn
