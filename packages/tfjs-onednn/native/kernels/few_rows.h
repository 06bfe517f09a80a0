// Products of matrices with few rows: a chapter of vector_kernels.h.

static void fewRows(const float *a, const float *b, float *y, int64_t m, int64_t n, int64_t k) {
  const int64_t parts = m * n * k > (1 << 17) ? std::max<int64_t>(1, std::min<int64_t>(threadCount(), k / 64)) : 1;
  std::vector<float> partial(parts > 1 ? parts * m * n : 0);
  parallelFor(parts, 1, [&](int64_t begin, int64_t end) {
    for (int64_t part = begin; part < end; part++) {
      float *target = parts > 1 ? partial.data() + part * m * n : y;
      __builtin_memset(target, 0, sizeof(float) * m * n);
      const int64_t last = k * (part + 1) / parts;
      int64_t row = k * part / parts;
      for (; row + 4 <= last; row += 4) {
        const float *__restrict b0 = b + row * n;
        const float *__restrict b1 = b0 + n;
        const float *__restrict b2 = b1 + n;
        const float *__restrict b3 = b2 + n;
        for (int64_t i = 0; i < m; i++) {
          const float *factor = a + i * k + row;
          const float f0 = factor[0], f1 = factor[1], f2 = factor[2], f3 = factor[3];
          float *__restrict to = target + i * n;
          for (int64_t j = 0; j < n; j++) to[j] += (f0 * b0[j] + f1 * b1[j]) + (f2 * b2[j] + f3 * b3[j]);
        }
      }
      for (; row < last; row++) {
        const float *__restrict values = b + row * n;
        for (int64_t i = 0; i < m; i++) {
          const float factor = a[i * k + row];
          float *__restrict to = target + i * n;
          for (int64_t j = 0; j < n; j++) to[j] += factor * values[j];
        }
      }
    }
  });
  if (parts > 1) joinRows<SumReduction>(partial.data(), y, 0, parts, m * n, m * n);
}
