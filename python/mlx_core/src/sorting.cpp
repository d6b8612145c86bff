#include "binding.h"

namespace binding {
namespace {

using Axis = std::optional<int>;

// MLX has each of these twice, with an axis and for the flattened array.
template <typename WithAxis, typename Flat>
auto along(WithAxis with_axis, Flat flat) {
  return [=](const mx::array& a, Axis axis, StreamOrDevice stream) {
    return axis ? with_axis(a, *axis, stream) : flat(a, stream);
  };
}

template <typename WithAxis, typename Flat>
auto nth_along(WithAxis with_axis, Flat flat) {
  return [=](const mx::array& a, int n, Axis axis, StreamOrDevice stream) {
    return axis ? with_axis(a, n, *axis, stream) : flat(a, n, stream);
  };
}

using Along = mx::array (*)(const mx::array&, int, StreamOrDevice);
using Flat = mx::array (*)(const mx::array&, StreamOrDevice);
using NthAlong = mx::array (*)(const mx::array&, int, int, StreamOrDevice);
using NthFlat = mx::array (*)(const mx::array&, int, StreamOrDevice);

struct Sort {
  const char* name;
  Along along;
  Flat flat;
};

struct Partition {
  const char* name;
  const char* argument;
  NthAlong along;
  NthFlat flat;
};

const Sort sorts[] = {
    {"sort", &mx::sort, &mx::sort},
    {"argsort", &mx::argsort, &mx::argsort},
};

const Partition partitions[] = {
    {"partition", "kth", &mx::partition, &mx::partition},
    {"argpartition", "kth", &mx::argpartition, &mx::argpartition},
    {"topk", "k", &mx::topk, &mx::topk},
};

}  // namespace

void define_sorting(py::module_& module) {
  for (auto& entry : sorts) {
    module.def(
        entry.name, along(entry.along, entry.flat), py::arg("a"), py::pos_only(),
        py::arg("axis") = -1, py::kw_only(), stream_argument());
  }
  for (auto& entry : partitions) {
    module.def(
        entry.name, nth_along(entry.along, entry.flat), py::arg("a"), py::pos_only(),
        py::arg(entry.argument), py::arg("axis") = -1, py::kw_only(), stream_argument());
  }
  module.def(
      "searchsorted", &mx::searchsorted, py::arg("sorted_sequence"), py::arg("values"),
      py::pos_only(), py::arg("side") = "left", py::kw_only(), stream_argument());
}

}  // namespace binding
