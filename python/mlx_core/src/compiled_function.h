// Python functions whose graph is built once.
#pragma once

#include <atomic>
#include <list>
#include <memory>
#include <unordered_map>

#include "binding.h"
#include "replay.h"

namespace binding {

// How compiled functions run.
//   replay: the graph is recorded once and built again with new inputs; nothing is needed at run time
//   native: MLX's own compiler, which fuses operations and wants g++ at run time on a CPU
//   off:    the Python function runs each time
enum class CompileMode { replay, native, off };

// What AKIDB_MLX_COMPILE asks for; `replay` unless set.
CompileMode initial_compile_mode();

// One call: its arguments and the state the function was told to take along.
struct Call {
  py::object arguments;
  std::vector<mx::array> arrays;
  // The containers and constants among the arguments, and the shape and type of every array.
  std::string signature;
};

class CompiledFunction {
 public:
  CompiledFunction(py::object function, py::object inputs, py::object outputs, bool shapeless);
  ~CompiledFunction();

  py::object operator()(const py::args& args, const py::kwargs& kwargs, CompileMode mode);

  const py::object& wrapped() const {
    return function_;
  }

 private:
  // What a run of the Python function gave: arrays in order, and the tree that they belong in.
  struct Result {
    std::vector<mx::array> arrays;
    py::object tree;
  };

  struct Trace {
    std::string signature;
    std::unique_ptr<Recording> recording;
    py::object tree;
  };

  Call read(const py::args& args, const py::kwargs& kwargs, bool with_shapes) const;
  Result run(const Call& call, const std::vector<mx::array>& arrays);
  py::object finish(const py::object& tree, const std::vector<mx::array>& arrays);
  py::object call_plainly(const py::args& args, const py::kwargs& kwargs) const;
  py::object call_replayed(const py::args& args, const py::kwargs& kwargs);
  py::object call_native(const py::args& args, const py::kwargs& kwargs);
  const Trace* find(const std::string& signature);
  void keep(Trace trace);

  py::object function_;
  py::object inputs_;
  py::object outputs_;
  bool shapeless_;
  std::list<Trace> traces_;
  std::unordered_map<std::string, std::list<Trace>::iterator> by_signature_;
  std::vector<py::object> trees_;
};

}  // namespace binding
