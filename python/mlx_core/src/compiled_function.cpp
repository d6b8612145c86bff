#include "compiled_function.h"

#include <cstdlib>
#include <functional>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "mlx/compile_impl.h"
#include "random.h"
#include "tree.h"

namespace binding {
namespace {

// Each holds a recording of some hundred kilobytes for a large model: enough for the lengths and batch
// sizes that a server meets, few enough to forget.
constexpr size_t most_traces = 128;

// Above zero while a graph is being recorded: compiled functions met on the way are part of it.
thread_local int recording_depth = 0;

struct RecordingScope {
  RecordingScope() {
    ++recording_depth;
  }
  ~RecordingScope() {
    --recording_depth;
  }
};

void describe_constant(std::ostream& text, py::handle leaf) {
  if (leaf.is_none() || PyBool_Check(leaf.ptr()) || PyLong_Check(leaf.ptr()) ||
      PyFloat_Check(leaf.ptr()) || PyUnicode_Check(leaf.ptr())) {
    text << py::type::of(leaf).attr("__name__").cast<std::string>() << ' '
         << py::repr(leaf).cast<std::string>() << ';';
    return;
  }
  throw std::invalid_argument(
      "[compile] Function arguments must be trees of arrays or constants (floats, ints, strings, or "
      "None), but received type " +
      py::type::of(leaf).attr("__name__").cast<std::string>() + ".");
}

void describe(std::ostream& text, py::handle tree, bool with_shapes) {
  if (py::isinstance<mx::array>(tree)) {
    auto& array = tree.cast<const mx::array&>();
    text << 'a' << static_cast<int>(array.dtype().val()) << '.' << array.ndim();
    if (with_shapes) {
      text << array.shape();
    }
    text << ';';
  } else if (PyList_Check(tree.ptr()) || PyTuple_Check(tree.ptr())) {
    text << (PyList_Check(tree.ptr()) ? '[' : '(');
    for (auto item : py::reinterpret_borrow<py::sequence>(tree)) {
      describe(text, item, with_shapes);
    }
    text << ']';
  } else if (PyDict_Check(tree.ptr())) {
    text << '{';
    for (auto item : py::reinterpret_borrow<py::dict>(tree)) {
      text << py::repr(item.first).cast<std::string>() << ':';
      describe(text, item.second, with_shapes);
    }
    text << '}';
  } else {
    describe_constant(text, tree);
  }
}

std::string thread_name() {
  std::ostringstream text;
  text << std::this_thread::get_id() << mx::default_stream(mx::default_device());
  return text.str();
}

}  // namespace

CompileMode initial_compile_mode() {
  const char* asked = std::getenv("AKIDB_MLX_COMPILE");
  auto mode = std::string(asked ? asked : "replay");
  if (mode == "replay") {
    return CompileMode::replay;
  }
  if (mode == "native") {
    return CompileMode::native;
  }
  if (mode == "off") {
    return CompileMode::off;
  }
  throw std::invalid_argument("AKIDB_MLX_COMPILE must be replay, native or off, not '" + mode + "'.");
}

CompiledFunction::CompiledFunction(
    py::object function, py::object inputs, py::object outputs, bool shapeless)
    : function_(std::move(function)),
      inputs_(std::move(inputs)),
      outputs_(std::move(outputs)),
      shapeless_(shapeless) {}

CompiledFunction::~CompiledFunction() {
  auto id = reinterpret_cast<std::uintptr_t>(this);
  mx::detail::compile_erase(mx::detail::compile_cache(), id);
}

Call CompiledFunction::read(
    const py::args& args, const py::kwargs& kwargs, bool with_shapes) const {
  Call call{py::make_tuple(args, kwargs), {}, {}};
  std::ostringstream text;
  describe(text, call.arguments, with_shapes);
  call.arrays = arrays_in(call.arguments);
  for (auto& array : arrays_in(inputs_)) {
    describe(text, py::cast(array), with_shapes);
    call.arrays.push_back(array);
  }
  call.signature = text.str();
  return call;
}

// Runs the Python function on these arrays in place of the call's own. The state it was told of holds
// the given arrays meanwhile, and its own again afterwards.
CompiledFunction::Result CompiledFunction::run(
    const Call& call, const std::vector<mx::array>& arrays) {
  RecordingScope scope;
  size_t next = 0;
  auto arguments = with_arrays(call.arguments, arrays, next).cast<py::tuple>();
  auto state_start = next;
  auto before = arrays_in(inputs_);
  auto written = arrays_in(outputs_);
  assign_arrays(inputs_, arrays, next);
  auto restore = [&] {
    size_t first = 0;
    assign_arrays(inputs_, before, first);
  };
  Result result;
  try {
    result.tree = function_(*py::tuple(arguments[0]), **py::dict(arguments[1]));
    result.arrays = arrays_in(result.tree);
    auto state = arrays_in(outputs_);
    result.arrays.insert(result.arrays.end(), state.begin(), state.end());
  } catch (...) {
    restore();
    throw;
  }
  if (state_start < arrays.size()) {
    restore();
  }
  return result;
}

py::object CompiledFunction::finish(
    const py::object& tree, const std::vector<mx::array>& arrays) {
  size_t next = 0;
  auto result = with_arrays(tree, arrays, next);
  assign_arrays(outputs_, arrays, next);
  return result;
}

py::object CompiledFunction::call_plainly(const py::args& args, const py::kwargs& kwargs) const {
  return function_(*args, **kwargs);
}

const CompiledFunction::Trace* CompiledFunction::find(const std::string& signature) {
  auto found = by_signature_.find(signature);
  if (found == by_signature_.end()) {
    return nullptr;
  }
  traces_.splice(traces_.begin(), traces_, found->second);
  return &traces_.front();
}

void CompiledFunction::keep(Trace trace) {
  if (by_signature_.contains(trace.signature)) {
    return;
  }
  traces_.push_front(std::move(trace));
  by_signature_[traces_.front().signature] = traces_.begin();
  if (traces_.size() > most_traces) {
    by_signature_.erase(traces_.back().signature);
    traces_.pop_back();
  }
}

py::object CompiledFunction::call_replayed(const py::args& args, const py::kwargs& kwargs) {
  auto call = read(args, kwargs, true);
  // Streams belong to threads, and a recording to the stream it was made on.
  call.signature += thread_name();
  if (auto* trace = find(call.signature)) {
    return finish(trace->tree, trace->recording->replay(call.arrays));
  }
  auto draws = random_draws();
  auto placeholders = placeholders_for(call.arrays);
  auto result = run(call, placeholders);
  Trace trace{
      call.signature, std::make_unique<Recording>(placeholders, result.arrays), result.tree};
  auto outputs = finish(trace.tree, trace.recording->replay(call.arrays));
  if (random_draws() == draws) {
    keep(std::move(trace));
  }
  return outputs;
}

py::object CompiledFunction::call_native(const py::args& args, const py::kwargs& kwargs) {
  auto call = read(args, kwargs, false);
  // MLX keeps what this returns per thread, beyond the interpreter's life: so no Python object, but
  // the number of one.
  auto traced = [&](const std::vector<mx::array>& arrays) -> mx::detail::ArraysAndExtra {
    auto result = run(call, arrays);
    trees_.push_back(result.tree);
    return {result.arrays, std::make_shared<size_t>(trees_.size() - 1)};
  };
  auto id = reinterpret_cast<std::uintptr_t>(this);
  auto compiled = mx::detail::compile(
      mx::detail::ArrayFnWithExtra(traced),
      id,
      shapeless_,
      {static_cast<uint64_t>(std::hash<std::string>()(call.signature))});
  auto [arrays, extra] = compiled(call.arrays);
  return finish(trees_.at(*std::static_pointer_cast<size_t>(extra)), arrays);
}

py::object CompiledFunction::operator()(
    const py::args& args, const py::kwargs& kwargs, CompileMode mode) {
  stop_if_told();
  if (mode == CompileMode::off || recording_depth > 0) {
    return call_plainly(args, kwargs);
  }
  return mode == CompileMode::native ? call_native(args, kwargs) : call_replayed(args, kwargs);
}

}  // namespace binding
