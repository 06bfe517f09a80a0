// Moves a convolution's kernel between tfjs's layout and the tiles in which oneDNN's convolutions read it, at the speed
// of memory; oneDNN's own reorder takes several times as long. Included once per instruction set, as vector_kernels.h is.

typedef float FourFloats __attribute__((vector_size(16), aligned(4)));
#ifdef __clang__
#define SHUFFLE(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#else
typedef int32_t FourPlaces __attribute__((vector_size(16)));
#define SHUFFLE(a, b, ...) __builtin_shuffle(a, b, FourPlaces{__VA_ARGS__})
#endif

// to[column * toStep + row] = from[row * fromStep + column] for four rows and columns.
static inline void turnFour(const float *from, int64_t fromStep, float *to, int64_t toStep) {
  FourFloats row[4], mixed[4];
  for (int i = 0; i < 4; i++) __builtin_memcpy(&row[i], from + i * fromStep, 16);
  mixed[0] = SHUFFLE(row[0], row[1], 0, 4, 1, 5);
  mixed[1] = SHUFFLE(row[2], row[3], 0, 4, 1, 5);
  mixed[2] = SHUFFLE(row[0], row[1], 2, 6, 3, 7);
  mixed[3] = SHUFFLE(row[2], row[3], 2, 6, 3, 7);
  row[0] = SHUFFLE(mixed[0], mixed[1], 0, 1, 4, 5);
  row[1] = SHUFFLE(mixed[0], mixed[1], 2, 3, 6, 7);
  row[2] = SHUFFLE(mixed[2], mixed[3], 0, 1, 4, 5);
  row[3] = SHUFFLE(mixed[2], mixed[3], 2, 3, 6, 7);
  for (int i = 0; i < 4; i++) __builtin_memcpy(to + i * toStep, &row[i], 16);
}
#undef SHUFFLE

// Calls each(plain, tile, rows, columns) for every tile: where it begins on both sides, and how much of it there is.
// Tiles that follow one another in memory come one after another.
template <typename Each> static void eachTile(float *plain, float *tiles, const KernelTiles &t, const Each &each) {
  const int64_t inTiles = (t.in + t.inTile - 1) / t.inTile, outTiles = (t.out + t.outTile - 1) / t.outTile;
  const int64_t grain = std::max<int64_t>(1, grainOfBytes / (t.out * t.inTile * 4));
  parallelFor(t.taps * inTiles, grain, [&](int64_t begin, int64_t end) {
    for (int64_t at = begin; at < end; at++) {
      const int64_t tap = t.inTile > 1 ? at % t.taps : at / inTiles, i = t.inTile > 1 ? at / t.taps : at % inTiles;
      float *from = plain + (tap * t.in + i * t.inTile) * t.out;
      float *tile = tiles + tap * t.tapStride + i * t.inStride;
      for (int64_t o = 0; o < outTiles; o++, tile += t.outStride, from += t.outTile) {
        each(from, tile, std::min(t.inTile, t.in - i * t.inTile), std::min(t.outTile, t.out - o * t.outTile));
      }
    }
  });
}

static void packKernel(const float *plain, float *tiles, const KernelTiles &t) {
  eachTile(const_cast<float *>(plain), tiles, t, [&](const float *from, float *tile, int64_t rows, int64_t columns) {
    if (rows < t.inTile || columns < t.outTile) __builtin_memset(tile, 0, sizeof(float) * t.inTile * t.outTile);
    if (t.outInnermost) {
      for (int64_t row = 0; row < rows; row++) {
        const float *__restrict values = from + row * t.out;
        float *__restrict to = tile + row * t.outTile;
        for (int64_t column = 0; column < columns; column++) to[column] = values[column];
      }
      return;
    }
    const int64_t wholeRows = rows / 4 * 4, wholeColumns = columns / 4 * 4;
    for (int64_t row = 0; row < wholeRows; row += 4) {
      for (int64_t column = 0; column < wholeColumns; column += 4) {
        turnFour(from + row * t.out + column, t.out, tile + column * t.inTile + row, t.inTile);
      }
    }
    for (int64_t row = 0; row < rows; row++) {
      for (int64_t column = row < wholeRows ? wholeColumns : 0; column < columns; column++) {
        tile[column * t.inTile + row] = from[row * t.out + column];
      }
    }
  });
}

static void unpackKernel(const float *tiles, float *plain, const KernelTiles &t) {
  eachTile(plain, const_cast<float *>(tiles), t, [&](float *to, const float *tile, int64_t rows, int64_t columns) {
    for (int64_t row = 0; row < rows; row++) {
      const float *__restrict values = tile + row * t.outTile;
      float *__restrict target = to + row * t.out;
      for (int64_t column = 0; column < columns; column++) target[column] = values[column];
    }
  });
}
