// The one walk through nests of loops: a chapter of vector_kernels.h.

// Calls visit(row, first, second) for the rows [begin, end) of the `loops` outermost loops, the innermost of them fastest:
// the number of the row, and how far its numbers lie from the beginning of each operand.
template <typename Visit>
static inline void eachRow(const Nest &nest, int loops, int64_t begin, int64_t end, const Visit &visit) {
  int64_t index[maximalRank] = {};
  int64_t first = 0, second = 0, rest = begin;
  for (int d = loops - 1; d >= 0; d--) {
    index[d] = rest % nest.shape[d];
    rest /= nest.shape[d];
    first += index[d] * nest.strides[0][d];
    second += index[d] * nest.strides[1][d];
  }
  for (int64_t row = begin; row < end; row++) {
    visit(row, first, second);
    for (int d = loops - 1; d >= 0; d--) {
      first += nest.strides[0][d];
      second += nest.strides[1][d];
      if (++index[d] < nest.shape[d]) break;
      first -= index[d] * nest.strides[0][d];
      second -= index[d] * nest.strides[1][d];
      index[d] = 0;
    }
  }
}
