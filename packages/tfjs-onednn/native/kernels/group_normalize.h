// Group normalisation, with a ReLU after it where that is asked for, and its gradients: a chapter of vector_kernels.h.
//
// Both ways read their images twice: once for sums per channel, once to map every pixel. Sums are taken over blocks that
// stay in the first cache, those of blocks are added in double precision.

static constexpr int64_t numbersOfBlock = 4096;

// Calls visit(first pixel, number of pixels) block by block.
template <typename Visit> static inline void eachBlock(int64_t begin, int64_t end, int64_t channels, const Visit &visit) {
  const int64_t block = std::max<int64_t>(8, numbersOfBlock / channels);
  for (int64_t from = begin; from < end; from += block) visit(from, std::min(block, end - from));
}

// Adds the sums of x and of x * x over pixels to sums [2][channels]; `spare` holds 3 * channels numbers. Sums about a
// block's approximate mean m are small, and so exact enough in floats: sum x = n m + r with r = sum (x - m), and
// sum x^2 = sum (x - m)^2 + m (2 r + n m).
static void addMoments(const float *x, int64_t begin, int64_t end, int64_t channels, double *sums, float *spare) {
  float *__restrict mean = spare;
  float *__restrict rests = spare + channels;
  float *__restrict squares = spare + 2 * channels;
  eachBlock(begin, end, channels, [=](int64_t from, int64_t count) {
    const float *__restrict block = x + from * channels;
    for (int64_t c = 0; c < channels; c++) mean[c] = rests[c] = squares[c] = 0.f;
    int64_t row = 0;
    for (; row + 4 <= count; row += 4) {
      const float *__restrict value = block + row * channels;
      for (int64_t c = 0; c < channels; c++) {
        mean[c] += (value[c] + value[c + channels]) + (value[c + 2 * channels] + value[c + 3 * channels]);
      }
    }
    for (; row < count; row++) {
      for (int64_t c = 0; c < channels; c++) mean[c] += block[row * channels + c];
    }
    const float share = 1.f / static_cast<float>(count);
    for (int64_t c = 0; c < channels; c++) mean[c] *= share;
    for (row = 0; row < count; row++) {
      const float *__restrict value = block + row * channels;
      for (int64_t c = 0; c < channels; c++) {
        const float rest = value[c] - mean[c];
        rests[c] += rest;
        squares[c] += rest * rest;
      }
    }
    const double n = static_cast<double>(count);
    for (int64_t c = 0; c < channels; c++) {
      const double m = mean[c], rest = rests[c];
      sums[c] += n * m + rest;
      sums[channels + c] += squares[c] + m * (2. * rest + n * m);
    }
  });
}

// What a channel's numbers are mapped with; each [channels].
struct ChannelMap {
  const float *centre, *factor, *shift;
};

// The slope dy of one number where it passes a ReLU after the normalisation.
template <bool relu>
static inline float passedSlope(float dy, float centred, float factor, float shift) {
  const float passed = centred * factor + shift > 0.f ? dy : 0.f;
  return relu ? passed : dy;
}

// One pixel of addSlopes. Rows are functions of their own, so that the compiler knows that their arrays are apart.
template <bool relu>
static inline void addSlopesOfRow(const float *__restrict dy, const float *__restrict x, const float *__restrict centre,
                                  const float *__restrict factor, const float *__restrict shift, int64_t channels,
                                  float *__restrict slopes, float *__restrict products) {
  for (int64_t c = 0; c < channels; c++) {
    const float centred = x[c] - centre[c];
    const float slope = passedSlope<relu>(dy[c], centred, factor[c], shift[c]);
    slopes[c] += slope;
    products[c] += slope * centred;
  }
}

// Adds the sums of dy and of dy * (x - centre) over pixels to sums [2][channels], of the pixels that a ReLU let through.
template <bool relu>
static void addSlopes(const float *dy, const float *x, const ChannelMap &map, int64_t begin, int64_t end, int64_t channels,
                      double *sums, float *spare) {
  float *slopes = spare, *products = spare + channels;
  eachBlock(begin, end, channels, [=, &map](int64_t from, int64_t count) {
    std::fill(slopes, slopes + 2 * channels, 0.f);
    for (int64_t pixel = from; pixel < from + count; pixel++) {
      addSlopesOfRow<relu>(dy + pixel * channels, x + pixel * channels, map.centre, map.factor, map.shift, channels, slopes,
                           products);
    }
    for (int64_t c = 0; c < channels; c++) {
      sums[c] += slopes[c];
      sums[channels + c] += products[c];
    }
  });
}

