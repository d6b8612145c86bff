// A graph written down once and built again with other inputs.
#pragma once

#include "binding.h"

namespace binding {

// The operations that lead from some inputs to some outputs. Building the graph again costs a few
// microseconds per operation, whatever language wrote it down, needs no compiler, and computes the
// same operations in the same order as the function it was taken from.
class Recording {
 public:
  // Takes the graph of `outputs`, which was built upon `inputs`. What does not depend on the inputs is
  // evaluated here, once.
  Recording(const std::vector<mx::array>& inputs, const std::vector<mx::array>& outputs);

  // The outputs for other inputs of the same shapes and types. The operations run on the streams
  // they were recorded on, so on the thread that recorded.
  std::vector<mx::array> replay(const std::vector<mx::array>& inputs) const;

 private:
  // Slots number the values: inputs first, then constants, then the outputs of each operation.
  struct Operation {
    std::shared_ptr<mx::Primitive> primitive;
    std::vector<size_t> inputs;
    std::vector<mx::Shape> shapes;
    std::vector<mx::Dtype> dtypes;
  };

  size_t input_count_;
  std::vector<mx::array> constants_;
  std::vector<Operation> operations_;
  std::vector<size_t> outputs_;
};

// Inputs to build a graph upon: the shapes and types of others, but no values.
std::vector<mx::array> placeholders_for(const std::vector<mx::array>& arrays);

}  // namespace binding
