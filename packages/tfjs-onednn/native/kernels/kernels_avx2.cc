// The memory-bound kernels for avx2.
#include "kernels/kernels.h"
#include "kernels/parallel.h"
#include <cmath>
#include <type_traits>
#include <vector>
#ifdef TFJS_ONEDNN_X86
#include <xmmintrin.h>
#endif

#ifdef TFJS_ONEDNN_X86
#ifdef __clang__
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,fma")
#endif
namespace tfjs_onednn {
namespace avx2 {
#define TFJS_ONEDNN_SET "avx2"
#include "kernels/vector_kernels.h"
} // namespace avx2

const Kernels &avx2Kernels() { return avx2::table; }
} // namespace tfjs_onednn
#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#endif
