#include <pybind11/native_enum.h>

#include <sstream>

#include "binding.h"
#include "mlx/dtype.h"

namespace binding {
namespace {

using Category = mx::Dtype::Category;

std::string short_name(const mx::Dtype& dtype) {
  std::ostringstream text;
  text << dtype;
  return text.str();
}

void define_names(py::module_& module) {
  for (auto dtype :
       {mx::bool_, mx::uint8, mx::uint16, mx::uint32, mx::uint64, mx::int8, mx::int16, mx::int32,
        mx::int64, mx::float16, mx::float32, mx::float64, mx::bfloat16, mx::complex64}) {
    auto name = dtype == mx::bool_ ? "bool_" : short_name(dtype);
    module.attr(name.c_str()) = py::cast(dtype);
  }
}

void define_categories(py::module_& module) {
  py::native_enum<Category>(module, "DtypeCategory", "enum.Enum")
      .value("complexfloating", mx::complexfloating)
      .value("floating", mx::floating)
      .value("inexact", mx::inexact)
      .value("signedinteger", mx::signedinteger)
      .value("unsignedinteger", mx::unsignedinteger)
      .value("integer", mx::integer)
      .value("number", mx::number)
      .value("generic", mx::generic)
      .export_values()
      .finalize();
  using Type = std::variant<Category, mx::Dtype>;
  module.def(
      "issubdtype",
      [](const Type& a, const Type& b) {
        return std::visit([](auto x, auto y) { return mx::issubdtype(x, y); }, a, b);
      },
      py::arg("arg1"),
      py::arg("arg2"));
}

void define_limits(py::module_& module) {
  py::class_<mx::finfo>(module, "finfo")
      .def(py::init<mx::Dtype>())
      .def_readonly("bits", &mx::finfo::bits)
      .def_readonly("min", &mx::finfo::min)
      .def_readonly("max", &mx::finfo::max)
      .def_readonly("eps", &mx::finfo::eps)
      .def_readonly("smallest_normal", &mx::finfo::smallest_normal)
      .def_readonly("dtype", &mx::finfo::dtype)
      .def("__repr__", [](const mx::finfo& info) {
        std::ostringstream text;
        text << "finfo(min=" << info.min << ", max=" << info.max << ", dtype=" << info.dtype << ")";
        return text.str();
      });
  py::class_<mx::iinfo>(module, "iinfo")
      .def(py::init<mx::Dtype>())
      .def_readonly("min", &mx::iinfo::min)
      .def_readonly("max", &mx::iinfo::max)
      .def_readonly("dtype", &mx::iinfo::dtype)
      .def("__repr__", [](const mx::iinfo& info) {
        std::ostringstream text;
        text << "iinfo(min=" << info.min << ", max=" << info.max << ", dtype=" << info.dtype << ")";
        return text.str();
      });
}

mx::Dtype common_type(const py::args& values) {
  auto result = mx::bool_;
  for (auto value : values) {
    auto dtype = py::isinstance<mx::array>(value) ? value.cast<const mx::array&>().dtype()
                                                  : value.cast<mx::Dtype>();
    result = mx::promote_types(result, dtype);
  }
  return result;
}

}  // namespace

void define_dtypes(py::module_& module) {
  py::class_<mx::Dtype>(module, "Dtype")
      .def_property_readonly("size", &mx::Dtype::size)
      .def("__repr__", [](const mx::Dtype& dtype) { return "mlx.core." + short_name(dtype); })
      .def(
          "__eq__",
          [](const mx::Dtype& dtype, const py::object& other) {
            return py::isinstance<mx::Dtype>(other) && dtype == other.cast<mx::Dtype>();
          })
      .def("__hash__", [](const mx::Dtype& dtype) { return static_cast<int64_t>(dtype.val()); });
  define_names(module);
  define_categories(module);
  define_limits(module);
  module.def("result_type", &common_type);
}

}  // namespace binding
