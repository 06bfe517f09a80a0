#include "bindings/nests.h"

#include <string>

#include "bindings/arguments.h"

namespace tfjs_onednn::bindings {

Nest nestOf(const Value &value) {
  constexpr int operands = 2;
  int64_t length = 0;
  const int32_t *layout = integers(value, "layout", length);
  if (length < 1 || layout[0] < 0 || length != 1 + layout[0] * (1 + operands)) fail("layout: wrong length");
  const int rank = layout[0];
  const int32_t *shape = layout + 1;
  Nest nest;
  for (int d = 0; d < rank; d++) {
    if (shape[d] <= 0) fail("layout: sizes must be positive");
    if (shape[d] == 1) continue;
    const int last = nest.rank - 1;
    bool joins = nest.rank > 0;
    for (int o = 0; o < operands && joins; o++) {
      joins = nest.strides[o][last] == static_cast<int64_t>(shape[d]) * layout[1 + rank * (1 + o) + d];
    }
    if (!joins) {
      if (nest.rank == maximalRank) fail("layout: too many dimensions");
      nest.rank++;
    }
    const int to = nest.rank - 1;
    nest.shape[to] = joins ? nest.shape[to] * shape[d] : shape[d];
    for (int o = 0; o < operands; o++) nest.strides[o][to] = layout[1 + rank * (1 + o) + d];
  }
  if (nest.rank == 0) {
    nest.rank = 1;
    nest.shape[0] = 1;
    for (int o = 0; o < operands; o++) nest.strides[o][0] = 1;
  }
  return nest;
}

void within(const Nest &nest, int o, int64_t offset, int64_t length, const char *name) {
  int64_t low = offset, high = offset;
  for (int d = 0; d < nest.rank; d++) {
    const int64_t reach = (nest.shape[d] - 1) * nest.strides[o][d];
    (reach < 0 ? low : high) += reach;
  }
  if (low < 0 || high >= length) fail(std::string(name) + ": the layout leaves the array");
}

} // namespace tfjs_onednn::bindings
