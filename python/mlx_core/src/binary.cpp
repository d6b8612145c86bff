#include <stdexcept>

#include "binding.h"
#include "convert.h"

namespace binding {
namespace {

using Binary = mx::array (*)(const mx::array&, const mx::array&, StreamOrDevice);

struct Function {
  const char* name;
  Binary function;
};

const Function functions[] = {
    {"add", &mx::add},
    {"subtract", &mx::subtract},
    {"multiply", &mx::multiply},
    {"divide", &mx::divide},
    {"floor_divide", &mx::floor_divide},
    {"remainder", &mx::remainder},
    {"power", &mx::power},
    {"arctan2", &mx::arctan2},
    {"logaddexp", &mx::logaddexp},
    {"maximum", &mx::maximum},
    {"minimum", &mx::minimum},
    {"equal", &mx::equal},
    {"not_equal", &mx::not_equal},
    {"less", &mx::less},
    {"less_equal", &mx::less_equal},
    {"greater", &mx::greater},
    {"greater_equal", &mx::greater_equal},
    {"logical_xor", &mx::logical_xor},
    {"bitwise_and", &mx::bitwise_and},
    {"bitwise_or", &mx::bitwise_or},
    {"bitwise_xor", &mx::bitwise_xor},
    {"left_shift", &mx::left_shift},
    {"right_shift", &mx::right_shift},
};

// In these a scalar keeps its own type: only whether it is zero matters.
const Function truth_functions[] = {
    {"logical_and", &mx::logical_and},
    {"logical_or", &mx::logical_or},
};

mx::array limited(
    const mx::array& a, const py::object& low, const py::object& high, StreamOrDevice stream) {
  if (low.is_none() && high.is_none()) {
    throw std::invalid_argument("At most one of a_min and a_max may be None");
  }
  auto bound = [&](const py::object& value) {
    return value.is_none() ? std::optional<mx::array>() : operand(value, a.dtype(), "clip");
  };
  return mx::clip(a, bound(low), bound(high), stream);
}

}  // namespace

void define_binary(py::module_& module) {
  for (auto& entry : functions) {
    module.def(
        entry.name,
        [entry](const py::object& a, const py::object& b, StreamOrDevice stream) {
          auto [left, right] = operands(a, b, entry.name);
          return entry.function(left, right, stream);
        },
        py::arg("a"), py::arg("b"), stream_argument());
  }
  for (auto& entry : truth_functions) {
    module.def(
        entry.name,
        [entry](const py::object& a, const py::object& b, StreamOrDevice stream) {
          return entry.function(operand(a), operand(b), stream);
        },
        py::arg("a"), py::arg("b"), stream_argument());
  }
  module.def(
      "divmod",
      [](const py::object& a, const py::object& b, StreamOrDevice stream) {
        auto [left, right] = operands(a, b, "divmod");
        return py::tuple(py::cast(mx::divmod(left, right, stream)));
      },
      py::arg("a"), py::arg("b"), stream_argument());
  module.def(
      "array_equal",
      [](const py::object& a, const py::object& b, bool equal_nan, StreamOrDevice stream) {
        auto [left, right] = operands(a, b, "array_equal");
        return mx::array_equal(left, right, equal_nan, stream);
      },
      py::arg("a"), py::arg("b"), py::arg("equal_nan") = false, stream_argument());
  module.def(
      "allclose", &mx::allclose, py::arg("a"), py::arg("b"), py::pos_only(), py::arg("rtol") = 1e-5,
      py::arg("atol") = 1e-8, py::kw_only(), py::arg("equal_nan") = false, stream_argument());
  module.def(
      "isclose", &mx::isclose, py::arg("a"), py::arg("b"), py::pos_only(), py::arg("rtol") = 1e-5,
      py::arg("atol") = 1e-8, py::kw_only(), py::arg("equal_nan") = false, stream_argument());
  module.def(
      "clip", &limited, py::arg("a"), py::pos_only(), py::arg("a_min"), py::arg("a_max"),
      py::kw_only(), stream_argument());
}

}  // namespace binding
