#include "binding.h"
#include "convert.h"

namespace binding {
namespace {

// Methods take their numbers one by one or as one sequence.
mx::Shape spread(const py::args& numbers) {
  return numbers.size() == 1 ? numbers[0].cast<mx::Shape>() : numbers.cast<mx::Shape>();
}

mx::array squeezed(const mx::array& a, const Axes& axis, StreamOrDevice stream) {
  if (std::holds_alternative<std::monostate>(axis)) {
    return mx::squeeze(a, stream);
  }
  return mx::squeeze(a, axes_of(a, axis), stream);
}

mx::array flipped(const mx::array& a, const Axes& axis, StreamOrDevice stream) {
  return mx::flip(a, axes_of(a, axis), stream);
}

mx::array transposed(
    const mx::array& a, const std::optional<std::vector<int>>& axes, StreamOrDevice stream) {
  return axes ? mx::transpose(a, *axes, stream) : mx::transpose(a, stream);
}

mx::array flattened(const mx::array& a, int start, int end, StreamOrDevice stream) {
  return mx::flatten(a, start, end, stream);
}

void define_methods(ArrayClass& type) {
  type.def(
          "reshape",
          [](const mx::array& a, const py::args& shape, StreamOrDevice stream) {
            return mx::reshape(a, spread(shape), stream);
          },
          stream_argument())
      .def(
          "transpose",
          [](const mx::array& a, const py::args& axes, StreamOrDevice stream) {
            if (axes.empty() || (axes.size() == 1 && axes[0].is_none())) {
              return mx::transpose(a, stream);
            }
            auto order = spread(axes);
            return mx::transpose(a, std::vector<int>(order.begin(), order.end()), stream);
          },
          stream_argument())
      .def(
          "flatten", &flattened, py::arg("start_axis") = 0, py::arg("end_axis") = -1, py::kw_only(),
          stream_argument())
      .def("squeeze", &squeezed, py::arg("axis") = py::none(), py::kw_only(), stream_argument())
      .def(
          "moveaxis", &mx::moveaxis, py::arg("source"), py::arg("destination"), py::kw_only(),
          stream_argument())
      .def(
          "swapaxes", &mx::swapaxes, py::arg("axis1"), py::arg("axis2"), py::kw_only(),
          stream_argument())
      .def(
          "diagonal", &mx::diagonal, py::arg("offset") = 0, py::arg("axis1") = 0,
          py::arg("axis2") = 1, stream_argument())
      .def("diag", &mx::diag, py::arg("k") = 0, py::kw_only(), stream_argument())
      .def("view", &mx::view, py::arg("dtype"), py::kw_only(), stream_argument());
}

void define_axes(py::module_& module) {
  module.def(
      "expand_dims",
      [](const mx::array& a, const std::variant<int, std::vector<int>>& axis, StreamOrDevice stream) {
        return std::visit([&](auto& axes) { return mx::expand_dims(a, axes, stream); }, axis);
      },
      py::arg("a"), py::arg("axis"), py::kw_only(), stream_argument());
  module.def(
      "squeeze", &squeezed, py::arg("a"), py::arg("axis") = py::none(), py::kw_only(),
      stream_argument());
  module.def(
      "flip", &flipped, py::arg("a"), py::arg("axis") = py::none(), py::kw_only(), stream_argument());
  module.def(
      "moveaxis", &mx::moveaxis, py::arg("a"), py::pos_only(), py::arg("source"),
      py::arg("destination"), py::kw_only(), stream_argument());
  module.def(
      "swapaxes", &mx::swapaxes, py::arg("a"), py::pos_only(), py::arg("axis1"), py::arg("axis2"),
      py::kw_only(), stream_argument());
  for (auto name : {"transpose", "permute_dims"}) {
    module.def(
        name, &transposed, py::arg("a"), py::pos_only(), py::arg("axes") = py::none(), py::kw_only(),
        stream_argument());
  }
  module.def(
      "matrix_transpose", &mx::matrix_transpose, py::arg("a"), py::pos_only(), py::kw_only(),
      stream_argument());
}

}  // namespace

void define_shaping(py::module_& module, ArrayClass& type) {
  module.def(
      "reshape",
      [](const mx::array& a, const mx::Shape& shape, StreamOrDevice stream) {
        return mx::reshape(a, shape, stream);
      },
      py::arg("a"), py::pos_only(), py::arg("shape"), py::kw_only(), stream_argument());
  module.def(
      "flatten", &flattened, py::arg("a"), py::pos_only(), py::arg("start_axis") = 0,
      py::arg("end_axis") = -1, py::kw_only(), stream_argument());
  module.def(
      "unflatten", &mx::unflatten, py::arg("a"), py::pos_only(), py::arg("axis"), py::arg("shape"),
      py::kw_only(), stream_argument());
  module.def(
      "broadcast_to",
      [](const py::object& a, const mx::Shape& shape, StreamOrDevice stream) {
        return mx::broadcast_to(operand(a), shape, stream);
      },
      py::arg("a"), py::pos_only(), py::arg("shape"), py::kw_only(), stream_argument());
  module.def("broadcast_shapes", [](const py::args& shapes) {
    mx::Shape result;
    for (auto shape : shapes) {
      result = mx::broadcast_shapes(result, shape.cast<mx::Shape>());
    }
    return result;
  });
  module.def(
      "as_strided",
      [](const mx::array& a, const std::optional<mx::Shape>& shape,
         const std::optional<std::vector<int64_t>>& strides, size_t offset, StreamOrDevice stream) {
        auto extent = shape.value_or(a.shape());
        mx::Strides steps(extent.size(), 1);
        for (auto axis = static_cast<int>(extent.size()) - 2; axis >= 0; --axis) {
          steps[axis] = steps[axis + 1] * extent[axis + 1];
        }
        if (strides) {
          steps = mx::Strides(strides->begin(), strides->end());
        }
        return mx::as_strided(a, extent, steps, offset, stream);
      },
      py::arg("a"), py::pos_only(), py::arg("shape") = py::none(), py::arg("strides") = py::none(),
      py::arg("offset") = 0, py::kw_only(), stream_argument());
  module.def(
      "contiguous", &mx::contiguous, py::arg("a"), py::pos_only(), py::arg("allow_col_major") = false,
      py::kw_only(), stream_argument());
  module.def("astype", &mx::astype, py::arg("a"), py::arg("dtype"), py::kw_only(), stream_argument());
  module.def(
      "view",
      [](const py::object& a, mx::Dtype dtype, StreamOrDevice stream) {
        return mx::view(operand(a), dtype, stream);
      },
      py::arg("a"), py::arg("dtype"), stream_argument());
  define_axes(module);
  define_methods(type);
}

}  // namespace binding
