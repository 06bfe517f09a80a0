// Between the types of numbers: a chapter of vector_kernels.h.

// ECMAScript's ToInt32: fractions are cut off, numbers beyond 32 bits wrap around, NaN and infinities give 0.
static inline int32_t toInt32(float x) {
  if (std::fabs(x) < 2147483648.f) return static_cast<int32_t>(x);
  if (!(std::fabs(x) < INFINITY)) return 0;
  return static_cast<int32_t>(static_cast<uint32_t>(static_cast<int64_t>(std::fmod(static_cast<double>(x), 4294967296.))));
}

template <typename From, typename To> static void castLoop(const From *x, To *y, int64_t count) {
  parallelFor(count, grainOfBytes / 8, [=](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) {
      if constexpr (std::is_same<To, uint8_t>::value) y[i] = x[i] != 0 ? 1 : 0;
      else if constexpr (std::is_same<To, int32_t>::value && std::is_same<From, float>::value) y[i] = toInt32(x[i]);
      else y[i] = static_cast<To>(x[i]);
    }
  });
}

template <typename From> static void castFrom(const From *x, ElementType to, void *y, int64_t count) {
  switch (to) {
  case ElementType::float32:
    return castLoop(x, static_cast<float *>(y), count);
  case ElementType::int32:
    return castLoop(x, static_cast<int32_t *>(y), count);
  case ElementType::boolean:
    return castLoop(x, static_cast<uint8_t *>(y), count);
  }
}

static void cast(ElementType from, const void *x, ElementType to, void *y, int64_t count) {
  switch (from) {
  case ElementType::float32:
    return castFrom(static_cast<const float *>(x), to, y, count);
  case ElementType::int32:
    return castFrom(static_cast<const int32_t *>(x), to, y, count);
  case ElementType::boolean:
    return castFrom(static_cast<const uint8_t *>(x), to, y, count);
  }
}

// A bf16 is the upper half of a float; not a number stays one.
static inline uint16_t bf16Of(float x) {
  const uint32_t bits = static_cast<uint32_t>(asBits(x));
  const uint32_t rounded = bits + 0x7fffu + ((bits >> 16) & 1u);
  return static_cast<uint16_t>((x != x ? bits | 0x400000u : rounded) >> 16);
}

static void roundToBf16(const float *x, uint16_t *y, int64_t count) {
  parallelFor(count, grainOfBytes / 6, [=](int64_t begin, int64_t end) {
    const float *__restrict from = x;
    uint16_t *__restrict to = y;
    for (int64_t i = begin; i < end; i++) to[i] = bf16Of(from[i]);
  });
}
