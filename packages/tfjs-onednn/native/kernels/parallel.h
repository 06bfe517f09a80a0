// Shares loops among the threads that oneDNN uses too.
#pragma once
#include <algorithm>
#include <cstdint>
#ifdef _OPENMP
#include <omp.h>
#endif

namespace tfjs_onednn {

inline int threadCount() {
#ifdef _OPENMP
  return omp_get_max_threads();
#else
  return 1;
#endif
}

// Calls body(begin, end) over [0, count) in equal consecutive parts, one per thread; alone where count < 2 * grain.
// The parts depend on the number of threads only, so that results repeat bit by bit. The body must not throw.
template <typename Body> void parallelFor(int64_t count, int64_t grain, const Body &body) {
  if (count <= 0) return;
#ifdef _OPENMP
  const int threads = threadCount();
  if (threads > 1 && count >= 2 * std::max<int64_t>(grain, 1)) {
#pragma omp parallel num_threads(threads)
    {
      const int64_t parts = omp_get_num_threads();
      const int64_t part = omp_get_thread_num();
      const int64_t begin = count * part / parts;
      const int64_t end = count * (part + 1) / parts;
      if (begin < end) body(begin, end);
    }
    return;
  }
#endif
  body(0, count);
}

} // namespace tfjs_onednn
