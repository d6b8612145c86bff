#include "binding.h"
#include "convert.h"

namespace binding {
namespace {

using Axis = std::optional<int>;

mx::array chosen(
    const py::object& condition, const py::object& x, const py::object& y, StreamOrDevice stream) {
  auto [yes, no] = operands(x, y, "where");
  return mx::where(operand(condition), yes, no, stream);
}

mx::array taken(
    const mx::array& a,
    const std::variant<int, mx::array>& indices,
    Axis axis,
    StreamOrDevice stream) {
  return std::visit(
      [&](auto& which) {
        return axis ? mx::take(a, which, *axis, stream) : mx::take(a, which, stream);
      },
      indices);
}

// Without an axis the array counts as flat.
mx::array taken_along(const mx::array& a, const mx::array& indices, Axis axis, StreamOrDevice stream) {
  if (axis) {
    return mx::take_along_axis(a, indices, *axis, stream);
  }
  return mx::take_along_axis(mx::reshape(a, {-1}, stream), indices, 0, stream);
}

mx::array put_along(
    const mx::array& a,
    const mx::array& indices,
    const mx::array& values,
    Axis axis,
    StreamOrDevice stream) {
  if (axis) {
    return mx::put_along_axis(a, indices, values, *axis, stream);
  }
  auto flat = mx::put_along_axis(mx::reshape(a, {-1}, stream), indices, values, 0, stream);
  return mx::reshape(flat, a.shape(), stream);
}

}  // namespace

void define_selection(py::module_& module) {
  module.def(
      "where", &chosen, py::arg("condition"), py::arg("x"), py::arg("y"), py::pos_only(),
      py::kw_only(), stream_argument());
  module.def(
      "take", &taken, py::arg("a"), py::pos_only(), py::arg("indices"), py::arg("axis") = py::none(),
      py::kw_only(), stream_argument());
  module.def(
      "take_along_axis", &taken_along, py::arg("a"), py::pos_only(), py::arg("indices"),
      py::arg("axis") = -1, py::kw_only(), stream_argument());
  module.def(
      "put_along_axis", &put_along, py::arg("a"), py::pos_only(), py::arg("indices"),
      py::arg("values"), py::arg("axis") = py::none(), py::kw_only(), stream_argument());
  module.def(
      "slice",
      [](const mx::array& a, const mx::array& start, const std::vector<int>& axes,
         const mx::Shape& size, StreamOrDevice stream) {
        return mx::slice(a, start, axes, size, stream);
      },
      py::arg("a"), py::arg("start_indices"), py::arg("axes"), py::arg("slice_size"), py::kw_only(),
      stream_argument());
  module.def(
      "slice_update",
      [](const mx::array& a, const mx::array& update, const mx::array& start,
         const std::vector<int>& axes, StreamOrDevice stream) {
        return mx::slice_update(a, update, start, axes, stream);
      },
      py::arg("a"), py::arg("update"), py::arg("start_indices"), py::arg("axes"), py::kw_only(),
      stream_argument());
}

}  // namespace binding