// y = (x - centre) * factor + shift, for one pixel.
template <bool relu>
static inline void normalizeRow(const float *__restrict x, const float *__restrict centre, const float *__restrict factor,
                                const float *__restrict shift, int64_t channels, float *__restrict y) {
  for (int64_t c = 0; c < channels; c++) {
    const float normalized = (x[c] - centre[c]) * factor[c] + shift[c];
    y[c] = relu && normalized < 0.f ? 0.f : normalized;
  }
}

// dx = dy * factor + (x - centre) * ofValue + constant, for one pixel; dy where a ReLU let it through.
template <bool relu>
static inline void slopeRow(const float *__restrict dy, const float *__restrict x, const float *__restrict centre,
                            const float *__restrict factor, const float *__restrict shift,
                            const float *__restrict ofValue, const float *__restrict constant, int64_t channels,
                            float *__restrict dx) {
  for (int64_t c = 0; c < channels; c++) {
    const float centred = x[c] - centre[c];
    const float slope = passedSlope<relu>(dy[c], centred, factor[c], shift[c]);
    dx[c] = slope * factor[c] + (centred * ofValue[c] + constant[c]);
  }
}

// How the images are shared among threads: many by whole images, few by the pixels of each.
struct Division {
  int64_t slots;
  bool byImages;
};

static Division divisionOf(const GroupNorm &g) {
  const bool small = g.images * g.pixels * g.channels < grainOfBytes / 8;
  const int64_t threads = small ? 1 : threadCount();
  return {threads, threads == 1 || g.images >= threads};
}

// Runs image(index, slot) for all images in parallel, or one after another with its own parallel parts.
template <typename Image> static void eachImage(const GroupNorm &g, const Division &division, const Image &image) {
  if (!division.byImages) {
    for (int64_t index = 0; index < g.images; index++) image(index, 0);
    return;
  }
  parallelFor(division.slots, 1, [&](int64_t begin, int64_t end) {
    for (int64_t slot = begin; slot < end; slot++) {
      const int64_t last = g.images * (slot + 1) / division.slots;
      for (int64_t index = g.images * slot / division.slots; index < last; index++) image(index, slot);
    }
  });
}

// Runs part(begin, end, slot) over the pixels of one image: at once where images are shared out, else in parallel.
template <typename Part>
static void eachPart(const GroupNorm &g, const Division &division, int64_t slot, const Part &part) {
  if (division.byImages) return part(0, g.pixels, slot);
  parallelFor(division.slots, 1, [&](int64_t begin, int64_t end) {
    for (int64_t s = begin; s < end; s++) part(g.pixels * s / division.slots, g.pixels * (s + 1) / division.slots, s);
  });
}

// The memory of all slots: sums [2][channels] and six rows of floats each.
struct Workspace {
  int64_t channels;
  std::vector<double> sums;
  std::vector<float> rows;
  Workspace(int64_t slots, int64_t channels) : channels(channels), sums(slots * 2 * channels), rows(slots * 6 * channels) {}
  double *sumsOf(int64_t slot) { return sums.data() + slot * 2 * channels; }
  float *rowsOf(int64_t slot) { return rows.data() + slot * 6 * channels; }

  // Zeroes the sums of one slot, or of all of them.
  void clear(const Division &division, int64_t slot) {
    double *from = division.byImages ? sumsOf(slot) : sums.data();
    std::fill(from, from + 2 * channels * (division.byImages ? 1 : division.slots), 0.);
  }

  // The sums of one image: those of its slot, or of all slots, which are gathered in the first.
  const double *gathered(const Division &division, int64_t slot) {
    if (division.byImages) return sumsOf(slot);
    for (int64_t s = 1; s < division.slots; s++) {
      for (int64_t i = 0; i < 2 * channels; i++) sums[i] += sums[s * 2 * channels + i];
    }
    return sums.data();
  }
};

template <bool relu>
static void groupNormalizeBy(const float *x, const float *scale, const float *shift, float *y, float *mean, float *rstd,
                             const GroupNorm &g) {
  const Division division = divisionOf(g);
  Workspace work(division.slots, g.channels);
  const int64_t width = g.channels / g.groups;
  const double share = 1. / static_cast<double>(width * g.pixels);
  eachImage(g, division, [&](int64_t image, int64_t slot) {
    const float *from = x + image * g.pixels * g.channels;
    float *to = y + image * g.pixels * g.channels;
    work.clear(division, slot);
    eachPart(g, division, slot, [&](int64_t begin, int64_t end, int64_t s) {
      addMoments(from, begin, end, g.channels, work.sumsOf(s), work.rowsOf(s));
    });
    const double *sums = work.gathered(division, slot);
    float *__restrict centre = work.rowsOf(slot) + 3 * g.channels;
    float *__restrict factor = centre + g.channels;
    for (int64_t group = 0; group < g.groups; group++) {
      double sum = 0, squares = 0;
      for (int64_t c = group * width; c < (group + 1) * width; c++) {
        sum += sums[c];
        squares += sums[g.channels + c];
      }
      const double middle = sum * share;
      // In this order NaN stays NaN.
      const double variance = std::max(squares * share - middle * middle, 0.);
      const int64_t at = image * g.groups + group;
      mean[at] = static_cast<float>(middle);
      rstd[at] = static_cast<float>(1. / std::sqrt(variance + g.epsilon));
      for (int64_t c = group * width; c < (group + 1) * width; c++) {
        centre[c] = mean[at];
        factor[c] = rstd[at] * scale[c];
      }
    }
    eachPart(g, division, slot, [&](int64_t begin, int64_t end, int64_t) {
      for (int64_t pixel = begin; pixel < end; pixel++) {
        normalizeRow<relu>(from + pixel * g.channels, centre, factor, shift, g.channels, to + pixel * g.channels);
      }
    });
  });
}

