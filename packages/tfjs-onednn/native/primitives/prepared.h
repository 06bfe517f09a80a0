// Primitives that are made once per shape and run many times.
#pragma once
#include <cstring>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "kernels/kernels.h"
#include "primitives/onednn.h"
#include "memory/workspace.h"

namespace tfjs_onednn {

// A primitive with its memory objects. Operands lie outside as dense float32; where the primitive wants another layout or
// type, a workspace holds its copy.
class Prepared {
public:
  void declare(dnnl::primitive primitive, const memory::desc &scratchpad);
  // An operand that the primitive reads, or writes, as `wanted`, and that lies outside as `plain`.
  void reads(int argument, const memory::desc &wanted, const memory::desc &plain, Workspace &place);
  void writes(int argument, const memory::desc &wanted, const memory::desc &plain, Workspace &place);
  // Moves this operand by our own code instead of oneDNN's reorder.
  void moveAsTiles(int argument, const KernelTiles &tiles);

  void read(int argument, const void *data);
  // Runs the primitive on what was read before.
  void runInto(int argument, float *result);

private:
  struct Operand {
    memory inside;
    Workspace *place = nullptr; // null where the layouts agree: the primitive works on the memory outside
    memory outside;
    dnnl::reorder reorder;
    std::optional<KernelTiles> tiles;
  };
  Operand &bind(int argument, const void *data);

  dnnl::primitive primitive_;
  std::unordered_map<int, Operand> operands_;
  memory scratchpad_;
};

// What a shape, a kind of primitive and its attributes have in common; equal keys mean equal primitives.
template <typename Shape> std::string keyOf(char kind, const Shape &shape, Precision precision, int flags, float alpha) {
  std::string key(2 + sizeof(Shape) + sizeof(int) + sizeof(float), '\0');
  key[0] = kind;
  key[1] = static_cast<char>(precision);
  std::memcpy(&key[2], &shape, sizeof(Shape));
  std::memcpy(&key[2 + sizeof(Shape)], &flags, sizeof(int));
  std::memcpy(&key[2 + sizeof(Shape) + sizeof(int)], &alpha, sizeof(float));
  return key;
}

// The primitive of this key, made when it is first asked for; the least recently used of many is dropped.
Prepared &prepared(const std::string &key, const std::function<void(Prepared &)> &make);

} // namespace tfjs_onednn
