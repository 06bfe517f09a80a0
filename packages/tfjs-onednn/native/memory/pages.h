// Memory that is touched for the first time costs a fault per page: what is large lies in pages of 2 MiB where the system has them.
#pragma once
#include <cstdlib>
#include <new>
#ifdef __linux__
#include <sys/mman.h>
#endif

namespace tfjs_onednn {

// At least so many bytes, aligned to 64 or, where they fill a large page, to one; std::free gives them back.
inline void *allocatePages(size_t bytes) {
  constexpr size_t line = 64, largePage = 2 << 20;
  const size_t unit = bytes >= largePage ? largePage : line;
  const size_t whole = (bytes + unit - 1) / unit * unit;
  void *data = std::aligned_alloc(unit, whole);
  if (data == nullptr) throw std::bad_alloc();
#if defined(__linux__) && defined(MADV_HUGEPAGE)
  if (unit == largePage) madvise(data, whole, MADV_HUGEPAGE);
#endif
  return data;
}

} // namespace tfjs_onednn
