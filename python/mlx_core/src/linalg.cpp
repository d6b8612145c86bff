#include "mlx/linalg.h"

#include "binding.h"

namespace binding {
namespace {

mx::array norm(
    const mx::array& a,
    const std::variant<std::monostate, int, double, std::string>& order,
    const Axes& axis,
    bool keepdims,
    StreamOrDevice stream) {
  std::optional<std::vector<int>> axes;
  if (!std::holds_alternative<std::monostate>(axis)) {
    axes = axes_of(a, axis);
  }
  if (std::holds_alternative<std::monostate>(order)) {
    return mx::linalg::norm(a, axes, keepdims, stream);
  }
  if (auto* name = std::get_if<std::string>(&order)) {
    return mx::linalg::norm(a, *name, axes, keepdims, stream);
  }
  auto* whole = std::get_if<int>(&order);
  auto number = whole ? static_cast<double>(*whole) : std::get<double>(order);
  return mx::linalg::norm(a, number, axes, keepdims, stream);
}

py::object singular_values(const mx::array& a, bool compute_uv, StreamOrDevice stream) {
  auto parts = mx::linalg::svd(a, compute_uv, stream);
  if (!compute_uv) {
    return py::cast(parts.front());
  }
  return py::tuple(py::cast(parts));
}

}  // namespace

void define_linalg(py::module_& module) {
  auto linalg = module.def_submodule("linalg", "mlx.core.linalg: linear algebra routines.");
  linalg.def(
      "norm", &norm, py::arg("a"), py::pos_only(), py::arg("ord") = py::none(),
      py::arg("axis") = py::none(), py::arg("keepdims") = false, py::kw_only(), stream_argument());
  linalg.def("qr", &mx::linalg::qr, py::arg("a"), py::kw_only(), stream_argument());
  linalg.def(
      "svd", &singular_values, py::arg("a"), py::arg("compute_uv") = true, py::kw_only(),
      stream_argument());
  linalg.def("inv", &mx::linalg::inv, py::arg("a"), py::kw_only(), stream_argument());
  linalg.def(
      "cholesky", &mx::linalg::cholesky, py::arg("a"), py::arg("upper") = false, py::kw_only(),
      stream_argument());
  linalg.def(
      "solve", &mx::linalg::solve, py::arg("a"), py::arg("b"), py::kw_only(), stream_argument());
  linalg.def(
      "cross", &mx::linalg::cross, py::arg("a"), py::arg("b"), py::arg("axis") = -1, py::kw_only(),
      stream_argument());
}

}  // namespace binding