static void groupNormalize(const float *x, const float *scale, const float *shift, float *y, float *mean, float *rstd,
                           const GroupNorm &g) {
  return (g.relu ? groupNormalizeBy<true> : groupNormalizeBy<false>)(x, scale, shift, y, mean, rstd, g);
}

// With d = dy where a ReLU let the pixel through, n = (x - mean) * rstd and m the mean over a group:
// dx = rstd * (scale * d - m(scale * d) - n * m(scale * d * n)), dscale = sum of d * n, dshift = sum of d.
template <bool relu>
static void groupNormalizeGradBy(const float *dy, const float *x, const float *scale, const float *shift,
                                 const float *mean, const float *rstd, float *dx, float *dscale, float *dshift,
                                 const GroupNorm &g) {
  const Division division = divisionOf(g);
  Workspace work(division.slots, g.channels), totals(division.slots, g.channels);
  const int64_t width = g.channels / g.groups;
  const double share = 1. / static_cast<double>(width * g.pixels);
  eachImage(g, division, [&](int64_t image, int64_t slot) {
    const int64_t offset = image * g.pixels * g.channels;
    const float *upstream = dy + offset, *from = x + offset;
    float *to = dx + offset;
    float *__restrict centre = work.rowsOf(slot) + 2 * g.channels;
    float *__restrict ofSlope = centre + g.channels;
    float *__restrict ofValue = ofSlope + g.channels;
    float *__restrict constant = ofValue + g.channels;
    const float *means = mean + image * g.groups, *rstds = rstd + image * g.groups;
    for (int64_t c = 0; c < g.channels; c++) {
      centre[c] = means[c / width];
      ofSlope[c] = rstds[c / width] * scale[c];
    }
    work.clear(division, slot);
    eachPart(g, division, slot, [&](int64_t begin, int64_t end, int64_t s) {
      addSlopes<relu>(upstream, from, {centre, ofSlope, shift}, begin, end, g.channels, work.sumsOf(s), work.rowsOf(s));
    });
    const double *sums = work.gathered(division, slot);
    double *total = totals.sumsOf(slot);
    for (int64_t group = 0; group < g.groups; group++) {
      double slopes = 0, products = 0;
      for (int64_t c = group * width; c < (group + 1) * width; c++) {
        const double product = sums[g.channels + c] * rstds[group];
        slopes += sums[c] * scale[c];
        products += product * scale[c];
        total[c] += product;
        total[g.channels + c] += sums[c];
      }
      const double r = rstds[group];
      for (int64_t c = group * width; c < (group + 1) * width; c++) {
        ofValue[c] = static_cast<float>(-r * r * products * share);
        constant[c] = static_cast<float>(-r * slopes * share);
      }
    }
    eachPart(g, division, slot, [&](int64_t begin, int64_t end, int64_t) {
      for (int64_t pixel = begin; pixel < end; pixel++) {
        const int64_t at = pixel * g.channels;
        slopeRow<relu>(upstream + at, from + at, centre, ofSlope, shift, ofValue, constant, g.channels, to + at);
      }
    });
  });
  for (int64_t c = 0; c < g.channels; c++) {
    double scales = 0, shifts = 0;
    for (int64_t slot = 0; slot < division.slots; slot++) {
      scales += totals.sumsOf(slot)[c];
      shifts += totals.sumsOf(slot)[g.channels + c];
    }
    dscale[c] = static_cast<float>(scales);
    dshift[c] = static_cast<float>(shifts);
  }
}

static void groupNormalizeGrad(const float *dy, const float *x, const float *scale, const float *shift,
                               const float *mean, const float *rstd, float *dx, float *dscale, float *dshift,
                               const GroupNorm &g) {
  return (g.relu ? groupNormalizeGradBy<true> : groupNormalizeGradBy<false>)(dy, x, scale, shift, mean, rstd, dx, dscale,
                                                                            dshift, g);
}
