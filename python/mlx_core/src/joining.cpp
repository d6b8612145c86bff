#include "binding.h"
#include "convert.h"

namespace binding {
namespace {

using Arrays = std::vector<mx::array>;
using Sections = std::variant<int, mx::Shape>;

Arrays split(const mx::array& a, const Sections& sections, int axis, StreamOrDevice stream) {
  return std::visit([&](auto& parts) { return mx::split(a, parts, axis, stream); }, sections);
}

mx::array joined(const Arrays& arrays, std::optional<int> axis, StreamOrDevice stream) {
  return axis ? mx::concatenate(arrays, *axis, stream) : mx::concatenate(arrays, stream);
}

// A number for all sides, (before, after) for all axes, or one such pair per axis.
mx::array padded(
    const mx::array& a,
    const py::object& width,
    const std::string& mode,
    const py::object& value,
    StreamOrDevice stream) {
  auto filler = operand(value, a.dtype());
  if (PyIndex_Check(width.ptr())) {
    return mx::pad(a, width.cast<int>(), filler, mode, stream);
  }
  auto sides = py::reinterpret_borrow<py::sequence>(width);
  if (py::len(sides) > 0 && PyIndex_Check(py::object(sides[0]).ptr())) {
    if (py::len(sides) == 1) {
      return mx::pad(a, py::object(sides[0]).cast<int>(), filler, mode, stream);
    }
    return mx::pad(a, width.cast<std::pair<int, int>>(), filler, mode, stream);
  }
  auto pairs = width.cast<std::vector<std::pair<int, int>>>();
  if (pairs.size() == 1) {
    return mx::pad(a, pairs[0], filler, mode, stream);
  }
  return mx::pad(a, pairs, filler, mode, stream);
}

mx::array rolled(
    const mx::array& a, const mx::Shape& shift, const Axes& axis, StreamOrDevice stream) {
  bool all = std::holds_alternative<std::monostate>(axis);
  if (shift.size() == 1) {
    return all ? mx::roll(a, shift[0], stream) : mx::roll(a, shift[0], axes_of(a, axis), stream);
  }
  return all ? mx::roll(a, shift, stream) : mx::roll(a, shift, axes_of(a, axis), stream);
}

// One array in, one out; several in, a list out.
template <typename Function>
auto for_each_argument(Function function) {
  return [function](const py::args& arrays, StreamOrDevice stream) -> py::object {
    if (arrays.size() == 1) {
      return py::cast(function(arrays[0].cast<mx::array>(), stream));
    }
    py::list results;
    for (auto array : arrays) {
      results.append(py::cast(function(array.cast<mx::array>(), stream)));
    }
    return results;
  };
}

void define_repeats(py::module_& module) {
  module.def(
      "repeat",
      [](const mx::array& a, int repeats, std::optional<int> axis, StreamOrDevice stream) {
        return axis ? mx::repeat(a, repeats, *axis, stream) : mx::repeat(a, repeats, stream);
      },
      py::arg("array"), py::arg("repeats"), py::arg("axis") = py::none(), py::kw_only(),
      stream_argument());
  module.def(
      "tile",
      [](const mx::array& a, const mx::Shape& reps, StreamOrDevice stream) {
        return mx::tile(a, std::vector<int>(reps.begin(), reps.end()), stream);
      },
      py::arg("a"), py::arg("reps"), py::kw_only(), stream_argument());
  module.def(
      "roll", &rolled, py::arg("a"), py::arg("shift"), py::arg("axis") = py::none(), py::kw_only(),
      stream_argument());
  module.def(
      "pad", &padded, py::arg("a"), py::arg("pad_width"), py::arg("mode") = "constant",
      py::arg("constant_values") = 0, py::kw_only(), stream_argument());
}

}  // namespace

void define_joining(py::module_& module, ArrayClass& type) {
  for (auto name : {"concatenate", "concat"}) {
    module.def(
        name, &joined, py::arg("arrays"), py::arg("axis") = 0, py::kw_only(), stream_argument());
  }
  module.def(
      "stack",
      [](const Arrays& arrays, std::optional<int> axis, StreamOrDevice stream) {
        return mx::stack(arrays, axis.value_or(0), stream);
      },
      py::arg("arrays"), py::arg("axis") = 0, py::kw_only(), stream_argument());
  module.def(
      "split", &split, py::arg("a"), py::pos_only(), py::arg("indices_or_sections"),
      py::arg("axis") = 0, py::kw_only(), stream_argument());
  type.def(
      "split", &split, py::arg("indices_or_sections"), py::arg("axis") = 0, py::kw_only(),
      stream_argument());
  module.def(
      "unstack",
      [](const mx::array& x, int axis, StreamOrDevice stream) {
        return py::tuple(py::cast(mx::unstack(x, axis, stream)));
      },
      py::arg("x"), py::pos_only(), py::kw_only(), py::arg("axis") = 0, stream_argument());
  module.def(
      "broadcast_arrays",
      [](const py::args& arrays, StreamOrDevice stream) {
        return py::tuple(py::cast(mx::broadcast_arrays(arrays.cast<Arrays>(), stream)));
      },
      stream_argument());
  module.def(
      "meshgrid",
      [](const py::args& arrays, std::optional<bool> sparse, std::optional<std::string> indexing,
         StreamOrDevice stream) {
        return mx::meshgrid(
            arrays.cast<Arrays>(), sparse.value_or(false), indexing.value_or("xy"), stream);
      },
      py::arg("sparse") = false, py::arg("indexing") = "xy", stream_argument());
  using One = mx::array (*)(const mx::array&, StreamOrDevice);
  module.def("atleast_1d", for_each_argument(static_cast<One>(&mx::atleast_1d)), stream_argument());
  module.def("atleast_2d", for_each_argument(static_cast<One>(&mx::atleast_2d)), stream_argument());
  module.def("atleast_3d", for_each_argument(static_cast<One>(&mx::atleast_3d)), stream_argument());
  define_repeats(module);
}

}  // namespace binding
