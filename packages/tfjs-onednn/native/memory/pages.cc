#include "memory/pages.h"

#include <cstdint>
#include <cstdlib>
#include <new>
#ifdef __linux__
#include <sys/mman.h>
#endif

namespace tfjs_onednn {
namespace {

constexpr size_t smallPage = 4096, largePage = 2 << 20, line = 64;
constexpr size_t slabBytes = 16 * largePage;
// Smaller pieces share pages anyway; larger ones fill large pages of their own.
constexpr size_t leastCut = 16 * smallPage, mostCut = 4 * largePage;

size_t roundUp(size_t bytes, size_t unit) { return (bytes + unit - 1) / unit * unit; }

// What the whole pages within held is given back; they read as zeros from now on.
void discard(void *data, size_t bytes) {
#ifdef __linux__
  const auto begin = roundUp(reinterpret_cast<uintptr_t>(data), smallPage);
  const auto end = (reinterpret_cast<uintptr_t>(data) + bytes) / smallPage * smallPage;
  if (begin < end) madvise(reinterpret_cast<void *>(begin), end - begin, MADV_DONTNEED);
#endif
}

} // namespace

void *allocatePages(size_t bytes) {
  const size_t unit = bytes >= largePage ? largePage : line;
  const size_t whole = roundUp(bytes, unit);
  void *data = std::aligned_alloc(unit, whole);
  if (data == nullptr) throw std::bad_alloc();
#if defined(__linux__) && defined(MADV_HUGEPAGE)
  if (unit == largePage) madvise(data, whole, MADV_HUGEPAGE);
#endif
  return data;
}

class Slab {
public:
  Slab() : data_(static_cast<char *>(allocatePages(slabBytes))) {}
  ~Slab() { std::free(data_); }
  bool hasRoomFor(size_t bytes) const { return used_ + bytes <= slabBytes; }
  void *cut(size_t bytes) {
    void *piece = data_ + used_;
    used_ += bytes;
    return piece;
  }

private:
  char *data_;
  size_t used_ = 0;
};

Piece::Piece(size_t bytes) : bytes_(roundUp(bytes, line)) {
  thread_local std::shared_ptr<Slab> current;
  if (bytes < leastCut || bytes > mostCut) {
    data_ = allocatePages(bytes);
    return;
  }
  if (current == nullptr || !current->hasRoomFor(bytes_)) current = std::make_shared<Slab>();
  slab_ = current;
  data_ = slab_->cut(bytes_);
}

Piece::~Piece() {
  if (slab_ == nullptr) std::free(data_);
  else discard(data_, bytes_);
}

} // namespace tfjs_onednn
