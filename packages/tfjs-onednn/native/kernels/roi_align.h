// RoIAlign and its gradient: a chapter of vector_kernels.h.

// The cells around a place along one axis; `share` is that of the cell after it.
struct Neighbours {
  int64_t before, after;
  float share;
};

static inline Neighbours neighboursOf(double place, int64_t length) {
  const int64_t before = std::min(static_cast<int64_t>(place), length - 1);
  return {before, std::min(before + 1, length - 1), static_cast<float>(place - static_cast<double>(before))};
}

// Calls visit(row, column) for the samples of one cell of one box that lie on the map.
template <typename Visit>
static inline void eachSample(const RoiAlign &r, const RoiLevel &level, int64_t box, int64_t cellRow, int64_t cellColumn,
                              const Visit &visit) {
  const double *rows = r.rows + (box * r.side + cellRow) * r.samples;
  const double *columns = r.columns + (box * r.side + cellColumn) * r.samples;
  for (int64_t i = 0; i < r.samples; i++) {
    if (!(rows[i] >= 0. && rows[i] < static_cast<double>(level.height))) continue;
    const Neighbours row = neighboursOf(rows[i], level.height);
    for (int64_t j = 0; j < r.samples; j++) {
      if (!(columns[j] >= 0. && columns[j] < static_cast<double>(level.width))) continue;
      visit(row, neighboursOf(columns[j], level.width));
    }
  }
}

static void roiAlign(const RoiAlign &r, float *y) {
  const int64_t lines = r.boxes * r.side;
  const float share = 1.f / static_cast<float>(r.samples * r.samples);
  const int64_t grain = std::max<int64_t>(1, grainOfBytes / 64 / std::max<int64_t>(1, r.side * r.channels));
  parallelFor(lines, grain, [=, &r](int64_t begin, int64_t end) {
    for (int64_t line = begin; line < end; line++) {
      const int64_t box = line / r.side;
      const RoiLevel &level = r.levels[r.levelOfBox[box]];
      for (int64_t column = 0; column < r.side; column++) {
        float *__restrict cell = y + (line * r.side + column) * r.channels;
        for (int64_t c = 0; c < r.channels; c++) cell[c] = 0.f;
        eachSample(r, level, box, line % r.side, column, [&](const Neighbours &row, const Neighbours &across) {
          const float *top = level.map + row.before * level.width * r.channels;
          const float *bottom = level.map + row.after * level.width * r.channels;
          const float *__restrict topLeft = top + across.before * r.channels;
          const float *__restrict topRight = top + across.after * r.channels;
          const float *__restrict bottomLeft = bottom + across.before * r.channels;
          const float *__restrict bottomRight = bottom + across.after * r.channels;
          const float upper = (1.f - row.share) * share, lower = row.share * share;
          const float w00 = upper * (1.f - across.share), w01 = upper * across.share;
          const float w10 = lower * (1.f - across.share), w11 = lower * across.share;
          for (int64_t c = 0; c < r.channels; c++) {
            cell[c] += (w00 * topLeft[c] + w01 * topRight[c]) + (w10 * bottomLeft[c] + w11 * bottomRight[c]);
          }
        });
      }
    }
  });
}

// Threads share out the channels, so that no two write to one number, and sums do not depend on how many there are.
static void roiAlignGrad(const RoiAlign &r, const float *dy) {
  constexpr int64_t width = 16; // channels at a time
  const float share = 1.f / static_cast<float>(r.samples * r.samples);
  const int64_t work = r.boxes * r.side * r.side * r.samples * r.samples * r.channels;
  const int64_t slices = (r.channels + width - 1) / width;
  parallelFor(slices, work * 16 < grainOfBytes ? slices : 1, [=, &r](int64_t begin, int64_t end) {
    const int64_t first = begin * width, count = std::min(end * width, r.channels) - first;
    for (int64_t l = 0; l < r.levelCount; l++) {
      const RoiLevel &level = r.levels[l];
      for (int64_t pixel = 0; pixel < level.height * level.width; pixel++) {
        float *__restrict to = level.gradient + pixel * r.channels + first;
        for (int64_t c = 0; c < count; c++) to[c] = 0.f;
      }
    }
    for (int64_t box = 0; box < r.boxes; box++) {
      const RoiLevel &level = r.levels[r.levelOfBox[box]];
      for (int64_t cell = 0; cell < r.side * r.side; cell++) {
        const float *__restrict slope = dy + (box * r.side * r.side + cell) * r.channels + first;
        eachSample(r, level, box, cell / r.side, cell % r.side, [&](const Neighbours &row, const Neighbours &across) {
          const float upper = (1.f - row.share) * share, lower = row.share * share;
          const auto add = [&](int64_t i, int64_t j, float weight) {
            float *__restrict to = level.gradient + (i * level.width + j) * r.channels + first;
            for (int64_t c = 0; c < count; c++) to[c] += weight * slope[c];
          };
          add(row.before, across.before, upper * (1.f - across.share));
          add(row.before, across.after, upper * across.share);
          add(row.after, across.before, lower * (1.f - across.share));
          add(row.after, across.after, lower * across.share);
        });
      }
    }
  });
}
