#include "primitives/prepared.h"
#include <list>

namespace tfjs_onednn {
namespace {

constexpr size_t cacheCapacity = 1024;
thread_local Workspace scratchpad;

class Cache {
public:
  Prepared &get(const std::string &key, const std::function<void(Prepared &)> &make) {
    const auto found = index_.find(key);
    if (found != index_.end()) {
      order_.splice(order_.begin(), order_, found->second);
      return *found->second->second;
    }
    auto made = std::make_unique<Prepared>();
    make(*made);
    order_.emplace_front(key, std::move(made));
    index_[key] = order_.begin();
    if (order_.size() > cacheCapacity) {
      index_.erase(order_.back().first);
      order_.pop_back();
    }
    return *order_.front().second;
  }
  size_t size() const { return order_.size(); }

private:
  std::list<std::pair<std::string, std::unique_ptr<Prepared>>> order_;
  std::unordered_map<std::string, decltype(order_)::iterator> index_;
};

thread_local Cache cache;

} // namespace

void Prepared::declare(dnnl::primitive primitive, const memory::desc &scratchpad) {
  primitive_ = std::move(primitive);
  scratchpad_ = unbound(scratchpad);
}

void Prepared::reads(int argument, const memory::desc &wanted, const memory::desc &plain, Workspace &place) {
  Operand &operand = operands_[argument];
  operand.inside = unbound(wanted);
  if (wanted == plain) return;
  operand.place = &place;
  operand.outside = unbound(plain);
  operand.reorder = dnnl::reorder(dnnl::reorder::primitive_desc(cpu(), plain, cpu(), wanted));
}

void Prepared::writes(int argument, const memory::desc &wanted, const memory::desc &plain, Workspace &place) {
  Operand &operand = operands_[argument];
  operand.inside = unbound(wanted);
  if (wanted == plain) return;
  operand.place = &place;
  operand.outside = unbound(plain);
  operand.reorder = dnnl::reorder(dnnl::reorder::primitive_desc(cpu(), wanted, cpu(), plain));
}

void Prepared::moveAsTiles(int argument, const KernelTiles &tiles) { operands_.at(argument).tiles = tiles; }

Prepared::Operand &Prepared::bind(int argument, const void *data) {
  Operand &operand = operands_.at(argument);
  void *outside = const_cast<void *>(data);
  if (operand.place == nullptr) {
    operand.inside.set_data_handle(outside);
    return operand;
  }
  operand.inside.set_data_handle(operand.place->request(operand.inside.get_desc().get_size()));
  operand.outside.set_data_handle(outside);
  return operand;
}

void Prepared::read(int argument, const void *data) {
  Operand &operand = bind(argument, data);
  if (operand.place == nullptr) return;
  if (operand.tiles) return kernels().packKernel(static_cast<const float *>(data), static_cast<float *>(operand.inside.get_data_handle()), *operand.tiles);
  operand.reorder.execute(stream(), {{DNNL_ARG_FROM, operand.outside}, {DNNL_ARG_TO, operand.inside}});
}

void Prepared::runInto(int argument, float *result) {
  Operand &operand = bind(argument, result);
  std::unordered_map<int, memory> arguments;
  for (const auto &[name, each] : operands_) arguments.emplace(name, each.inside);
  const size_t bytes = scratchpad_.get_desc().get_size();
  scratchpad_.set_data_handle(bytes > 0 ? scratchpad.request(bytes) : nullptr);
  arguments.emplace(DNNL_ARG_SCRATCHPAD, scratchpad_);
  primitive_.execute(stream(), arguments);
  stream().wait();
  if (operand.place == nullptr) return;
  if (operand.tiles) {
    return kernels().unpackKernel(static_cast<float *>(operand.inside.get_data_handle()), result, *operand.tiles);
  }
  operand.reorder.execute(stream(), {{DNNL_ARG_FROM, operand.inside}, {DNNL_ARG_TO, operand.outside}});
  stream().wait();
}

Prepared &prepared(const std::string &key, const std::function<void(Prepared &)> &make) { return cache.get(key, make); }

int64_t cachedPrimitives() { return static_cast<int64_t>(cache.size()); }

} // namespace tfjs_onednn
