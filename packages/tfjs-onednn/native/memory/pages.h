// Memory that is touched for the first time costs a fault per page: large pieces lie in pages of 2 MiB where the system has them.
#pragma once
#include <cstddef>
#include <memory>

namespace tfjs_onednn {

// At least this many bytes, aligned to 64 or, where they fill a large page, to one; std::free gives them back.
// Throws std::bad_alloc.
void *allocatePages(size_t bytes);

// Memory of one tensor. Those of middle size are cut from slabs, one after another, so that they share large pages; their
// pages go back to the system at once, the addresses with the last piece of a slab.
class Piece {
public:
  explicit Piece(size_t bytes);
  ~Piece();
  Piece(const Piece &) = delete;
  Piece &operator=(const Piece &) = delete;
  void *data() const { return data_; }

private:
  std::shared_ptr<class Slab> slab_; // null where the piece has its memory to itself
  void *data_;
  size_t bytes_;
};

} // namespace tfjs_onednn
