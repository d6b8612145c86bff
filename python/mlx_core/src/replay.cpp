#include "replay.h"

#include <unordered_map>
#include <unordered_set>

#include "mlx/primitives.h"

namespace binding {
namespace {

// Operations in an order in which each comes after those it needs.
class Walk {
 public:
  Walk(const std::vector<mx::array>& inputs, const std::vector<mx::array>& outputs) {
    for (auto& input : inputs) {
      seen_.insert(input.id());
      varying_.insert(input.id());
    }
    for (auto& output : outputs) {
      visit(output);
    }
  }

  const std::vector<mx::array>& operations() const {
    return operations_;
  }

  // Whether a value depends on the inputs.
  bool varies(const mx::array& value) const {
    return varying_.contains(value.id());
  }

 private:
  // Graphs are deeper than the stack allows.
  void visit(const mx::array& root) {
    std::vector<std::pair<mx::array, size_t>> pending{{root, 0}};
    while (!pending.empty()) {
      auto& [node, next] = pending.back();
      if (next == 0 && !seen_.insert(node.id()).second) {
        pending.pop_back();
        continue;
      }
      auto count = node.has_primitive() ? node.inputs().size() : 0;
      if (next < count) {
        auto input = node.inputs()[next++];
        pending.push_back({std::move(input), 0});
        continue;
      }
      auto done = node;
      pending.pop_back();
      if (done.has_primitive()) {
        finish(done);
      }
    }
  }

  void finish(const mx::array& node) {
    operations_.push_back(node);
    bool depends = false;
    for (auto& input : node.inputs()) {
      depends = depends || varies(input);
    }
    for (auto& output : node.outputs()) {
      seen_.insert(output.id());
      if (depends) {
        varying_.insert(output.id());
      }
    }
  }

  std::unordered_set<std::uintptr_t> seen_;
  std::unordered_set<std::uintptr_t> varying_;
  std::vector<mx::array> operations_;
};

}  // namespace

Recording::Recording(
    const std::vector<mx::array>& inputs, const std::vector<mx::array>& outputs)
    : input_count_(inputs.size()) {
  std::unordered_map<std::uintptr_t, size_t> slots;
  for (auto& input : inputs) {
    auto slot = slots.size();
    slots.emplace(input.id(), slot);
  }
  Walk walk(inputs, outputs);
  auto keep_constant = [&](const mx::array& value) {
    if (!walk.varies(value) && slots.emplace(value.id(), input_count_ + constants_.size()).second) {
      constants_.push_back(value);
    }
  };
  for (auto& node : walk.operations()) {
    if (walk.varies(node)) {
      for (auto& input : node.inputs()) {
        keep_constant(input);
      }
    }
  }
  for (auto& output : outputs) {
    keep_constant(output);
  }
  auto next = input_count_ + constants_.size();
  for (auto& node : walk.operations()) {
    if (!walk.varies(node)) {
      continue;
    }
    Operation operation{node.primitive_ptr(), {}, {}, {}};
    for (auto& input : node.inputs()) {
      operation.inputs.push_back(slots.at(input.id()));
    }
    for (auto& output : node.outputs()) {
      slots.emplace(output.id(), next++);
      operation.shapes.push_back(output.shape());
      operation.dtypes.push_back(output.dtype());
    }
    operations_.push_back(std::move(operation));
  }
  for (auto& output : outputs) {
    outputs_.push_back(slots.at(output.id()));
  }
  evaluate(constants_);
}

std::vector<mx::array> Recording::replay(const std::vector<mx::array>& inputs) const {
  std::vector<mx::array> values(inputs);
  values.insert(values.end(), constants_.begin(), constants_.end());
  for (auto& operation : operations_) {
    std::vector<mx::array> needed;
    needed.reserve(operation.inputs.size());
    for (auto slot : operation.inputs) {
      needed.push_back(values[slot]);
    }
    if (operation.shapes.size() == 1) {
      values.emplace_back(
          operation.shapes[0], operation.dtypes[0], operation.primitive, std::move(needed));
    } else {
      auto results = mx::array::make_arrays(
          operation.shapes, operation.dtypes, operation.primitive, needed);
      values.insert(values.end(), results.begin(), results.end());
    }
  }
  std::vector<mx::array> outputs;
  for (auto slot : outputs_) {
    outputs.push_back(values[slot]);
  }
  return outputs;
}

std::vector<mx::array> placeholders_for(const std::vector<mx::array>& arrays) {
  std::vector<mx::array> placeholders;
  for (auto& array : arrays) {
    placeholders.emplace_back(
        array.shape(), array.dtype(), nullptr, std::vector<mx::array>());
  }
  return placeholders;
}

}  // namespace binding
