// Resizing and its gradients: a chapter of vector_kernels.h.

static inline double resizeRatio(int64_t from, int64_t to, bool alignCorners) {
  return alignCorners && to > 1 ? static_cast<double>(from - 1) / static_cast<double>(to - 1)
                                : static_cast<double>(from) / static_cast<double>(to);
}

struct Tap {
  int64_t low, high;
  float share; // of `high`
};

static std::vector<Tap> bilinearTaps(int64_t from, int64_t to, const Resize &r) {
  const double ratio = resizeRatio(from, to, r.alignCorners);
  std::vector<Tap> taps(to);
  for (int64_t i = 0; i < to; i++) {
    const double place = r.halfPixelCenters ? ratio * (static_cast<double>(i) + 0.5) - 0.5 : ratio * static_cast<double>(i);
    const int64_t low = std::max<int64_t>(0, static_cast<int64_t>(std::floor(place)));
    const int64_t high = std::min<int64_t>(from - 1, static_cast<int64_t>(std::ceil(place)));
    taps[i] = {low, high, static_cast<float>(place - static_cast<double>(low))};
  }
  return taps;
}

static std::vector<int64_t> nearestCells(int64_t from, int64_t to, const Resize &r) {
  const double ratio = resizeRatio(from, to, r.alignCorners);
  std::vector<int64_t> cells(to);
  for (int64_t i = 0; i < to; i++) {
    const double place = ratio * (static_cast<double>(i) + (r.halfPixelCenters ? 0.5 : 0.));
    const double cell = r.alignCorners ? std::floor(place + 0.5) : std::floor(place);
    cells[i] = std::max<int64_t>(0, std::min<int64_t>(from - 1, static_cast<int64_t>(cell)));
  }
  return cells;
}

static inline int64_t resizeGrain(const Resize &r) {
  return std::max<int64_t>(1, grainOfBytes / 16 / std::max<int64_t>(1, r.outWidth * r.channels));
}

static void resizeBilinear(const float *x, float *y, const Resize &r) {
  const std::vector<Tap> rows = bilinearTaps(r.inHeight, r.outHeight, r), columns = bilinearTaps(r.inWidth, r.outWidth, r);
  const int64_t line = r.inWidth * r.channels;
  parallelFor(r.batch * r.outHeight, resizeGrain(r), [=, &r, &rows, &columns](int64_t begin, int64_t end) {
    for (int64_t item = begin; item < end; item++) {
      const float *image = x + item / r.outHeight * r.inHeight * line;
      const Tap row = rows[item % r.outHeight];
      for (int64_t j = 0; j < r.outWidth; j++) {
        const Tap column = columns[j];
        const float *__restrict topLeft = image + row.low * line + column.low * r.channels;
        const float *__restrict topRight = image + row.low * line + column.high * r.channels;
        const float *__restrict bottomLeft = image + row.high * line + column.low * r.channels;
        const float *__restrict bottomRight = image + row.high * line + column.high * r.channels;
        float *__restrict to = y + (item * r.outWidth + j) * r.channels;
        for (int64_t c = 0; c < r.channels; c++) {
          const float top = topLeft[c] + (topRight[c] - topLeft[c]) * column.share;
          const float bottom = bottomLeft[c] + (bottomRight[c] - bottomLeft[c]) * column.share;
          to[c] = top + (bottom - top) * row.share;
        }
      }
    }
  });
}

static void resizeBilinearGrad(const float *dy, float *dx, const Resize &r) {
  const std::vector<Tap> rows = bilinearTaps(r.inHeight, r.outHeight, r), columns = bilinearTaps(r.inWidth, r.outWidth, r);
  const int64_t line = r.inWidth * r.channels;
  __builtin_memset(dx, 0, sizeof(float) * r.batch * r.inHeight * line);
  parallelFor(r.batch, 1, [=, &r, &rows, &columns](int64_t begin, int64_t end) {
    for (int64_t item = begin * r.outHeight; item < end * r.outHeight; item++) {
      float *image = dx + item / r.outHeight * r.inHeight * line;
      const Tap row = rows[item % r.outHeight];
      for (int64_t j = 0; j < r.outWidth; j++) {
        const Tap column = columns[j];
        const float *from = dy + (item * r.outWidth + j) * r.channels;
        float *topLeft = image + row.low * line + column.low * r.channels;
        float *topRight = image + row.low * line + column.high * r.channels;
        float *bottomLeft = image + row.high * line + column.low * r.channels;
        float *bottomRight = image + row.high * line + column.high * r.channels;
        for (int64_t c = 0; c < r.channels; c++) {
          const float upper = from[c] * (1.f - row.share), lower = from[c] * row.share;
          topLeft[c] += upper * (1.f - column.share);
          topRight[c] += upper * column.share;
          bottomLeft[c] += lower * (1.f - column.share);
          bottomRight[c] += lower * column.share;
        }
      }
    }
  });
}

static void resizeNearest(const float *x, float *y, const Resize &r) {
  const std::vector<int64_t> rows = nearestCells(r.inHeight, r.outHeight, r), columns = nearestCells(r.inWidth, r.outWidth, r);
  parallelFor(r.batch * r.outHeight, resizeGrain(r), [=, &r, &rows, &columns](int64_t begin, int64_t end) {
    for (int64_t item = begin; item < end; item++) {
      const float *line = x + (item / r.outHeight * r.inHeight + rows[item % r.outHeight]) * r.inWidth * r.channels;
      float *to = y + item * r.outWidth * r.channels;
      for (int64_t j = 0; j < r.outWidth; j++) {
        copyRow(line + columns[j] * r.channels, 1, to + j * r.channels, 1, r.channels);
      }
    }
  });
}

static void resizeNearestGrad(const float *dy, float *dx, const Resize &r) {
  const std::vector<int64_t> rows = nearestCells(r.inHeight, r.outHeight, r), columns = nearestCells(r.inWidth, r.outWidth, r);
  __builtin_memset(dx, 0, sizeof(float) * r.batch * r.inHeight * r.inWidth * r.channels);
  parallelFor(r.batch, 1, [=, &r, &rows, &columns](int64_t begin, int64_t end) {
    for (int64_t item = begin * r.outHeight; item < end * r.outHeight; item++) {
      float *line = dx + (item / r.outHeight * r.inHeight + rows[item % r.outHeight]) * r.inWidth * r.channels;
      const float *from = dy + item * r.outWidth * r.channels;
      for (int64_t j = 0; j < r.outWidth; j++) {
        float *__restrict to = line + columns[j] * r.channels;
        const float *__restrict slope = from + j * r.channels;
        for (int64_t c = 0; c < r.channels; c++) to[c] += slope[c];
      }
    }
  });
}
