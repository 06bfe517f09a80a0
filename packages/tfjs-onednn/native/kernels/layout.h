// What moves numbers and leaves them as they are: a chapter of vector_kernels.h.

// y[i * yStep + j] = x[i + j * xStep]: a transposition in tiles that stay in the first cache.
template <typename T>
static void transposePlane(const T *x, int64_t xStep, T *y, int64_t yStep, int64_t rows, int64_t columns) {
  constexpr int64_t tile = 16;
  for (int64_t i0 = 0; i0 < rows; i0 += tile) {
    const int64_t i1 = std::min(rows, i0 + tile);
    for (int64_t j0 = 0; j0 < columns; j0 += tile) {
      const int64_t j1 = std::min(columns, j0 + tile);
      for (int64_t i = i0; i < i1; i++) {
        for (int64_t j = j0; j < j1; j++) y[i * yStep + j] = x[i + j * xStep];
      }
    }
  }
}

template <typename T>
static inline void copyRow(const T *x, int64_t xStep, T *y, int64_t yStep, int64_t count) {
  if (yStep == 1 && xStep == 1) {
    if (count < 32) {
      for (int64_t i = 0; i < count; i++) y[i] = x[i];
    } else {
      __builtin_memcpy(y, x, sizeof(T) * count);
    }
  } else if (yStep == 1 && xStep == 0) {
    const T value = *x;
    for (int64_t i = 0; i < count; i++) y[i] = value;
  } else {
    for (int64_t i = 0; i < count; i++) y[i * yStep] = x[i * xStep];
  }
}

// How many items of `count` numbers each are worth a thread.
template <typename T> static inline int64_t grainOfCopies(int64_t count) {
  return std::max<int64_t>(1, grainOfBytes / 2 / static_cast<int64_t>(sizeof(T)) / std::max<int64_t>(1, count));
}

// Where the last loop walks the destination by single steps and another one the source, that other one becomes the last
// but one, and both together walk planes. Returns whether they do.
static bool turnIntoPlanes(Nest &nest) {
  const int last = nest.rank - 1;
  if (nest.strides[0][last] == 1 || nest.strides[1][last] != 1) return false;
  for (int d = 0; d < last; d++) {
    if (nest.strides[0][d] != 1 || nest.shape[d] < 4) continue;
    for (int e = d; e < last - 1; e++) {
      std::swap(nest.shape[e], nest.shape[e + 1]);
      std::swap(nest.strides[0][e], nest.strides[0][e + 1]);
      std::swap(nest.strides[1][e], nest.strides[1][e + 1]);
    }
    return true;
  }
  return false;
}

template <typename T> static void copyPlanes(const T *x, T *y, const Nest &nest) {
  const int last = nest.rank - 1, loops = last - 1;
  const int64_t xStep = nest.strides[0][last], yStep = nest.strides[1][loops];
  const int64_t rows = nest.shape[loops], columns = nest.shape[last], planes = nest.rows(loops);
  if (planes < 2 * threadCount() && rows >= 32) {
    // Few planes: their rows are shared out instead.
    eachRow(nest, loops, 0, planes, [=](int64_t, int64_t xOffset, int64_t yOffset) {
      parallelFor(rows, std::max<int64_t>(16, grainOfBytes / 8 / columns), [=](int64_t begin, int64_t end) {
        transposePlane(x + xOffset + begin, xStep, y + yOffset + begin * yStep, yStep, end - begin, columns);
      });
    });
    return;
  }
  parallelFor(planes, grainOfCopies<T>(rows * columns), [=, &nest](int64_t begin, int64_t end) {
    eachRow(nest, loops, begin, end, [=](int64_t, int64_t xOffset, int64_t yOffset) {
      transposePlane(x + xOffset, xStep, y + yOffset, yStep, rows, columns);
    });
  });
}

template <typename T> static void copyRows(const T *x, T *y, const Nest &nest) {
  const int last = nest.rank - 1;
  const int64_t xStep = nest.strides[0][last], yStep = nest.strides[1][last], columns = nest.shape[last];
  if (last == 0) {
    parallelFor(columns, grainOfCopies<T>(1), [=](int64_t begin, int64_t end) {
      copyRow(x + begin * xStep, xStep, y + begin * yStep, yStep, end - begin);
    });
    return;
  }
  parallelFor(nest.rows(last), grainOfCopies<T>(columns), [=, &nest](int64_t begin, int64_t end) {
    eachRow(nest, last, begin, end, [=](int64_t, int64_t xOffset, int64_t yOffset) {
      copyRow(x + xOffset, xStep, y + yOffset, yStep, columns);
    });
  });
}

template <typename T> static void copyLoop(const T *x, T *y, const Nest &nest) {
  Nest order = nest;
  if (turnIntoPlanes(order)) return copyPlanes(x, y, order);
  copyRows(x, y, order);
}

static void copy(int elementSize, const void *x, void *y, const Nest &nest) {
  if (elementSize == 1) return copyLoop(static_cast<const uint8_t *>(x), static_cast<uint8_t *>(y), nest);
  copyLoop(static_cast<const uint32_t *>(x), static_cast<uint32_t *>(y), nest);
}

static void fill(uint32_t pattern, uint32_t *y, int64_t count) {
  parallelFor(count, grainOfBytes / 4, [=](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) y[i] = pattern;
  });
}

static void gather(const uint32_t *x, const int32_t *indices, uint32_t *y, int64_t outer, int64_t rows, int64_t picked,
                   int64_t inner) {
  const int64_t grain = std::max<int64_t>(1, grainOfBytes / 8 / inner);
  parallelFor(outer * picked, grain, [=](int64_t begin, int64_t end) {
    for (int64_t item = begin; item < end; item++) {
      const uint32_t *from = x + (item / picked * rows + indices[item % picked]) * inner;
      copyRow(from, 1, y + item * inner, 1, inner);
    }
  });
}

static void segmentSum(const float *x, const int32_t *segments, float *y, int64_t rows, int64_t segmentCount,
                       int64_t inner) {
  __builtin_memset(y, 0, sizeof(float) * segmentCount * inner);
  for (int64_t row = 0; row < rows; row++) {
    if (segments[row] < 0 || segments[row] >= segmentCount) continue;
    const float *__restrict from = x + row * inner;
    float *__restrict to = y + segments[row] * inner;
    for (int64_t i = 0; i < inner; i++) to[i] += from[i];
  }
}
