#include "binding.h"
#include "convert.h"
#include "mlx/einsum.h"

namespace binding {
namespace {

using Optional = std::optional<mx::array>;

mx::array tensordot(
    const mx::array& a, const mx::array& b, const py::object& axes, StreamOrDevice stream) {
  if (PyIndex_Check(axes.ptr())) {
    return mx::tensordot(a, b, axes.cast<int>(), stream);
  }
  auto pairs = axes.cast<std::vector<std::vector<int>>>();
  if (pairs.size() != 2) {
    throw std::invalid_argument("[tensordot] axes must be a list of two lists.");
  }
  return mx::tensordot(a, b, pairs[0], pairs[1], stream);
}

}  // namespace

void define_products(py::module_& module) {
  module.def(
      "matmul", &mx::matmul, py::arg("a"), py::arg("b"), py::pos_only(), py::kw_only(),
      stream_argument());
  module.def(
      "addmm", &mx::addmm, py::arg("c"), py::arg("a"), py::arg("b"), py::pos_only(),
      py::arg("alpha") = 1.0f, py::arg("beta") = 1.0f, py::kw_only(), stream_argument());
  module.def(
      "gather_mm", &mx::gather_mm, py::arg("a"), py::arg("b"), py::pos_only(),
      py::arg("lhs_indices") = py::none(), py::arg("rhs_indices") = py::none(), py::kw_only(),
      py::arg("sorted_indices") = false, stream_argument());
  module.def(
      "block_masked_mm", &mx::block_masked_mm, py::arg("a"), py::arg("b"), py::pos_only(),
      py::arg("block_size") = 64, py::arg("mask_out") = py::none(), py::arg("mask_lhs") = py::none(),
      py::arg("mask_rhs") = py::none(), py::kw_only(), stream_argument());
  module.def(
      "inner", &mx::inner, py::arg("a"), py::arg("b"), py::pos_only(), py::kw_only(),
      stream_argument());
  module.def(
      "outer", &mx::outer, py::arg("a"), py::arg("b"), py::pos_only(), py::kw_only(),
      stream_argument());
  module.def(
      "vecdot", &mx::vecdot, py::arg("a"), py::arg("b"), py::pos_only(), py::kw_only(),
      py::arg("axis") = -1, stream_argument());
  module.def("kron", &mx::kron, py::arg("a"), py::arg("b"), py::kw_only(), stream_argument());
  module.def(
      "tensordot", &tensordot, py::arg("a"), py::arg("b"), py::pos_only(), py::arg("axes") = 2,
      py::kw_only(), stream_argument());
  module.def(
      "einsum",
      [](const std::string& subscripts, const py::args& operands, StreamOrDevice stream) {
        return mx::einsum(subscripts, operands.cast<std::vector<mx::array>>(), stream);
      },
      py::arg("subscripts"), stream_argument());
  module.def(
      "trace",
      [](const mx::array& a, int offset, int axis1, int axis2, std::optional<mx::Dtype> dtype,
         StreamOrDevice stream) {
        return dtype ? mx::trace(a, offset, axis1, axis2, *dtype, stream)
                     : mx::trace(a, offset, axis1, axis2, stream);
      },
      py::arg("a"), py::pos_only(), py::arg("offset") = 0, py::arg("axis1") = 0,
      py::arg("axis2") = 1, py::arg("dtype") = py::none(), py::kw_only(), stream_argument());
}

}  // namespace binding
