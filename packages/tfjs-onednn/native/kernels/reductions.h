// Reductions, sums of tensors, softmax: a chapter of vector_kernels.h.

struct SumReduction {
  static constexpr float start = 0.f;
  static inline float join(float a, float b) { return a + b; }
};
struct ProductReduction {
  static constexpr float start = 1.f;
  static inline float join(float a, float b) { return a * b; }
};
struct MaximumReduction {
  static constexpr float start = -INFINITY;
  static inline float join(float a, float b) { return b > a || b != b ? b : a; }
};
struct MinimumReduction {
  static constexpr float start = INFINITY;
  static inline float join(float a, float b) { return b < a || b != b ? b : a; }
};

// Joins a run of numbers: 32 partial results per block of 2,048 numbers, the blocks in double precision.
template <typename Operation> static double joinRun(const float *x, int64_t count) {
  double total = Operation::start;
  for (int64_t from = 0; from < count; from += 2048) {
    const int64_t size = std::min<int64_t>(2048, count - from);
    const float *__restrict block = x + from;
    float lanes[32];
    for (int l = 0; l < 32; l++) lanes[l] = Operation::start;
    int64_t i = 0;
    for (; i + 32 <= size; i += 32) {
      for (int l = 0; l < 32; l++) lanes[l] = Operation::join(lanes[l], block[i + l]);
    }
    for (int width = 16; width > 0; width /= 2) {
      for (int l = 0; l < width; l++) lanes[l] = Operation::join(lanes[l], lanes[l + width]);
    }
    float joined = lanes[0];
    for (; i < size; i++) joined = Operation::join(joined, block[i]);
    if constexpr (std::is_same<Operation, SumReduction>::value) total += joined;
    else if constexpr (std::is_same<Operation, ProductReduction>::value) total *= joined;
    else total = Operation::join(static_cast<float>(total), joined);
  }
  return total;
}

template <typename Operation>
static inline double joinTwo(double a, double b) {
  if constexpr (std::is_same<Operation, SumReduction>::value) return a + b;
  else if constexpr (std::is_same<Operation, ProductReduction>::value) return a * b;
  else return Operation::join(static_cast<float>(a), static_cast<float>(b));
}

// Joins rows [begin, end) of a [rows, columns] matrix column by column into `y`.
template <typename Operation>
static void joinRows(const float *x, float *__restrict y, int64_t begin, int64_t end, int64_t stride, int64_t columns) {
  for (int64_t c = 0; c < columns; c++) y[c] = Operation::start;
  int64_t row = begin;
  for (; row + 4 <= end; row += 4) {
    const float *__restrict r0 = x + row * stride;
    const float *__restrict r1 = r0 + stride;
    const float *__restrict r2 = r1 + stride;
    const float *__restrict r3 = r2 + stride;
    for (int64_t c = 0; c < columns; c++) {
      y[c] = Operation::join(y[c], Operation::join(Operation::join(r0[c], r1[c]), Operation::join(r2[c], r3[c])));
    }
  }
  for (; row < end; row++) {
    const float *__restrict r0 = x + row * stride;
    for (int64_t c = 0; c < columns; c++) y[c] = Operation::join(y[c], r0[c]);
  }
}

// The same in blocks of 256 rows, so that sums of many small numbers stay exact enough.
template <typename Operation>
static void joinManyRows(const float *x, float *y, int64_t begin, int64_t end, int64_t stride, int64_t columns) {
  constexpr int64_t block = 256;
  if (end - begin <= block) return joinRows<Operation>(x, y, begin, end, stride, columns);
  const int64_t middle = begin + ((end - begin) / 2 + block - 1) / block * block;
  joinManyRows<Operation>(x, y, begin, middle, stride, columns);
  std::vector<float> other(columns);
  joinManyRows<Operation>(x, other.data(), middle, end, stride, columns);
  for (int64_t c = 0; c < columns; c++) y[c] = Operation::join(y[c], other[c]);
}

