// The memory-bound kernels for avx512.
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
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,prefer-vector-width=512")
#endif
namespace tfjs_onednn {
namespace avx512 {
#define TFJS_ONEDNN_SET "avx512"
#include "kernels/vector_kernels.h"
} // namespace avx512

const Kernels &avx512Kernels() { return avx512::table; }
} // namespace tfjs_onednn
#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#endif
