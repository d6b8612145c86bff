#include "binding.h"
#include "convert.h"

namespace binding {
namespace {

using Unary = mx::array (*)(const mx::array&, StreamOrDevice);

struct Function {
  const char* name;
  Unary function;
  bool is_method = false;
};

const Function functions[] = {
    {"abs", &mx::abs, true},
    {"sign", &mx::sign},
    {"positive", &mx::positive},
    {"negative", &mx::negative},
    {"trunc", &mx::trunc},
    {"square", &mx::square, true},
    {"sqrt", &mx::sqrt, true},
    {"rsqrt", &mx::rsqrt, true},
    {"reciprocal", &mx::reciprocal, true},
    {"logical_not", &mx::logical_not},
    {"exp", &mx::exp, true},
    {"expm1", &mx::expm1},
    {"erf", &mx::erf},
    {"erfinv", &mx::erfinv},
    {"sin", &mx::sin, true},
    {"cos", &mx::cos, true},
    {"tan", &mx::tan},
    {"arcsin", &mx::arcsin},
    {"arccos", &mx::arccos},
    {"arctan", &mx::arctan},
    {"sinh", &mx::sinh},
    {"cosh", &mx::cosh},
    {"tanh", &mx::tanh},
    {"arcsinh", &mx::arcsinh},
    {"arccosh", &mx::arccosh},
    {"arctanh", &mx::arctanh},
    {"log", &mx::log, true},
    {"log2", &mx::log2, true},
    {"log10", &mx::log10, true},
    {"log1p", &mx::log1p, true},
    {"stop_gradient", &mx::stop_gradient},
    {"sigmoid", &mx::sigmoid},
    {"floor", &mx::floor},
    {"ceil", &mx::ceil},
    {"isnan", &mx::isnan},
    {"isinf", &mx::isinf},
    {"isfinite", &mx::isfinite},
    {"isposinf", &mx::isposinf},
    {"isneginf", &mx::isneginf},
    {"real", &mx::real},
    {"imag", &mx::imag},
    {"conj", &mx::conjugate, true},
    {"conjugate", &mx::conjugate},
};

// These take a plain number too.
const Function scalar_functions[] = {
    {"degrees", &mx::degrees},
    {"radians", &mx::radians},
    {"bitwise_invert", &mx::bitwise_invert},
};

}  // namespace

void define_unary(py::module_& module, ArrayClass& type) {
  for (auto& entry : functions) {
    module.def(entry.name, entry.function, py::arg("a"), stream_argument());
    if (entry.is_method) {
      type.def(entry.name, entry.function, py::kw_only(), stream_argument());
    }
  }
  for (auto& entry : scalar_functions) {
    module.def(
        entry.name,
        [function = entry.function](const py::object& a, StreamOrDevice stream) {
          return function(operand(a), stream);
        },
        py::arg("a"), stream_argument());
  }
  auto round = [](const mx::array& a, int decimals, StreamOrDevice stream) {
    return mx::round(a, decimals, stream);
  };
  module.def("round", round, py::arg("a"), py::arg("decimals") = 0, stream_argument());
  type.def("round", round, py::arg("decimals") = 0, py::kw_only(), stream_argument());
  module.def(
      "nan_to_num",
      [](const py::object& a, float nan, std::optional<float> above, std::optional<float> below,
         StreamOrDevice stream) { return mx::nan_to_num(operand(a), nan, above, below, stream); },
      py::arg("a"), py::arg("nan") = 0.0f, py::arg("posinf") = py::none(),
      py::arg("neginf") = py::none(), py::kw_only(), stream_argument());
}

}  // namespace binding
