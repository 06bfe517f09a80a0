// Stochastic gradient descent with momentum: a chapter of vector_kernels.h.

// Numbers that are computed before they are written, few enough to stay in the nearest cache.
static constexpr int64_t descentBlock = 512;
// Tensors of this many numbers and more are written past the caches: nobody reads them before the next step, and a cache
// would first fetch the memory that is about to be overwritten.
static constexpr int64_t writtenPastCaches = 1 << 18;

template <typename T> static inline void writePastCaches(const T *from, T *to, int64_t count) {
#ifdef TFJS_ONEDNN_X86
  constexpr int64_t perStore = 16 / sizeof(T);
  if (reinterpret_cast<uintptr_t>(to) % 16 == 0 && count % perStore == 0) {
    for (int64_t i = 0; i < count; i += perStore) {
      __m128 values;
      __builtin_memcpy(&values, from + i, 16);
      _mm_stream_ps(reinterpret_cast<float *>(to + i), values);
    }
    return;
  }
#endif
  __builtin_memcpy(to, from, count * sizeof(T));
}

// v' = momentum * v + (scale * g + decay * p), p' = p - rate * v'; `rounded`, where there is one, is p' as bf16 numbers.
static void sgd(const float *parameter, const float *velocity, const float *gradient, float *newParameter,
                float *newVelocity, uint16_t *rounded, int64_t count, const Descent &d) {
  parallelFor(count, grainOfBytes / 20, [=, &d](int64_t begin, int64_t end) {
    const float momentum = d.momentum, decay = d.decay, rate = d.rate, scale = d.gradientScale;
    alignas(64) float nextV[descentBlock], nextP[descentBlock];
    alignas(64) uint16_t nextRounded[descentBlock];
    for (int64_t at = begin; at < end; at += descentBlock) {
      const int64_t size = std::min(descentBlock, end - at);
      const float *__restrict p = parameter + at;
      const float *__restrict v = velocity + at;
      const float *__restrict g = gradient + at;
      for (int64_t i = 0; i < size; i++) {
        const float next = momentum * v[i] + (scale * g[i] + decay * p[i]);
        nextV[i] = next;
        nextP[i] = p[i] - rate * next;
      }
      if (rounded != nullptr) {
        for (int64_t i = 0; i < size; i++) nextRounded[i] = bf16Of(nextP[i]);
      }
      if (count >= writtenPastCaches) {
        writePastCaches(nextV, newVelocity + at, size);
        writePastCaches(nextP, newParameter + at, size);
        if (rounded != nullptr) writePastCaches(nextRounded, rounded + at, size);
      } else {
        __builtin_memcpy(newVelocity + at, nextV, size * sizeof(float));
        __builtin_memcpy(newParameter + at, nextP, size * sizeof(float));
        if (rounded != nullptr) __builtin_memcpy(rounded + at, nextRounded, size * sizeof(uint16_t));
      }
    }
#ifdef TFJS_ONEDNN_X86
    _mm_sfence();
#endif
  });
}
