#include <stdexcept>

#include "binding.h"
#include "convert.h"

namespace binding {
namespace {

using Dtype = std::optional<mx::Dtype>;

bool is_real(py::handle value) {
  return PyFloat_Check(value.ptr());
}

double number_of(py::handle value, double otherwise) {
  return value.is_none() ? otherwise : value.cast<double>();
}

// Whole numbers give the smallest integer type that holds the ends, unless a type is asked for.
mx::array range(py::object start, py::object stop, py::object step, Dtype dtype, StreamOrDevice stream) {
  if (stop.is_none()) {
    stop = std::move(start);
    start = py::int_(0);
  }
  bool real = is_real(start) || is_real(stop) || is_real(step);
  auto from = number_of(start, 0);
  auto to = number_of(stop, 0);
  auto by = number_of(step, 1);
  bool wide = std::max(std::abs(from), std::abs(to)) > INT32_MAX || std::abs(by) > INT32_MAX;
  auto type = dtype.value_or(real ? mx::float32 : wide ? mx::int64 : mx::int32);
  return mx::arange(from, to, by, type, stream);
}

void define_filled(py::module_& module) {
  module.def(
      "zeros",
      [](const mx::Shape& shape, Dtype dtype, StreamOrDevice stream) {
        return mx::zeros(shape, dtype.value_or(mx::float32), stream);
      },
      py::arg("shape"), py::arg("dtype") = mx::float32, py::kw_only(), stream_argument());
  module.def(
      "ones",
      [](const mx::Shape& shape, Dtype dtype, StreamOrDevice stream) {
        return mx::ones(shape, dtype.value_or(mx::float32), stream);
      },
      py::arg("shape"), py::arg("dtype") = mx::float32, py::kw_only(), stream_argument());
  module.def(
      "full",
      [](const mx::Shape& shape, const py::object& value, Dtype dtype, StreamOrDevice stream) {
        auto values = operand(value, dtype);
        return mx::full(shape, values, dtype.value_or(values.dtype()), stream);
      },
      py::arg("shape"), py::arg("vals"), py::arg("dtype") = py::none(), py::kw_only(), stream_argument());
  module.def(
      "zeros_like",
      [](const mx::array& a, Dtype dtype, StreamOrDevice stream) {
        return mx::zeros_like(a, dtype.value_or(a.dtype()), stream);
      },
      py::arg("a"), py::pos_only(), py::arg("dtype") = py::none(), py::kw_only(), stream_argument());
  module.def(
      "ones_like",
      [](const mx::array& a, Dtype dtype, StreamOrDevice stream) {
        return mx::ones_like(a, dtype.value_or(a.dtype()), stream);
      },
      py::arg("a"), py::pos_only(), py::arg("dtype") = py::none(), py::kw_only(), stream_argument());
  module.def(
      "full_like",
      [](const mx::array& a, const py::object& value, Dtype dtype, StreamOrDevice stream) {
        auto type = dtype.value_or(a.dtype());
        return mx::full_like(a, operand(value, type), type, stream);
      },
      py::arg("a"), py::arg("vals"), py::arg("dtype") = py::none(), py::kw_only(), stream_argument());
}

void define_matrices(py::module_& module) {
  module.def(
      "eye",
      [](int n, std::optional<int> m, int k, Dtype dtype, StreamOrDevice stream) {
        return mx::eye(n, m.value_or(n), k, dtype.value_or(mx::float32), stream);
      },
      py::arg("n"), py::arg("m") = py::none(), py::arg("k") = 0, py::arg("dtype") = mx::float32,
      py::kw_only(), stream_argument());
  module.def(
      "identity",
      [](int n, Dtype dtype, StreamOrDevice stream) {
        return mx::identity(n, dtype.value_or(mx::float32), stream);
      },
      py::arg("n"), py::arg("dtype") = mx::float32, py::kw_only(), stream_argument());
  module.def(
      "tri",
      [](int n, std::optional<int> m, int k, Dtype dtype, StreamOrDevice stream) {
        return mx::tri(n, m.value_or(n), k, dtype.value_or(mx::float32), stream);
      },
      py::arg("n"), py::arg("m") = py::none(), py::arg("k") = 0, py::arg("dtype") = py::none(),
      py::kw_only(), stream_argument());
  module.def("tril", &mx::tril, py::arg("x"), py::arg("k") = 0, py::kw_only(), stream_argument());
  module.def("triu", &mx::triu, py::arg("x"), py::arg("k") = 0, py::kw_only(), stream_argument());
  module.def(
      "diag", &mx::diag, py::arg("a"), py::pos_only(), py::arg("k") = 0, py::kw_only(), stream_argument());
  module.def(
      "diagonal", &mx::diagonal, py::arg("a"), py::arg("offset") = 0, py::arg("axis1") = 0,
      py::arg("axis2") = 1, stream_argument());
}

}  // namespace

void define_creation(py::module_& module) {
  module.def(
      "arange", &range, py::arg("start"), py::arg("stop") = py::none(), py::arg("step") = py::none(),
      py::arg("dtype") = py::none(), py::kw_only(), stream_argument());
  module.def(
      "linspace",
      [](const py::object& start, const py::object& stop, std::optional<int> num, bool endpoint,
         Dtype dtype, StreamOrDevice stream) {
        return mx::linspace(
            start.cast<double>(), stop.cast<double>(), num.value_or(50), endpoint,
            dtype.value_or(mx::float32), stream);
      },
      py::arg("start"), py::arg("stop"), py::arg("num") = 50, py::arg("endpoint") = true,
      py::arg("dtype") = mx::float32, py::kw_only(), stream_argument());
  module.def(
      "asarray",
      [](const py::object& value, Dtype dtype) { return array_from(value, dtype); }, py::arg("a"),
      py::arg("dtype") = py::none());
  define_filled(module);
  define_matrices(module);
}

}  // namespace binding
