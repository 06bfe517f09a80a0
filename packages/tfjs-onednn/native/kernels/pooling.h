// Pooling and its gradients: a chapter of vector_kernels.h.

// Calls visit(row, column) for the cells of one window that lie inside the image.
template <typename Visit>
static inline void eachCell(const Window &w, int64_t outRow, int64_t outColumn, const Visit &visit) {
  for (int64_t i = 0; i < w.height; i++) {
    const int64_t row = outRow * w.strideHeight - w.top + i * w.dilationHeight;
    if (row < 0 || row >= w.inHeight) continue;
    for (int64_t j = 0; j < w.width; j++) {
      const int64_t column = outColumn * w.strideWidth - w.left + j * w.dilationWidth;
      if (column < 0 || column >= w.inWidth) continue;
      visit(row, column);
    }
  }
}

static inline int64_t poolGrain(const Window &w) {
  return std::max<int64_t>(1, grainOfBytes / 8 / std::max<int64_t>(1, w.outWidth * w.channels * w.height * w.width));
}

static void maxPool(const float *x, float *y, const Window &w) {
  parallelFor(w.batch * w.outHeight, poolGrain(w), [=, &w](int64_t begin, int64_t end) {
    for (int64_t line = begin; line < end; line++) {
      const float *image = x + line / w.outHeight * w.inHeight * w.inWidth * w.channels;
      for (int64_t column = 0; column < w.outWidth; column++) {
        float *__restrict best = y + (line * w.outWidth + column) * w.channels;
        for (int64_t c = 0; c < w.channels; c++) best[c] = -INFINITY;
        eachCell(w, line % w.outHeight, column, [&](int64_t i, int64_t j) {
          const float *__restrict cell = image + (i * w.inWidth + j) * w.channels;
          for (int64_t c = 0; c < w.channels; c++) best[c] = cell[c] > best[c] ? cell[c] : best[c];
        });
      }
    }
  });
}

// The first largest cell of each window receives the gradient.
static void maxPoolGrad(const float *x, const float *dy, float *dx, const Window &w) {
  constexpr int64_t width = 32; // channels at a time
  const int64_t groups = (w.channels + width - 1) / width;
  const int64_t pixels = w.inHeight * w.inWidth;
  const int64_t grain = std::max<int64_t>(1, grainOfBytes / 8 / std::max<int64_t>(1, pixels * width));
  parallelFor(w.batch * groups, grain, [=, &w](int64_t begin, int64_t end) {
    for (int64_t item = begin; item < end; item++) {
      const int64_t from = item % groups * width;
      const int64_t channels = std::min(width, w.channels - from);
      const float *image = x + item / groups * pixels * w.channels + from;
      float *gradient = dx + item / groups * pixels * w.channels + from;
      const float *upstream = dy + item / groups * w.outHeight * w.outWidth * w.channels + from;
      for (int64_t p = 0; p < pixels; p++) {
        for (int64_t c = 0; c < channels; c++) gradient[p * w.channels + c] = 0.f;
      }
      float best[width];
      int32_t place[width];
      for (int64_t row = 0; row < w.outHeight; row++) {
        for (int64_t column = 0; column < w.outWidth; column++) {
          for (int64_t c = 0; c < channels; c++) {
            best[c] = -INFINITY;
            place[c] = -1;
          }
          eachCell(w, row, column, [&](int64_t i, int64_t j) {
            const int32_t cell = static_cast<int32_t>(i * w.inWidth + j);
            const float *__restrict values = image + cell * w.channels;
            for (int64_t c = 0; c < channels; c++) {
              const bool larger = values[c] > best[c];
              best[c] = larger ? values[c] : best[c];
              place[c] = larger ? cell : place[c];
            }
          });
          const float *slope = upstream + (row * w.outWidth + column) * w.channels;
          for (int64_t c = 0; c < channels; c++) {
            if (place[c] >= 0) gradient[place[c] * w.channels + c] += slope[c];
          }
        }
      }
    }
  });
}

static void avgPool(const float *x, float *y, const Window &w) {
  parallelFor(w.batch * w.outHeight, poolGrain(w), [=, &w](int64_t begin, int64_t end) {
    for (int64_t line = begin; line < end; line++) {
      const float *image = x + line / w.outHeight * w.inHeight * w.inWidth * w.channels;
      for (int64_t column = 0; column < w.outWidth; column++) {
        float *__restrict total = y + (line * w.outWidth + column) * w.channels;
        for (int64_t c = 0; c < w.channels; c++) total[c] = 0.f;
        int64_t cells = 0;
        eachCell(w, line % w.outHeight, column, [&](int64_t i, int64_t j) {
          const float *__restrict cell = image + (i * w.inWidth + j) * w.channels;
          for (int64_t c = 0; c < w.channels; c++) total[c] += cell[c];
          cells++;
        });
        const float count = static_cast<float>(cells);
        for (int64_t c = 0; c < w.channels; c++) total[c] /= count;
      }
    }
  });
}

// As tfjs has it, every cell of a window receives dy / (height * width), at the border too.
static void avgPoolGrad(const float *dy, float *dx, const Window &w) {
  const float share = 1.f / static_cast<float>(w.height * w.width);
  parallelFor(w.batch * w.inHeight, poolGrain(w), [=, &w](int64_t begin, int64_t end) {
    for (int64_t line = begin; line < end; line++) {
      const int64_t row = line % w.inHeight;
      const float *upstream = dy + line / w.inHeight * w.outHeight * w.outWidth * w.channels;
      float *to = dx + line * w.inWidth * w.channels;
      __builtin_memset(to, 0, sizeof(float) * w.inWidth * w.channels);
      for (int64_t i = 0; i < w.height; i++) {
        const int64_t above = row + w.top - i * w.dilationHeight;
        if (above < 0 || above % w.strideHeight != 0 || above / w.strideHeight >= w.outHeight) continue;
        for (int64_t column = 0; column < w.inWidth; column++) {
          for (int64_t j = 0; j < w.width; j++) {
            const int64_t before = column + w.left - j * w.dilationWidth;
            if (before < 0 || before % w.strideWidth != 0 || before / w.strideWidth >= w.outWidth) continue;
            const float *__restrict from =
                upstream + (above / w.strideHeight * w.outWidth + before / w.strideWidth) * w.channels;
            float *__restrict cell = to + column * w.channels;
            for (int64_t c = 0; c < w.channels; c++) cell[c] += from[c] * share;
          }
        }
      }
    }
  });
}
