// A convolution as a product of matrices: the patch of the image under each output pixel is one row, [height, width,
// channels] numbers. Included once per instruction set, as vector_kernels.h is.

static void gatherPatches(const float *x, float *patches, const Window &w) {
  const int64_t patch = w.height * w.width * w.channels, rows = w.batch * w.outHeight * w.outWidth;
  parallelFor(rows, std::max<int64_t>(1, grainOfBytes / (patch * 4)), [&](int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end; row++) {
      const int64_t image = row / (w.outHeight * w.outWidth);
      const int64_t top = row / w.outWidth % w.outHeight * w.strideHeight - w.top;
      const int64_t left = row % w.outWidth * w.strideWidth - w.left;
      float *to = patches + row * patch;
      for (int64_t tap = 0; tap < w.height * w.width; tap++, to += w.channels) {
        const int64_t i = top + tap / w.width * w.dilationHeight, j = left + tap % w.width * w.dilationWidth;
        const bool inside = i >= 0 && i < w.inHeight && j >= 0 && j < w.inWidth;
        if (inside) __builtin_memcpy(to, x + ((image * w.inHeight + i) * w.inWidth + j) * w.channels, 4 * w.channels);
        else __builtin_memset(to, 0, 4 * w.channels);
      }
    }
  });
}

// The output position from which a tap reaches an input position, or -1.
static inline int64_t reachedFrom(int64_t position, int64_t step, int64_t count) {
  return position < 0 || position % step != 0 || position / step >= count ? -1 : position / step;
}

// dx = the sum of the patches' numbers that each pixel went to.
static void sumPatches(const float *patches, float *dx, const Window &w) {
  const int64_t taps = w.height * w.width, pixels = w.batch * w.inHeight * w.inWidth;
  const int64_t grain = std::max<int64_t>(1, grainOfBytes / (taps * w.channels * 4));
  parallelFor(pixels, grain, [&](int64_t begin, int64_t end) {
    for (int64_t pixel = begin; pixel < end; pixel++) {
      const int64_t image = pixel / (w.inHeight * w.inWidth);
      const int64_t i = pixel / w.inWidth % w.inHeight, j = pixel % w.inWidth;
      float *__restrict to = dx + pixel * w.channels;
      __builtin_memset(to, 0, 4 * w.channels);
      for (int64_t tap = 0; tap < taps; tap++) {
        const int64_t row = reachedFrom(i + w.top - tap / w.width * w.dilationHeight, w.strideHeight, w.outHeight);
        const int64_t column = reachedFrom(j + w.left - tap % w.width * w.dilationWidth, w.strideWidth, w.outWidth);
        if (row < 0 || column < 0) continue;
        const float *__restrict from =
            patches + (((image * w.outHeight + row) * w.outWidth + column) * taps + tap) * w.channels;
        for (int64_t c = 0; c < w.channels; c++) to[c] += from[c];
      }
    }
  });
}
