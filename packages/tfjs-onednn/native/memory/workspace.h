// Memory that primitives use during a call.
#pragma once
#include <cstdlib>

#include "memory/pages.h"

namespace tfjs_onednn {

// Memory that grows and is used again, 64-byte aligned. What it holds does not survive the next request.
class Workspace {
public:
  void *request(size_t bytes) {
    if (bytes > size_) {
      std::free(data_);
      data_ = nullptr;
      size_ = 0;
      const size_t wanted = bytes + bytes / 4;
      data_ = allocatePages(wanted);
      size_ = wanted;
    }
    return data_;
  }
  ~Workspace() { std::free(data_); }

private:
  void *data_ = nullptr;
  size_t size_ = 0;
};

} // namespace tfjs_onednn
