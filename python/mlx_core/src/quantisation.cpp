#include "binding.h"

namespace binding {

void define_quantisation(py::module_& module) {
  auto group_size = py::arg("group_size") = py::none();
  auto bits = py::arg("bits") = py::none();
  auto affine = py::arg("mode") = "affine";
  module.def(
      "quantize", &mx::quantize, py::arg("w"), py::pos_only(), group_size, bits, affine,
      py::kw_only(), py::arg("global_scale") = py::none(), stream_argument());
  module.def(
      "dequantize", &mx::dequantize, py::arg("w"), py::pos_only(), py::arg("scales"),
      py::arg("biases") = py::none(), group_size, bits, affine, py::arg("global_scale") = py::none(),
      py::arg("dtype") = py::none(), py::kw_only(), stream_argument());
  module.def(
      "quantized_matmul", &mx::quantized_matmul, py::arg("x"), py::arg("w"), py::pos_only(),
      py::arg("scales"), py::arg("biases") = py::none(), py::arg("transpose") = true, group_size,
      bits, affine, py::kw_only(), stream_argument());
  module.def(
      "gather_qmm", &mx::gather_qmm, py::arg("x"), py::arg("w"), py::pos_only(), py::arg("scales"),
      py::arg("biases") = py::none(), py::arg("lhs_indices") = py::none(),
      py::arg("rhs_indices") = py::none(), py::arg("transpose") = true, group_size, bits, affine,
      py::arg("global_scale") = py::none(), py::kw_only(), py::arg("sorted_indices") = false,
      stream_argument());
  module.def(
      "from_fp8",
      [](const mx::array& x, mx::Dtype dtype, StreamOrDevice stream) {
        return mx::from_fp8(x, dtype, stream);
      },
      py::arg("x"), py::arg("dtype") = mx::bfloat16, py::kw_only(), stream_argument());
  module.def("to_fp8", &mx::to_fp8, py::arg("x"), py::kw_only(), stream_argument());
}

}  // namespace binding
