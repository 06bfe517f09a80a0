// The memory-bound kernels for every processor of this architecture.
#include "kernels/kernels.h"
#include "kernels/parallel.h"
#include <cmath>
#include <type_traits>
#include <vector>
#ifdef TFJS_ONEDNN_X86
#include <xmmintrin.h>
#endif

namespace tfjs_onednn {
namespace base {
#define TFJS_ONEDNN_SET "base"
#include "kernels/vector_kernels.h"
} // namespace base

const Kernels &baseKernels() { return base::table; }
} // namespace tfjs_onednn