template <typename Operation>
static void reduceBy(const float *x, float *y, int64_t outer, int64_t middle, int64_t inner, float scale) {
  const int64_t grain = std::max<int64_t>(1, grainOfBytes / 4 / std::max<int64_t>(1, middle * inner));
  if (inner == 1) {
    if (outer == 1 && middle > grainOfBytes / 4) {
      constexpr int64_t parts = 64; // a fixed number, so that results do not depend on the number of threads
      double partial[parts];
      parallelFor(parts, 1, [&](int64_t begin, int64_t end) {
        for (int64_t part = begin; part < end; part++) {
          const int64_t from = middle * part / parts;
          partial[part] = joinRun<Operation>(x + from, middle * (part + 1) / parts - from);
        }
      });
      double total = partial[0];
      for (int64_t part = 1; part < parts; part++) total = joinTwo<Operation>(total, partial[part]);
      y[0] = static_cast<float>(total * scale);
      return;
    }
    parallelFor(outer, grain, [=](int64_t begin, int64_t end) {
      for (int64_t row = begin; row < end; row++) {
        y[row] = static_cast<float>(joinRun<Operation>(x + row * middle, middle) * scale);
      }
    });
    return;
  }
  if (outer == 1 && middle * inner > grainOfBytes / 4) {
    const int64_t parts = std::min<int64_t>(8, std::max<int64_t>(1, middle / 64));
    if (parts > 1) {
      std::vector<float> partial(parts * inner);
      parallelFor(parts, 1, [&](int64_t begin, int64_t end) {
        for (int64_t part = begin; part < end; part++) {
          joinManyRows<Operation>(x, partial.data() + part * inner, middle * part / parts, middle * (part + 1) / parts,
                                  inner, inner);
        }
      });
      joinRows<Operation>(partial.data(), y, 0, parts, inner, inner);
      if (scale != 1.f) for (int64_t c = 0; c < inner; c++) y[c] *= scale;
      return;
    }
  }
  parallelFor(outer, grain, [=](int64_t begin, int64_t end) {
    for (int64_t image = begin; image < end; image++) {
      float *row = y + image * inner;
      joinManyRows<Operation>(x + image * middle * inner, row, 0, middle, inner, inner);
      if (scale != 1.f) for (int64_t c = 0; c < inner; c++) row[c] *= scale;
    }
  });
}

static void reduce(Reduction operation, const float *x, float *y, int64_t outer, int64_t middle, int64_t inner) {
  switch (operation) {
  case Reduction::Max:
    return reduceBy<MaximumReduction>(x, y, outer, middle, inner, 1.f);
  case Reduction::Min:
    return reduceBy<MinimumReduction>(x, y, outer, middle, inner, 1.f);
  case Reduction::Prod:
    return reduceBy<ProductReduction>(x, y, outer, middle, inner, 1.f);
  case Reduction::Sum:
    return reduceBy<SumReduction>(x, y, outer, middle, inner, 1.f);
  case Reduction::Mean:
    return reduceBy<SumReduction>(x, y, outer, middle, inner, 1.f / static_cast<float>(middle));
  default:
    break;
  }
}

// The sum of the squares of all numbers of all runs, in double precision: parts of one size each, whatever the threads.
static double sumOfSquares(const Run *runs, int64_t runCount) {
  constexpr int64_t size = 1 << 15;
  std::vector<Run> parts;
  for (int64_t r = 0; r < runCount; r++) {
    for (int64_t from = 0; from < runs[r].length; from += size) {
      parts.push_back({runs[r].values + from, std::min(size, runs[r].length - from)});
    }
  }
  const int64_t count = static_cast<int64_t>(parts.size());
  std::vector<double> sums(count);
  parallelFor(count, 4, [&](int64_t begin, int64_t end) {
    for (int64_t p = begin; p < end; p++) {
      const float *__restrict x = parts[p].values;
      float lanes[32] = {};
      int64_t i = 0;
      for (; i + 32 <= parts[p].length; i += 32) {
        for (int l = 0; l < 32; l++) lanes[l] += x[i + l] * x[i + l];
      }
      double sum = 0;
      for (const float lane : lanes) sum += lane;
      for (; i < parts[p].length; i++) sum += static_cast<double>(x[i]) * x[i];
      sums[p] = sum;
    }
  });
  double total = 0;
  for (const double sum : sums) total += sum;
  return total;
}

static void softmax(const float *x, float *y, int64_t rows, int64_t columns) {
  const int64_t grain = std::max<int64_t>(1, grainOfBytes / 16 / columns);
  if (columns == 2) {
    parallelFor(rows, grain, [=](int64_t begin, int64_t end) {
      for (int64_t row = begin; row < end; row++) {
        const float p = 1.f / (1.f + expOf(x[2 * row + 1] - x[2 * row]));
        y[2 * row] = p;
        y[2 * row + 1] = 1.f / (1.f + expOf(x[2 * row] - x[2 * row + 1]));
      }
    });
    return;
  }
  parallelFor(rows, grain, [=](int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end; row++) {
      const float *__restrict from = x + row * columns;
      float *__restrict to = y + row * columns;
      const float top = static_cast<float>(joinRun<MaximumReduction>(from, columns));
      for (int64_t c = 0; c < columns; c++) to[c] = expOf(from[c] - top);
      const float factor = static_cast<float>(1. / joinRun<SumReduction>(to, columns));
      for (int64_t c = 0; c < columns; c++) to[c] *= factor;
    }
  });
}

static void sumOf(const float *const *terms, int64_t termCount, float *y, int64_t count) {
  parallelFor(count, grainOfBytes / 12, [=](int64_t begin, int64_t end) {
    for (int64_t from = begin; from < end; from += 4096) {
      const int64_t to = std::min(end, from + 4096);
      __builtin_memcpy(y + from, terms[0] + from, sizeof(float) * (to - from));
      for (int64_t t = 1; t < termCount; t++) {
        const float *__restrict term = terms[t];
        float *__restrict total = y;
        for (int64_t i = from; i < to; i++) total[i] += term[i];
      }
    }
  });
}
