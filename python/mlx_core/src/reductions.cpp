#include "binding.h"

namespace binding {
namespace {

using Reduction =
    mx::array (*)(const mx::array&, const std::vector<int>&, bool, StreamOrDevice);
using Spread =
    mx::array (*)(const mx::array&, const std::vector<int>&, bool, int, StreamOrDevice);
using Position = mx::array (*)(const mx::array&, int, bool, StreamOrDevice);
using FlatPosition = mx::array (*)(const mx::array&, bool, StreamOrDevice);

struct ReductionEntry {
  const char* name;
  Reduction function;
  bool is_method = true;
};

const ReductionEntry reductions[] = {
    {"all", &mx::all},
    {"any", &mx::any},
    {"sum", &mx::sum},
    {"prod", &mx::prod},
    {"min", &mx::min},
    {"max", &mx::max},
    {"mean", &mx::mean},
    {"median", &mx::median, false},
    {"logsumexp", &mx::logsumexp},
};

struct SpreadEntry {
  const char* name;
  Spread function;
};

const SpreadEntry spreads[] = {{"var", &mx::var}, {"std", &mx::std}};

struct PositionEntry {
  const char* name;
  Position along;
  FlatPosition flat;
};

const PositionEntry positions[] = {
    {"argmin", &mx::argmin, &mx::argmin},
    {"argmax", &mx::argmax, &mx::argmax},
};

void define_reduction(py::module_& module, ArrayClass& type, const ReductionEntry& entry) {
  auto reduce = [function = entry.function](
                    const mx::array& a, const Axes& axis, bool keepdims, StreamOrDevice stream) {
    return function(a, axes_of(a, axis), keepdims, stream);
  };
  module.def(
      entry.name, reduce, py::arg("a"), py::pos_only(), py::arg("axis") = py::none(),
      py::arg("keepdims") = false, py::kw_only(), stream_argument());
  if (entry.is_method) {
    type.def(
        entry.name, reduce, py::arg("axis") = py::none(), py::arg("keepdims") = false, py::kw_only(),
        stream_argument());
  }
}

void define_spread(py::module_& module, ArrayClass& type, const SpreadEntry& entry) {
  auto spread = [function = entry.function](
                    const mx::array& a, const Axes& axis, bool keepdims, int ddof,
                    std::optional<int> correction, StreamOrDevice stream) {
    return function(a, axes_of(a, axis), keepdims, correction.value_or(ddof), stream);
  };
  module.def(
      entry.name, spread, py::arg("a"), py::pos_only(), py::arg("axis") = py::none(),
      py::arg("keepdims") = false, py::arg("ddof") = 0, py::kw_only(),
      py::arg("correction") = py::none(), stream_argument());
  type.def(
      entry.name, spread, py::arg("axis") = py::none(), py::arg("keepdims") = false,
      py::arg("ddof") = 0, py::kw_only(), py::arg("correction") = py::none(), stream_argument());
}

void define_position(py::module_& module, ArrayClass& type, const PositionEntry& entry) {
  auto position = [entry](
                      const mx::array& a, std::optional<int> axis, bool keepdims,
                      StreamOrDevice stream) {
    return axis ? entry.along(a, *axis, keepdims, stream) : entry.flat(a, keepdims, stream);
  };
  module.def(
      entry.name, position, py::arg("a"), py::pos_only(), py::arg("axis") = py::none(),
      py::arg("keepdims") = false, py::kw_only(), stream_argument());
  type.def(
      entry.name, position, py::arg("axis") = py::none(), py::arg("keepdims") = false,
      py::kw_only(), stream_argument());
}

}  // namespace

void define_reductions(py::module_& module, ArrayClass& type) {
  for (auto& entry : reductions) {
    define_reduction(module, type, entry);
  }
  for (auto& entry : spreads) {
    define_spread(module, type, entry);
  }
  for (auto& entry : positions) {
    define_position(module, type, entry);
  }
  module.def(
      "count_nonzero",
      [](const mx::array& a, const Axes& axis, bool keepdims, StreamOrDevice stream) {
        return mx::count_nonzero(a, axes_of(a, axis), keepdims, stream);
      },
      py::arg("a"), py::pos_only(), py::kw_only(), py::arg("axis") = py::none(),
      py::arg("keepdims") = false, stream_argument());
  module.def(
      "softmax",
      [](const mx::array& a, const Axes& axis, bool precise, StreamOrDevice stream) {
        return mx::softmax(a, axes_of(a, axis), precise, stream);
      },
      py::arg("a"), py::pos_only(), py::arg("axis") = py::none(), py::kw_only(),
      py::arg("precise") = false, stream_argument());
}

}  // namespace binding
